package resolvers

import (
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// What AtOnce knows of the schema. A test asks for every field of an image from it and from gqlgen, and compares.

var connections = &object[graph.ImageConnection]{"ImageConnection", map[string]field[graph.ImageConnection]{
	"edges": listed(&object[graph.ImageEdge]{"ImageEdge", map[string]field[graph.ImageEdge]{
		"node":   nested(images, func(e *graph.ImageEdge) *gallery.Image { return e.Node }),
		"cursor": always(func(e *graph.ImageEdge) string { return e.Cursor }, writeText),
	}}, func(_ selection, c *graph.ImageConnection) ([]graph.ImageEdge, error) { return c.Edges, nil }),
	"pageInfo": nested(&object[graph.PageInfo]{"PageInfo", map[string]field[graph.PageInfo]{
		"hasNextPage": always(func(p *graph.PageInfo) bool { return p.HasNextPage }, writeBool),
		"endCursor":   optional(func(p *graph.PageInfo) *string { return p.EndCursor }, writeText),
	}}, func(c *graph.ImageConnection) *graph.PageInfo { return c.PageInfo }),
}}

var images = &object[gallery.Image]{"Image", map[string]field[gallery.Image]{
	"id":             always(func(i *gallery.Image) gallery.ID { return i.ID }, writeText),
	"version":        always(func(i *gallery.Image) int64 { return i.Version }, writeNumber),
	"status":         always(func(i *gallery.Image) gallery.Status { return i.Status }, writeText),
	"stage":          known(func(i *gallery.Image) gallery.Stage { return i.Stage }, writeText),
	"failure":        known(func(i *gallery.Image) gallery.FailureCode { return i.Failure }, writeText),
	"failureMessage": known(func(i *gallery.Image) string { return i.Failure.Message() }, writeText),
	"filename":       always(func(i *gallery.Image) string { return i.Filename }, writeText),
	"contentType":    always(func(i *gallery.Image) string { return i.ContentType }, writeText),
	"bytes":          always(func(i *gallery.Image) int64 { return i.Bytes }, writeNumber),
	"sha256":         always(func(i *gallery.Image) string { return i.SHA256 }, writeText),
	"format":         known(func(i *gallery.Image) string { return i.Facts.Format }, writeText),
	"width":          known(func(i *gallery.Image) int { return i.Facts.Width }, writeNumber),
	"height":         known(func(i *gallery.Image) int { return i.Facts.Height }, writeNumber),
	"frames":         known(func(i *gallery.Image) int { return i.Facts.Frames }, writeNumber),
	"profile":        known(func(i *gallery.Image) string { return i.Facts.Profile }, writeText),
	"placeholder":    known(func(i *gallery.Image) string { return i.Facts.Placeholder }, writeText),
	"createdAt":      dated(func(i *gallery.Image) time.Time { return i.CreatedAt }),
	"updatedAt":      dated(func(i *gallery.Image) time.Time { return i.UpdatedAt }),
	"deletedAt":      dated(func(i *gallery.Image) time.Time { return i.DeletedAt }),
	"purgeAt":        dated(func(i *gallery.Image) time.Time { return i.PurgeAt }),
	"capture":        nested(captures, func(i *gallery.Image) *gallery.Capture { return i.KnownCapture() }),
	"description":    nested(descriptions, func(i *gallery.Image) *gallery.Description { return i.KnownDescription() }),
	"looks":          nested(looks, func(i *gallery.Image) *gallery.Looks { return i.KnownLooks() }),
	"renditions": listed(renditions, func(s selection, i *gallery.Image) ([]graph.Rendition, error) {
		return s.images.Renditions(s.ctx, i)
	}),
	"original": found(originals, func(s selection, i *gallery.Image) (*graph.Original, error) {
		return s.images.Original(s.ctx, i)
	}),
}}

var captures = &object[gallery.Capture]{"Capture", map[string]field[gallery.Capture]{
	"takenAt":     dated(func(c *gallery.Capture) time.Time { return c.TakenAt }),
	"offset":      optional(func(c *gallery.Capture) *int { return c.Offset }, writeNumber),
	"make":        known(func(c *gallery.Capture) string { return c.Make }, writeText),
	"model":       known(func(c *gallery.Capture) string { return c.Model }, writeText),
	"lens":        known(func(c *gallery.Capture) string { return c.Lens }, writeText),
	"exposure":    measured(func(c *gallery.Capture) *float64 { return c.KnownExposure() }),
	"aperture":    measured(func(c *gallery.Capture) *float64 { return c.KnownAperture() }),
	"iso":         known(func(c *gallery.Capture) int { return c.ISO }, writeNumber),
	"focalLength": measured(func(c *gallery.Capture) *float64 { return c.KnownFocalLength() }),
	"location":    nested(locations, func(c *gallery.Capture) *gallery.Location { return c.Location }),
	"direction":   measured(func(c *gallery.Capture) *float64 { return c.Direction }),
}}

var locations = &object[gallery.Location]{"Location", map[string]field[gallery.Location]{
	"latitude":  measured(func(l *gallery.Location) *float64 { return &l.Latitude }),
	"longitude": measured(func(l *gallery.Location) *float64 { return &l.Longitude }),
	"altitude":  measured(func(l *gallery.Location) *float64 { return l.Altitude }),
}}

var descriptions = &object[gallery.Description]{"Description", map[string]field[gallery.Description]{
	"title":     known(func(d *gallery.Description) string { return d.Title }, writeText),
	"caption":   known(func(d *gallery.Description) string { return d.Caption }, writeText),
	"keywords":  always(func(d *gallery.Description) []string { return d.Keywords }, writeTexts),
	"rating":    known(func(d *gallery.Description) int { return d.Rating }, writeNumber),
	"copyright": known(func(d *gallery.Description) string { return d.Copyright }, writeText),
}}

var looks = &object[gallery.Looks]{"Looks", map[string]field[gallery.Looks]{
	"colours":   always(func(l *gallery.Looks) []string { return l.Colours }, writeTexts),
	"hash":      always(func(l *gallery.Looks) string { return l.Hash }, writeText),
	"sharpness": measured(func(l *gallery.Looks) *float64 { return &l.Sharpness }),
	"exposure":  measured(func(l *gallery.Looks) *float64 { return &l.Exposure }),
	"quality":   measured(func(l *gallery.Looks) *float64 { return &l.Quality }),
}}

var renditions = &object[graph.Rendition]{"Rendition", map[string]field[graph.Rendition]{
	"name":        always(func(r *graph.Rendition) string { return r.Name }, writeText),
	"url":         always(func(r *graph.Rendition) string { return r.URL }, writeText),
	"width":       always(func(r *graph.Rendition) int { return r.Width }, writeNumber),
	"height":      always(func(r *graph.Rendition) int { return r.Height }, writeNumber),
	"bytes":       always(func(r *graph.Rendition) int { return r.Bytes }, writeNumber),
	"contentType": always(func(r *graph.Rendition) string { return r.ContentType }, writeText),
	"expiresAt":   dated(func(r *graph.Rendition) time.Time { return r.ExpiresAt }),
}}

var originals = &object[graph.Original]{"Original", map[string]field[graph.Original]{
	"url":       always(func(o *graph.Original) string { return o.URL }, writeText),
	"expiresAt": dated(func(o *graph.Original) time.Time { return o.ExpiresAt }),
}}
