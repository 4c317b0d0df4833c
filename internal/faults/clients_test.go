package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

// patience is how long a client tries.
const patience = 2 * time.Hour

// client announces some pictures, sends them, and changes its mind about some. It tries again what fails, a few times.
func (w *world) client() {
	w.clients++
	n := w.clients
	r := rand.New(rand.NewPCG(w.seed, uint64(100+n)))
	u := w.users[max(0, r.IntN(4)-2)]
	if others := w.users[2:]; len(others) > 0 && r.IntN(2) == 0 {
		u = w.elsewhere(r, others[0])
	}
	w.start(fmt.Sprintf("client %d", n), patience, func(ctx context.Context) {
		s := w.signIn(u, r)
		var uploads []gallery.Upload
		for range 1 + r.IntN(3) {
			uploads = append(uploads, w.choose(r).announcement())
		}
		var answers []welcome
		again(func() (err error) {
			answers, err = s.createUploads(ctx, uploads)
			return err
		})
		for n, a := range answers {
			s.goOn(ctx, r, a, uploads[n])
		}
		s.meddle(ctx, r)
	})
}

// goOn does what the answer to an announced picture asks for, more or less.
func (s session) goOn(ctx context.Context, r *rand.Rand, a welcome, u gallery.Upload) {
	switch a.Kind {
	case "UploadTarget":
		s.promise(a.Image.ID, a.ExpiresAt)
		if r.IntN(4) == 0 {
			s.changeOfMind(ctx, r, a.Image.ID)
		}
		s.send(until(ctx, a.ExpiresAt), r, a.Image, u)
		s.changeOfMind(ctx, r, a.Image.ID)
	case "UploadParts":
		s.promise(a.Image.ID, a.ExpiresAt)
		s.sendParts(ctx, r, a.Image, u)
		s.changeOfMind(ctx, r, a.Image.ID)
	case "AlreadyHave":
		if a.Image.Status == gallery.Pending || empty(a.Image) {
			s.wrong("%s is said to have the bytes of %s, which is %s %s", s.owner, a.Image.ID, a.Image.Status, a.Image.Failure)
		}
		s.history.saw("already there")
		s.changeOfMind(ctx, r, a.Image.ID)
		s.changeOfMind(ctx, r, a.Image.ID)
	}
}

// choose takes one of the pictures of this world.
func (w *world) choose(r *rand.Rand) picture {
	small := len(pictures) - bigOnes
	if w.big && r.IntN(2) == 0 {
		return pictures[small+r.IntN(bigOnes)]
	}
	return pictures[r.IntN(small)]
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
	data := pictureOf(u).start
	if kind == 1 {
		data = bytes.ToUpper(data)
	}
	if r.IntN(8) == 0 {
		ctx = slowly(ctx, time.Duration(r.IntN(100))*time.Minute)
	}
	w.put(ctx, i, data)
}

func (w *world) put(ctx context.Context, i gallery.Image, data []byte) {
	again(func() error {
		_, err := w.bucket.Client.PutObject(ctx, &sdks3.PutObjectInput{
			Bucket: &w.bucket.Uploads, Key: aws.String(s3.OriginalKey(i.Owner, i.ID)), Body: bytes.NewReader(data), IfNoneMatch: aws.String("*"),
		})
		if err != nil && strings.Contains(err.Error(), "PreconditionFailed") {
			return nil
		}
		return err
	})
}

func (s session) changeOfMind(ctx context.Context, r *rand.Rand, id gallery.ID) {
	switch r.IntN(8) {
	case 0:
		again(func() error { return s.do(ctx, "deleteImage", id) })
		if r.IntN(2) == 0 {
			again(func() error { return s.do(ctx, "restoreImage", id) })
		}
	case 1:
		again(func() error { return s.do(ctx, "purgeImage", id) })
	case 3:
		for range 1 + r.IntN(2) {
			again(func() error { return s.retryImage(ctx, id) })
		}
	case 2:
		var job gallery.ID
		again(func() (err error) { job, err = s.reprocessImages(ctx); return err })
		if job != "" && r.IntN(3) == 0 {
			again(func() error { return s.do(ctx, "cancelReprocess", job) })
		}
	}
}

// meddle tries what must not be possible: to do something to an image of another user.
func (s session) meddle(ctx context.Context, r *rand.Rand) {
	var id gallery.ID
	s.mu.Lock()
	for other := range s.history.promised {
		if all := s.history.versions[other]; len(all) > 0 && all[0].Owner != s.owner && other > id {
			id = other
		}
	}
	s.mu.Unlock()
	if id == "" || r.IntN(3) > 0 {
		return
	}
	s.pretend(ctx)
	for _, what := range []string{"completeUpload", "deleteImage", "retryImage", "purgeImage", "shareImage", "uploadProgress", "uploadParts"} {
		var err error
		switch what {
		case "uploadProgress":
			_, err = s.uploadProgress(ctx, id)
		case "uploadParts":
			_, err = s.uploadPart(ctx, id, gallery.Part{Number: 1, Bytes: gallery.PartBytes, SHA256: pictures[0].sum()})
		default:
			err = s.do(ctx, what, id)
		}
		var refusal *gallery.Error
		if err == nil || errors.As(err, &refusal) && refusal.Code != gallery.CodeNotFound {
			s.wrong("%s: %s of %s, which is another's: %v", s.owner, what, id, err)
		}
		s.history.saw("meddled")
	}
}
