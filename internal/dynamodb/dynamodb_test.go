package dynamodb_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/uuid"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
)

var (
	tables = dynamodb.Tables{Images: "images", Feed: "feed", Users: "users", Shares: "shares"}
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ann    = gallery.Owner("ann")
	ben    = gallery.Owner("ben")
)

// open starts a real engine with our tables.
func open(t *testing.T) *dynamo.DB {
	t.Helper()
	return dynamodb.Open(start(t))
}

// start is open for who needs a client of their own.
func start(t *testing.T) aws.Config {
	t.Helper()
	e, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(func() { server.Close(); _ = e.Close() })
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
	for range 2 { // creating what exists is fine
		if err := dynamodb.Create(t.Context(), sdk.NewFromConfig(cfg), tables); err != nil {
			t.Fatal(err)
		}
	}
	return cfg
}

func newImage(owner gallery.Owner, n int) gallery.Image {
	u := gallery.Upload{
		Filename: fmt.Sprintf("photo %d ü.jpg", n), ContentType: "image/jpeg", Bytes: 1000, SHA256: fmt.Sprintf("%064x", n),
	}
	return gallery.New(owner, gallery.ID(uuid.Must(uuid.NewV7()).String()), u, noon.Add(time.Duration(n)*time.Second))
}

func create(t *testing.T, images dynamodb.Images, all ...gallery.Image) {
	t.Helper()
	for _, i := range all {
		if err := images.Create(t.Context(), i, gallery.DefaultQuota()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnImageComesBackAsItWasStored(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	altitude := 512.5
	want := newImage(ann, 1)
	create(t, images, want)
	want, err := want.Claim(noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := images.Save(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	want, err = want.Finish(gallery.Facts{
		Format: "jpeg", Width: 6000, Height: 4000, Frames: 1, Profile: "Display P3", Placeholder: "abc=",
		Description: gallery.Description{Title: "Duck", Caption: "On a pond", Copyright: "© Ann", Keywords: []string{"a", "b"}, Rating: -1},
		Capture: gallery.Capture{
			Offset: new(int), Direction: new(float64), // in Greenwich, looking north: zero, and known
			TakenAt: noon.Add(-time.Hour), Make: "Nikon", ISO: 100, Exposure: 1. / 250, Orientation: 6,
			Location: &gallery.Location{Latitude: -33.5, Longitude: 151.25, Altitude: &altitude},
		},
	}, []gallery.Rendition{{Name: "large", Width: 1024, Height: 683, Bytes: 9, ContentType: "image/jpeg", Digest: "d"}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := images.Save(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := images.Get(t.Context(), ann, want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if g, w := fmt.Sprintf("%+v", plain(got)), fmt.Sprintf("%+v", plain(want)); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

// plain replaces the pointers in an image, so that two can be compared as text.
func plain(i gallery.Image) []any {
	c := &i.Facts.Capture
	l, offset, direction := c.Location, c.Offset, c.Direction
	c.Location, c.Offset, c.Direction = nil, nil, nil
	return []any{i, l.Latitude, l.Longitude, *l.Altitude, *offset, *direction}
}

func TestAnotherOwnersImageIsNotFound(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	i := newImage(ann, 1)
	create(t, images, i)
	if _, err := images.Get(t.Context(), ben, i.ID); !errors.Is(err, gallery.ErrNotFound) {
		t.Errorf("got %v, want %v", err, gallery.ErrNotFound)
	}
}

func TestOfTwoWritersTheSecondLearnsIt(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	i := newImage(ann, 1)
	create(t, images, i)
	first, err := i.Claim(noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := images.Save(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if err := images.Save(t.Context(), i.Trash(noon)); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("a stale write: got %v, want %v", err, gallery.ErrConflict)
	}
}

func TestTheDatabaseHoldsTheStatusMachineToo(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	i := newImage(ann, 1)
	create(t, images, i)
	i.Status, i.Version = gallery.Ready, i.Version+1 // no rule of gallery makes this
	if err := images.Save(t.Context(), i); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("PENDING to READY: got %v, want %v", err, gallery.ErrConflict)
	}
}

func TestTheSameBytesAreOneImage(t *testing.T) {
	db := open(t)
	images, users := dynamodb.Images{DB: db, Tables: tables}, dynamodb.Users{DB: db, Tables: tables}
	var group sync.WaitGroup
	made := make(chan gallery.ID, 8)
	for range 8 {
		group.Go(func() {
			i := newImage(ann, 7)
			switch err := images.Create(context.Background(), i, gallery.DefaultQuota()); {
			case err == nil:
				made <- i.ID
			case !errors.Is(err, gallery.ErrConflict):
				t.Errorf("create: %v", err)
			}
		})
	}
	group.Wait()
	close(made)
	id := <-made
	if _, more := <-made; more || id == "" {
		t.Fatalf("not exactly one image was made")
	}
	got, err := users.ByContent(t.Context(), ann, fmt.Sprintf("%064x", 7))
	if err != nil || got != id {
		t.Errorf("ByContent: got %v, %v, want %v", got, err, id)
	}
	a, err := users.Account(t.Context(), ann)
	if want := (gallery.Usage{Images: 1, Bytes: 1000, InFlight: 1}); err != nil || a.Usage != want {
		t.Errorf("usage: got %+v, %v, want %+v", a.Usage, err, want)
	}
	create(t, images, newImage(ben, 7)) // another owner's bytes are another image
}

func TestAFullAccountTakesNoMore(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	for _, c := range []struct {
		name  string
		owner gallery.Owner
		quota gallery.Quota
	}{
		{"by images", ann, gallery.Quota{Images: 1, Bytes: 1 << 30, InFlight: 9}},
		{"by bytes", ben, gallery.Quota{Images: 9, Bytes: 1999, InFlight: 9}},
		{"by uploads in flight", "cat", gallery.Quota{Images: 9, Bytes: 1 << 30, InFlight: 1}},
	} {
		if err := images.Create(t.Context(), newImage(c.owner, 1), c.quota); err != nil {
			t.Fatal(err)
		}
		err := images.Create(t.Context(), newImage(c.owner, 2), c.quota)
		if !errors.Is(err, gallery.ErrQuotaExceeded) {
			t.Errorf("%s: got %v, want %v", c.name, err, gallery.ErrQuotaExceeded)
		}
	}
}

func TestTheFirstUploadMustFitTheQuotaToo(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	err := images.Create(t.Context(), newImage(ann, 1), gallery.Quota{Images: 1, Bytes: 999, InFlight: 1})
	if !errors.Is(err, gallery.ErrQuotaExceeded) {
		t.Errorf("got %v, want %v", err, gallery.ErrQuotaExceeded)
	}
}
