package faults

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
	"github.com/darkroom/darkroom/internal/s3"
)

// pictures are what clients send: some are fine, and some are none.
var pictures = func() [][]byte {
	all := [][]byte{[]byte("this is text, whatever its name is")}
	for shade := range 4 {
		img := image.NewGray(image.Rect(0, 0, 32, 20))
		for n := range img.Pix {
			img.Pix[n] = byte(shade*50 + n%40)
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, nil); err != nil {
			panic(err)
		}
		all = append(all, b.Bytes())
	}
	return append(all, all[1][:len(all[1])/2])
}()

func upload(n int) gallery.Upload {
	sum := sha256.Sum256(pictures[n])
	return gallery.Upload{
		Filename: fmt.Sprintf("%d.jpg", n), ContentType: "image/jpeg", Bytes: int64(len(pictures[n])), SHA256: hex.EncodeToString(sum[:]),
	}
}

// patience is how long a client tries.
const patience = 2 * time.Hour

// client announces some pictures, sends them, and changes its mind about some. It tries again what fails, a few times.
func (w *world) client(n int) {
	r := rand.New(rand.NewPCG(w.seed, uint64(100+n)))
	w.start(fmt.Sprintf("client %d", n), patience, func(ctx context.Context) {
		ctx = gallery.WithViewer(ctx, gallery.Viewer{Owner: w.owner})
		var uploads []gallery.Upload
		for range 1 + r.IntN(3) {
			uploads = append(uploads, upload(r.IntN(len(pictures))))
		}
		var answers []graph.CreateUploadsResult
		again(func() (err error) {
			answers, err = w.resolver.Mutation().CreateUploads(ctx, uploads)
			return err
		})
		for n, a := range answers {
			switch a := a.(type) {
			case graph.UploadTarget:
				if r.IntN(4) == 0 {
					w.changeOfMind(ctx, r, a.Image.ID)
				}
				w.send(until(ctx, a.ExpiresAt), r, *a.Image, uploads[n])
				w.changeOfMind(ctx, r, a.Image.ID)
			case graph.AlreadyHave:
				w.changeOfMind(ctx, r, a.Image.ID)
			}
		}
	})
}

// again tries a few times what a client tries again.
func again(do func() error) {
	for range 4 {
		var refusal *gallery.Error
		if err := do(); err == nil || errors.As(err, &refusal) {
			return
		}
	}
}

// send puts the bytes, or does not, or puts others: S3 would refuse those of a signed PUT, but not of parts.
func (w *world) send(ctx context.Context, r *rand.Rand, i gallery.Image, u gallery.Upload) {
	kind := r.IntN(12)
	if kind == 0 {
		return
	}
	var data []byte
	for n := range pictures {
		if upload(n).SHA256 == u.SHA256 {
			data = pictures[n]
		}
	}
	if kind == 1 {
		data = bytes.ToUpper(data)
	}
	again(func() error {
		_, err := w.bucket.Client.PutObject(ctx, &sdks3.PutObjectInput{
			Bucket: aws.String("uploads"), Key: aws.String(s3.OriginalKey(i.Owner, i.ID)), Body: bytes.NewReader(data), IfNoneMatch: aws.String("*"),
		})
		if err != nil && strings.Contains(err.Error(), "PreconditionFailed") {
			return nil
		}
		return err
	})
}

func (w *world) changeOfMind(ctx context.Context, r *rand.Rand, id gallery.ID) {
	m := w.resolver.Mutation()
	switch r.IntN(8) {
	case 0:
		again(func() error { _, err := m.DeleteImage(ctx, string(id)); return err })
		if r.IntN(2) == 0 {
			again(func() error { _, err := m.RestoreImage(ctx, string(id)); return err })
		}
	case 1:
		again(func() error { _, err := m.PurgeImage(ctx, string(id)); return err })
	case 2:
		var job *gallery.Job
		again(func() (err error) { job, err = m.ReprocessImages(ctx, nil, aws.Bool(false)); return err })
		if job != nil && r.IntN(3) == 0 {
			again(func() error { _, err := m.CancelReprocess(ctx, string(job.ID)); return err })
		}
	}
}
