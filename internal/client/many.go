package client

import (
	"context"
	"fmt"

	"github.com/darkroom/darkroom/gallery"
)

// announcement is an upload as the API takes it.
type announcement struct {
	Filename    string `json:"filename"`
	ContentType string `json:"contentType"`
	Bytes       int64  `json:"bytes"`
	SHA256      string `json:"sha256"`
}

func announcementOf(u gallery.Upload) announcement {
	return announcement{u.Filename, u.ContentType, u.Bytes, u.SHA256}
}

// welcome is the API's answer to one.
type welcome struct {
	Type  string `json:"__typename"`
	Image Image
	Parts int
	gallery.Target
	Code, Field, Message string
}

func (w welcome) ticket(u gallery.Upload) (Ticket, error) {
	switch w.Type {
	case "AlreadyHave":
		return Ticket{Image: w.Image}, nil
	case "UploadTarget":
		return Ticket{Image: w.Image, Target: &w.Target}, nil
	case "UploadParts":
		if w.Parts > 0 && w.Parts <= gallery.MaxBytes/gallery.PartBytes {
			return Ticket{Image: w.Image, Parts: w.Parts}, nil
		}
	case "UploadFailure":
		return Ticket{}, &gallery.Error{Code: codeOf(w.Code), Field: w.Field, Message: w.Message}
	}
	return Ticket{}, fmt.Errorf("announce %q: answered with an unknown %q", u.Filename, w.Type)
}

// Answer is what became of one of several announced uploads.
type Answer struct {
	Ticket Ticket
	Err    error
}

// CreateUploads announces up to gallery.MaxBatch pictures at once, and answers each in its place.
func (c *Client) CreateUploads(ctx context.Context, uploads []gallery.Upload) ([]Answer, error) {
	variables := struct {
		Uploads []announcement `json:"uploads"`
	}{}
	for _, u := range uploads {
		variables.Uploads = append(variables.Uploads, announcementOf(u))
	}
	var data struct{ CreateUploads []welcome }
	if err := c.ask(ctx, createUploadsMutation, variables, &data); err != nil {
		return nil, fmt.Errorf("announce %d pictures: %w", len(uploads), err)
	}
	if len(data.CreateUploads) != len(uploads) {
		return nil, fmt.Errorf("announce %d pictures: %d answers came", len(uploads), len(data.CreateUploads))
	}
	answers := make([]Answer, len(uploads))
	for n, w := range data.CreateUploads {
		answers[n].Ticket, answers[n].Err = w.ticket(uploads[n])
	}
	return answers, nil
}
