package s3

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// A copy by os.CopyFS has no extended attributes, as one by cp -r.
func plainCopy(t *testing.T, dir string) string {
	t.Helper()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return copied
}

// startLogging is start, and what the gateway logs.
func startLogging(t *testing.T, dir string) (*Gateway, *bytes.Buffer) {
	t.Helper()
	return startTelling(t, dir, nil)
}

func startTelling(t *testing.T, dir string, repairing func(Repair)) (*Gateway, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	g, err := Start(t.Context(), Options{
		Dir: dir, AccessKey: "local", SecretKey: "localsecret",
		Buckets: []Bucket{{Name: "uploads", Notify: true, CORSOrigins: []string{origin}}, {Name: "quiet"}},
		Deliver: func(context.Context, string, []byte) error { return nil },
		Log:     slog.New(slog.NewTextHandler(&log, nil)), Repairing: repairing,
	})
	if err != nil {
		t.Fatalf("Start: %v\n%s", err, &log)
	}
	t.Cleanup(func() { stop(t, g) })
	return g, &log
}

func head(t *testing.T, g *Gateway, bucket, key string) (etag, contentType string) {
	t.Helper()
	out, err := client(g).HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		t.Fatalf("HeadObject(%s/%s): %v", bucket, key, err)
	}
	return aws.ToString(out.ETag), aws.ToString(out.ContentType)
}

// writeAttribute writes an attribute into a file of its own, which is where the
// gateway then keeps them all.
func writeAttribute(t *testing.T, dir, of, name, value string) {
	t.Helper()
	folder := filepath.Join(dir, "metadata", of, "meta")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), []byte(value), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderCopiedWithoutAttributesStartsAndIsAsStrictAsBefore(t *testing.T) {
	const gif = "GIF89a and the rest of a picture"
	for _, c := range []struct {
		name   string
		beside bool // attributes live in files, as where the file system has none
	}{{"to a file system with attributes", false}, {"to one without", true}} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			g, _ := startLogging(t, dir)
			put(t, g, "uploads", "originals/no name", gif)
			put(t, g, "quiet", "a/b.jpg", "not looked at")
			put(t, g, "quiet", "empty", "")
			etag, _ := head(t, g, "uploads", "originals/no name")
			stop(t, g)

			copied := plainCopy(t, dir)
			if c.beside {
				writeAttribute(t, copied, "another bucket", "acl", "{}")
			}
			g, log := startLogging(t, copied)
			for _, want := range []string{"cp -a", filepath.Join(copied, "objects", "uploads"), "objects=1", "objects=2"} {
				if !strings.Contains(log.String(), want) {
					t.Errorf("the log does not name %q:\n%s", want, log)
				}
			}
			if got, typ := head(t, g, "uploads", "originals/no name"); got != etag || typ != "image/gif" {
				t.Errorf("got ETag %s and type %s, want %s and image/gif", got, typ, etag)
			}
			if got, typ := head(t, g, "quiet", "a/b.jpg"); got == "" || typ != "image/jpeg" {
				t.Errorf("got ETag %q and type %s, want one, and image/jpeg", got, typ)
			}
			if got, _ := head(t, g, "quiet", "empty"); got != `"d41d8cd98f00b204e9800998ecf8427e"` {
				t.Errorf("the empty object: got ETag %s", got)
			}
			if status, _ := do(t, signedPut(t, g, "originals/no name", "other bytes", time.Minute)); status != 412 {
				t.Errorf("a second use of a signed PUT: got %d, want 412", status)
			}
			if status, _ := do(t, signedPut(t, g, "originals/new", "other bytes", time.Minute)); status != 200 {
				t.Errorf("a new object: got %d, want 200", status)
			}
			stop(t, g)
			if _, log = startLogging(t, copied); log.Len() != 0 {
				t.Errorf("what was repaired is repaired again:\n%s", log)
			}
		})
	}
}

func TestARepairThatWasCutShortGoesOn(t *testing.T) {
	dir := t.TempDir()
	g, _ := startLogging(t, dir)
	put(t, g, "uploads", "a", "one")
	put(t, g, "uploads", "b", "four")
	stop(t, g)

	copied := plainCopy(t, dir)
	writeAttribute(t, copied, "uploads/a", "etag", `"made before"`)
	var told []Repair
	g, log := startTelling(t, copied, func(r Repair) { told = append(told, r) })
	if !strings.Contains(log.String(), "objects=1") {
		t.Errorf("got no repair of the one object left:\n%s", log)
	}
	if want := []Repair{{"uploads", 0, 1, 0, 4}, {"uploads", 1, 1, 4, 4}, {Bucket: "quiet"}}; !slices.Equal(told, want) {
		t.Errorf("told of %+v, want %+v", told, want)
	}
	if etag, _ := head(t, g, "uploads", "a"); etag != `"made before"` {
		t.Errorf("the object repaired before: got ETag %s", etag)
	}
	if etag, _ := head(t, g, "uploads", "b"); etag == "" {
		t.Error("the other object has no ETag")
	}
}

func TestPartsThatLostTheirAttributesAreDropped(t *testing.T) {
	dir := t.TempDir()
	g, _ := startLogging(t, dir)
	open := &s3.CreateMultipartUploadInput{Bucket: aws.String("uploads"), Key: aws.String("big")}
	begun, err := client(g).CreateMultipartUpload(t.Context(), open)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client(g).UploadPart(t.Context(), &s3.UploadPartInput{
		Bucket: open.Bucket, Key: open.Key, UploadId: begun.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("part"),
	})
	if err != nil {
		t.Fatal(err)
	}
	stop(t, g)

	g, _ = startLogging(t, plainCopy(t, dir))
	_, err = client(g).ListParts(t.Context(), &s3.ListPartsInput{Bucket: open.Bucket, Key: open.Key, UploadId: begun.UploadId})
	if err == nil || !strings.Contains(err.Error(), "NoSuchUpload") {
		t.Errorf("the parts: got %v, want NoSuchUpload", err)
	}
	if again, err := client(g).CreateMultipartUpload(t.Context(), open); err != nil || again.UploadId == nil {
		t.Errorf("begin anew: got %v, %v", again, err)
	}
}

func TestWhatCannotBeRepairedSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	g, _ := startLogging(t, dir)
	put(t, g, "uploads", "a", "one")
	stop(t, g)
	copied := plainCopy(t, dir)
	writeAttribute(t, copied, "quiet", "acl", "{}")
	inTheWay := filepath.Join(copied, "metadata", "uploads", "a")
	if err := os.MkdirAll(filepath.Dir(inTheWay), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := Start(t.Context(), Options{
		Dir: copied, AccessKey: "local", SecretKey: "localsecret", Buckets: []Bucket{{Name: "uploads"}},
	})
	if err == nil {
		stop(t, g)
		t.Fatal("Start: got no error")
	}
	for _, want := range []string{filepath.Join(copied, "objects", "uploads"), "cp -a", "start with a new one"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}
