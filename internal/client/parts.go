package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/darkroom/darkroom/gallery"
)

// sendParts sends a file part by part. Those that have arrived already, of an attempt before, are not sent again.
func (c *Client) sendParts(ctx context.Context, f File, t Ticket, progress func(int64)) error {
	there, err := c.arrived(ctx, t.Image.ID)
	if err != nil {
		return err
	}
	var before int64 // of the parts that are done
	for n := 1; n <= t.Parts; n++ {
		bytes := min(gallery.PartBytes, f.Bytes-int64(n-1)*gallery.PartBytes)
		if there[n] != bytes {
			err := c.sendPart(ctx, f, t.Image.ID, gallery.Part{Number: n, Bytes: bytes}, func(sent int64) { progress(before + sent) })
			if err != nil {
				return fmt.Errorf("send part %d of %s: %w", n, f.Path, err)
			}
		}
		before += bytes
		progress(before)
	}
	var data struct{ CompleteUpload struct{ ID gallery.ID } }
	return c.patiently(ctx, func() error { return c.ask(ctx, completeUploadMutation, byID{t.Image.ID}, &data) })
}

// arrived answers the bytes of each part that has arrived.
func (c *Client) arrived(ctx context.Context, id gallery.ID) (map[int]int64, error) {
	var data struct {
		UploadProgress struct {
			Parts []struct {
				Number int
				Bytes  int64
			}
		}
	}
	err := c.patiently(ctx, func() error { return c.ask(ctx, uploadProgressQuery, byID{id}, &data) })
	there := map[int]int64{}
	for _, p := range data.UploadProgress.Parts {
		there[p.Number] = p.Bytes
	}
	return there, err
}

// sendPart hashes a part, has it signed, and sends it. An attempt that failed is made anew, with a fresh signature.
func (c *Client) sendPart(ctx context.Context, f File, id gallery.ID, p gallery.Part, progress func(int64)) error {
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	from := int64(p.Number-1) * gallery.PartBytes
	sum := sha256.New()
	n, err := io.Copy(sum, untilDone{ctx, io.NewSectionReader(file, from, p.Bytes)})
	_ = file.Close()
	if err == nil && n != p.Bytes {
		err = gallery.Invalid("bytes", "the file has changed since it was measured")
	}
	if err != nil {
		return err
	}
	p.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return c.patiently(ctx, func() error {
		target, err := c.signPart(ctx, id, p)
		if err != nil {
			return err
		}
		file, err := os.Open(f.Path)
		if err != nil {
			return err
		}
		body := &meter{file: file, from: io.NewSectionReader(file, from, p.Bytes)}
		defer body.Close()
		return c.carry(ctx, target, p.Bytes, body, progress)
	})
}

func (c *Client) signPart(ctx context.Context, id gallery.ID, p gallery.Part) (gallery.Target, error) {
	type part struct {
		Number int    `json:"number"`
		Bytes  int64  `json:"bytes"`
		SHA256 string `json:"sha256"`
	}
	variables := struct {
		ID    gallery.ID `json:"id"`
		Parts []part     `json:"parts"`
	}{id, []part{{p.Number, p.Bytes, p.SHA256}}}
	var data struct{ UploadParts []gallery.Target }
	if err := c.ask(ctx, uploadPartsMutation, variables, &data); err != nil {
		return gallery.Target{}, err
	}
	if len(data.UploadParts) != 1 {
		return gallery.Target{}, errors.New("the part was not signed")
	}
	return data.UploadParts[0], nil
}

// patiently tries again what may succeed later, a few times.
func (c *Client) patiently(ctx context.Context, do func() error) error {
	for attempt := 1; ; attempt++ {
		err := do()
		if err == nil || ctx.Err() != nil || attempt >= c.pace.attempts || !forbidden(err) && !Transient(err) {
			return err
		}
		if err := sleep(ctx, c.pace.backoff(attempt-1, c.random())); err != nil {
			return err
		}
	}
}
