package main

import (
	"crypto/rand"
	"encoding/base64"

	"github.com/darkroom/darkroom/gallery"
)

// newToken is what makes a share link one that nobody guesses.
func newToken() string {
	var chance [gallery.TokenBytes]byte
	_, _ = rand.Read(chance[:]) // never fails: it ends the program
	return base64.RawURLEncoding.EncodeToString(chance[:])
}
