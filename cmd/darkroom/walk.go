package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// extensions are those of files in a folder that are taken for pictures. A file that is named is always tried.
var extensions = []string{
	".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif",
}

// walked is what a walk found: a file to upload, or why a place could not be looked at.
type walked struct {
	path string
	err  error
}

// walk finds the pictures below some paths and tells of them as it comes to them. What is hidden is left out, and links
// within folders are not followed.
func walk(ctx context.Context, paths []string, found chan<- walked) (passed int) {
	defer close(found)
	tell := func(w walked) error {
		select {
		case found <- w:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return tell(walked{path, err})
			case path != root && strings.HasPrefix(d.Name(), "."):
				if d.IsDir() {
					return fs.SkipDir
				}
				passed++
			case d.IsDir():
			case path == root || d.Type().IsRegular() && picture(path):
				return tell(walked{path: path})
			default:
				passed++
			}
			return nil
		})
		if err != nil && !errors.Is(err, ctx.Err()) {
			_ = tell(walked{root, err})
		}
	}
	return passed
}

func picture(path string) bool {
	return slices.Contains(extensions, strings.ToLower(filepath.Ext(path)))
}

// many tells whether paths are to be uploaded as a collection, not each with its story.
func many(paths []string) bool {
	if len(paths) > fewPaths {
		return true
	}
	return slices.ContainsFunc(paths, func(p string) bool {
		info, err := os.Stat(p)
		return err == nil && info.IsDir()
	})
}

// fewPaths is how many files at most are told of at length.
const fewPaths = 20
