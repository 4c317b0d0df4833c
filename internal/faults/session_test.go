package faults

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// session is a user at one of the API's doors.
type session struct {
	*world
	owner  gallery.Owner
	groups []string
	door   int
}

func (w *world) signIn(u *user, r *rand.Rand) session {
	return session{world: w, owner: u.owner, door: r.IntN(len(w.doors))}
}

// ask asks for a root field of a type, and reads its value. A function that takes longer than it may is stopped.
func (s session) ask(ctx context.Context, kind, name string, args map[string]any, to any) error {
	s.history.saw([...]string{"asked by AppSync", "asked by HTTP"}[s.door])
	data, err := s.doors[s.door](until(ctx, s.clock().Add(30*time.Second)), gallery.Viewer{Owner: s.owner, Groups: s.groups}, kind, name, args)
	if err == nil && to != nil {
		err = json.Unmarshal(data, to)
	}
	return err
}

// do is a mutation that needs nothing but an id, and whose answer does not matter.
func (s session) do(ctx context.Context, name string, id gallery.ID) error {
	return s.ask(ctx, "Mutation", name, map[string]any{"id": id}, nil)
}

// retryImage counts where it was what made the image PROCESSING: no worker has it yet.
func (s session) retryImage(ctx context.Context, id gallery.ID) error {
	var i gallery.Image
	err := s.ask(ctx, "Mutation", "retryImage", map[string]any{"id": id}, &i)
	if i.Status == gallery.Processing && i.Stage == "" {
		s.history.saw("tried again")
	}
	return err
}

// welcome is the answer to a picture that was announced.
type welcome struct {
	Kind      string `json:"__typename"`
	Image     gallery.Image
	ExpiresAt time.Time
	Message   string // of a refusal
}

func (s session) createUploads(ctx context.Context, uploads []gallery.Upload) (answers []welcome, err error) {
	args := make([]map[string]any, len(uploads))
	for n, u := range uploads {
		args[n] = map[string]any{"filename": u.Filename, "contentType": u.ContentType, "bytes": u.Bytes, "sha256": u.SHA256}
	}
	err = s.ask(ctx, "Mutation", "createUploads", map[string]any{"uploads": args}, &answers)
	for n := range answers {
		answers[n].Image.Owner = s.owner
	}
	return answers, err
}

func (s session) uploadPart(ctx context.Context, id gallery.ID, p gallery.Part) (gallery.PartTarget, error) {
	var targets [1]gallery.PartTarget
	part := map[string]any{"number": p.Number, "bytes": p.Bytes, "sha256": p.SHA256}
	err := s.ask(ctx, "Mutation", "uploadParts", map[string]any{"id": id, "parts": []any{part}}, &targets)
	return targets[0], err
}

// progress is how far an upload in parts has come.
type progress struct {
	Parts    []gallery.Part
	Complete bool
}

func (s session) uploadProgress(ctx context.Context, id gallery.ID) (p progress, err error) {
	return p, s.ask(ctx, "Query", "uploadProgress", map[string]any{"id": id}, &p)
}

func (s session) reprocessImages(ctx context.Context) (id gallery.ID, err error) {
	var job struct{ ID gallery.ID }
	err = s.ask(ctx, "Mutation", "reprocessImages", map[string]any{"dryRun": false}, &job)
	return job.ID, err
}

func (s session) changes(ctx context.Context, after int) (c gallery.Changes, err error) {
	return c, s.ask(ctx, "Query", "changes", map[string]any{"after": after, "first": gallery.MaxPage}, &c)
}

// shared is a share as its owner is told of it.
type shared struct {
	ID        string
	URL       string
	ExpiresAt time.Time
}

func (s session) shareImage(ctx context.Context, id gallery.ID, life int, names []string) (x shared, err error) {
	args := map[string]any{"id": id, "expiresIn": life, "renditions": names}
	return x, s.ask(ctx, "Mutation", "shareImage", args, &x)
}

// sharePage is a page of an owner's links.
type sharePage struct {
	Edges    []struct{ Node shared }
	PageInfo struct {
		HasNextPage bool
		EndCursor   string
	}
}

func (s session) shares(ctx context.Context, first int, after string) (p sharePage, err error) {
	return p, s.ask(ctx, "Query", "shares", map[string]any{"first": first, "after": after}, &p)
}
