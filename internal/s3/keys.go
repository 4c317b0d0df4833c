// Package s3 keeps the bytes of pictures in S3: originals in the upload bucket, renditions in another, so that an output
// can never trigger the processor. It is the only owner of the shapes of keys.
package s3

import (
	"fmt"
	"strings"

	"github.com/darkroom/darkroom/gallery"
)

// OriginalKey is where an image's original lies in the upload bucket: originals/{owner}/{id}.
func OriginalKey(owner gallery.Owner, id gallery.ID) string {
	return "originals/" + string(owner) + "/" + string(id)
}

// ParseOriginalKey reads the key of an original, as S3 reports it after URL-decoding.
func ParseOriginalKey(key string) (gallery.Owner, gallery.ID, error) {
	rest, ok := strings.CutPrefix(key, "originals/")
	owner, last, both := strings.Cut(rest, "/")
	id, err := gallery.ParseID(last)
	if !ok || !both || owner == "" || len(owner) > 128 || err != nil || string(id) != last {
		return "", "", fmt.Errorf("%.200q is not the key of an original", key)
	}
	return gallery.Owner(owner), id, nil
}

// RenditionKey is where a rendition lies: renditions/{owner}/{id}/{spec}-{digest}.{ext}. The digest makes a second run
// write the same bytes to the same key.
func RenditionKey(owner gallery.Owner, id gallery.ID, r gallery.Rendition) string {
	ext := "jpg"
	switch r.ContentType {
	case "image/png":
		ext = "png"
	case "image/webp":
		ext = "webp"
	}
	return renditionsRoot + string(owner) + "/" + string(id) + "/" + r.Name + "-" + r.Digest + "." + ext
}

const renditionsRoot = "renditions/"

// RenditionPrefix is what the keys of all renditions of an image begin with.
func RenditionPrefix(owner gallery.Owner, id gallery.ID) string {
	return RenditionFolder(owner) + string(id) + "/"
}

// RenditionFolder is what the keys of all renditions of an owner begin with.
func RenditionFolder(owner gallery.Owner) string { return renditionsRoot + string(owner) + "/" }
