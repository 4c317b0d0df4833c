package faults

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"

	"github.com/darkroom/darkroom/gallery"
)

// sendParts sends a picture part by part as real clients do, and as they should not: in any order, some of it twice, late,
// of other bytes or not at all; it may die before it has completed the upload, and complete it twice, or too early.
func (s session) sendParts(ctx context.Context, r *rand.Rand, i gallery.Image, u gallery.Upload) {
	p := pictureOf(u)
	if r.IntN(6) == 0 {
		p.start = bytes.ToUpper(p.start) // each part's signature is right, and the whole is not what was announced
	}
	order := r.Perm(i.Parts())
	if r.IntN(4) == 0 {
		order = append(order[:1], order...)
	}
	if r.IntN(2) == 0 {
		order = order[:r.IntN(len(order))]
		s.history.saw("parts left out")
	}
	for _, n := range order {
		if err := s.sendPart(ctx, i, p, n+1); err != nil {
			return
		}
	}
	if r.IntN(4) == 0 {
		s.history.saw("died before completion")
		return
	}
	for range 1 + r.IntN(2) {
		again(func() error { return s.complete(ctx, i, len(order) < i.Parts()) })
	}
}

// sendAllParts sends what has not arrived, and completes the upload.
func (s session) sendAllParts(ctx context.Context, i gallery.Image, p picture) {
	progress, err := s.uploadProgress(ctx, i.ID)
	if err != nil {
		s.wrong("how far %s has come cannot be told: %v", i.ID, err)
		return
	}
	there := map[int]bool{}
	for _, part := range progress.Parts {
		there[part.Number] = true
	}
	for n := 1; n <= i.Parts() && !progress.Complete; n++ {
		if there[n] {
			continue
		}
		if err := s.sendPart(ctx, i, p, n); err != nil {
			s.wrong("part %d of %s is not taken: %v", n, i.ID, err)
			return
		}
	}
	if err := s.complete(ctx, i, false); err != nil {
		s.wrong("%s cannot be completed: %v", i.ID, err)
	}
}

// sendPart has a part signed and sends it, a few times if need be.
func (s session) sendPart(ctx context.Context, i gallery.Image, p picture, n int) (err error) {
	data := p.piece(int64(n-1) * gallery.PartBytes)
	sum := sha256.Sum256(data)
	again(func() error {
		var target gallery.PartTarget
		part := gallery.Part{Number: n, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
		if target, err = s.uploadPart(ctx, i.ID, part); err == nil {
			s.promise(i.ID, target.ExpiresAt)
			err = s.putPart(until(ctx, target.ExpiresAt), target, data)
		}
		return err
	})
	return err
}

func (w *world) putPart(ctx context.Context, t gallery.PartTarget, data []byte) error {
	req, err := http.NewRequestWithContext(ctx, t.Method, t.URL, bytes.NewReader(data))
	if err != nil {
		return err
	}
	for _, h := range t.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	res, err := (&http.Client{Transport: w.network}).Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("S3 answered %d: %s", res.StatusCode, said)
	}
	return err
}

// complete completes an upload. One that lacks parts must be refused, unless another client has sent them.
func (s session) complete(ctx context.Context, i gallery.Image, early bool) error {
	err := s.do(ctx, "completeUpload", i.ID)
	var refusal *gallery.Error
	switch {
	case err == nil:
		s.history.saw("completed")
	case errors.As(err, &refusal) && early:
		s.history.saw("completed too early")
	}
	return err
}

// checkParts: no upload in parts is left that a record has ever named, and of the others only those whose name got lost:
// these are removed by the bucket's rule, or by the complete comparison.
func (w *world) checkParts() {
	w.t.Helper()
	recorded := map[string]bool{}
	for _, all := range w.history.versions {
		for _, i := range all {
			recorded[i.UploadID] = true
		}
	}
	err := w.bucket.EachUpload(w.t.Context(), func(page []gallery.Object) error {
		for _, o := range page {
			if by := w.history.uploads[o.Upload]; recorded[o.Upload] || by == nil || !by.hurt || w.user(o.Owner).asked {
				w.wrong("the parts of %s are left, which %s has begun", o.Key, name(by))
			}
			w.history.saw("nameless parts")
		}
		return nil
	})
	if err != nil {
		w.t.Error(err)
	}
}
