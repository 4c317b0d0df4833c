package resolvers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// inParts answers how to send an image whose bytes are too many for one request.
func (r *Resolver) inParts(ctx context.Context, i gallery.Image) (welcome, error) {
	gone, err := r.gone(ctx, i)
	if err != nil {
		return nil, err
	}
	if gone {
		if i, err = r.split(ctx, i); err != nil {
			return nil, err
		}
	}
	if i.UploadID == "" || i.Status != gallery.Pending {
		return graph.AlreadyHave{Image: &i}, nil
	}
	return graph.UploadParts{
		Image: &i, PartBytes: gallery.PartBytes, Parts: i.Parts(), ExpiresAt: gallery.Time(r.Now().Add(gallery.UploadLife)),
	}, nil
}

// gone tells whether there is no upload to send parts to: none was begun, or it was abandoned by a sweeper who lost the image
// to an announcement a moment later, or by the bucket's rule. One that has been joined is not gone.
func (r *Resolver) gone(ctx context.Context, i gallery.Image) (bool, error) {
	if i.UploadID == "" {
		return true, nil
	}
	_, err := r.Parts.Parts(ctx, i)
	if !errors.Is(err, gallery.ErrNotFound) {
		return false, err
	}
	joined, err := r.Parts.HasOriginal(ctx, i)
	return !joined, err
}

// split begins an upload in parts in S3 first, and notes it in the record then; of two that begin one at the same moment the
// second one's is abandoned. Where it is not known whether it was noted it stays: the bucket's rule removes it if it was not.
func (r *Resolver) split(ctx context.Context, i gallery.Image) (gallery.Image, error) {
	opened := i
	var err error
	if opened.UploadID, err = r.Parts.OpenParts(ctx, i); err != nil {
		return i, err
	}
	kept, err := r.change(ctx, string(i.ID), func(now gallery.Image) gallery.Image {
		if now.Status != gallery.Pending || now.UploadID != i.UploadID {
			return now
		}
		return now.Split(opened.UploadID, r.Now())
	})
	if err == nil && kept.UploadID != opened.UploadID {
		err = r.Parts.AbandonParts(ctx, opened)
	}
	return kept, err
}

// UploadParts is the field Mutation.uploadParts.
func (r mutationResolver) UploadParts(ctx context.Context, id string, parts []gallery.Part) ([]gallery.PartTarget, error) {
	if len(parts) < 1 || len(parts) > gallery.MaxBytes/gallery.PartBytes {
		return nil, gallery.Invalid("parts", "1 to %d parts are signed at a time", gallery.MaxBytes/gallery.PartBytes)
	}
	i, err := r.sending(ctx, id)
	if err != nil {
		return nil, err
	}
	for n, p := range parts {
		if parts[n], err = i.CheckPart(p); err != nil {
			return nil, err
		}
	}
	// Signatures live an hour from now, and so must the image.
	i, err = r.change(ctx, id, func(i gallery.Image) gallery.Image { return i.Renew(r.Now()) })
	if err != nil {
		return nil, err
	}
	targets := make([]gallery.PartTarget, len(parts))
	for n, p := range parts {
		if targets[n], err = r.Signer.SignPart(ctx, i, p, r.Now()); err != nil {
			return nil, err
		}
	}
	return targets, nil
}

// sending reads one of the viewer's images whose parts are awaited.
func (r *Resolver) sending(ctx context.Context, id string) (gallery.Image, error) {
	_, i, err := r.own(ctx, id)
	if err == nil && (i.Status != gallery.Pending || i.UploadID == "" || i.Deleted()) {
		err = &gallery.Error{Code: gallery.CodeConflict, Field: "id", Message: "No parts are awaited of this image. Announce it again."}
	}
	return i, err
}

// UploadProgress is the field Query.uploadProgress. Of an image whose bytes are here all has arrived.
func (r queryResolver) UploadProgress(ctx context.Context, id string) (*graph.UploadProgress, error) {
	_, i, err := r.own(ctx, id)
	if err != nil {
		return nil, err
	}
	if i.Status != gallery.Pending && !i.Empty() {
		return &graph.UploadProgress{Parts: []gallery.Part{}, Bytes: int(i.Bytes), Complete: true}, nil
	}
	p := graph.UploadProgress{Parts: []gallery.Part{}}
	if i.UploadID == "" {
		return &p, nil
	}
	arrived, err := r.Parts.Parts(ctx, i)
	if errors.Is(err, gallery.ErrNotFound) {
		if p.Complete, err = r.Parts.HasOriginal(ctx, i); p.Complete { // joined a moment ago
			p.Bytes = int(i.Bytes)
		}
		return &p, err
	}
	if err != nil {
		return nil, err
	}
	for _, part := range arrived {
		p.Parts = append(p.Parts, part)
		p.Bytes += int(part.Bytes)
	}
	p.Complete = len(i.Missing(arrived)) == 0
	return &p, nil
}

// CompleteUpload is the field Mutation.completeUpload. Whether the whole is what was announced is found out by processing.
func (r mutationResolver) CompleteUpload(ctx context.Context, id string) (*gallery.Image, error) {
	_, i, err := r.own(ctx, id)
	if err != nil {
		return nil, err
	}
	if i.Status != gallery.Pending && !i.Empty() {
		return &i, nil // it was completed before
	}
	if i, err = r.sending(ctx, id); err != nil {
		return nil, err
	}
	arrived, err := r.Parts.Parts(ctx, i)
	if err != nil && !errors.Is(err, gallery.ErrNotFound) {
		return nil, err
	}
	if err == nil {
		if missing := i.Missing(arrived); len(missing) > 0 {
			return nil, gallery.Invalid("id", "parts are missing: %s", strings.Trim(fmt.Sprint(missing), "[]"))
		}
	}
	err = r.Parts.JoinParts(ctx, i)
	if errors.Is(err, gallery.ErrNotFound) {
		return nil, &gallery.Error{Code: gallery.CodeConflict, Field: "id", Message: "The parts are gone. Announce the picture again."}
	}
	if err != nil {
		return nil, err
	}
	return &i, nil
}
