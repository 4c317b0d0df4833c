package gallery

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// The bounds of shares.
const (
	MinShareLife = time.Minute
	MaxShareLife = 365 * 24 * time.Hour
	MaxShares    = 100 // of one image, at a time
)

// TokenBytes is how much chance is in a share's link. It is written in 32 letters, digits, dashes and underscores.
const TokenBytes = 24

// ShareID names a share to its owner: the hash of the token in its link, which is told once and kept nowhere.
type ShareID string

// Share lets anybody who has its link look at some of an image's renditions.
type Share struct {
	ID         ShareID
	Owner      Owner
	Image      ID
	Version    int64    // of the image that was shared
	Renditions []string // the names of those that are shown; empty: all
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// Named answers the id of the share whose link has a token. A text that cannot be one is ErrNoShare, like one that is none.
func Named(token string) (ShareID, error) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(token) != TokenBytes*4/3 || strings.Trim(token, letters) != "" {
		return "", ErrNoShare
	}
	sum := sha256.Sum256([]byte(token))
	return ShareID(hex.EncodeToString(sum[:])), nil
}

// ParseShareID reads a share's id as a client sends it: 64 hexadecimal digits.
func ParseShareID(s string) (ShareID, error) {
	if !isSHA256(s) {
		return "", Invalid("id", "a share's id is 64 hexadecimal digits")
	}
	return ShareID(s), nil
}

// Share makes a share of the image. It is refused when there is nothing to show.
func (i Image) Share(id ShareID, life time.Duration, renditions []string, now time.Time) (Share, error) {
	if life < MinShareLife || life > MaxShareLife {
		return Share{}, Invalid("expiresIn", "a link works for %d to %d seconds",
			int(MinShareLife.Seconds()), int(MaxShareLife.Seconds()))
	}
	if i.Deleted() || len(i.Renditions) == 0 {
		return Share{}, &Error{Code: CodeConflict, Field: "id", Message: "This image has no renditions to show, or is in the trash."}
	}
	if renditions != nil && len(renditions) == 0 {
		return Share{}, Invalid("renditions", "name at least one, or leave them out for all")
	}
	for n, name := range renditions {
		has := slices.ContainsFunc(i.Renditions, func(r Rendition) bool { return r.Name == name })
		if !has || slices.Contains(renditions[:n], name) {
			return Share{}, Invalid("renditions", "the image has these, each once: %s", strings.Join(i.names(), ", "))
		}
	}
	now = Time(now)
	return Share{
		ID: id, Owner: i.Owner, Image: i.ID, Version: i.Version, Renditions: renditions, CreatedAt: now, ExpiresAt: now.Add(life),
	}, nil
}

func (i Image) names() []string {
	names := make([]string, len(i.Renditions))
	for n, r := range i.Renditions {
		names[n] = r.Name
	}
	return names
}

// Works tells whether the share of an image has not ended: by its time, or by the image's deletion, after which it stays
// ended even if the image comes back. Which of the two was first is told by the image's versions: a deletion is stored some
// time after its clock was read, and clocks differ.
func (s Share) Works(i Image, now time.Time) bool {
	return now.Before(s.ExpiresAt) && i.ID == s.Image && i.Owner == s.Owner && !i.Deleted() && s.Version >= i.Unshared
}

// Shows are the renditions that the share of an image shows, the largest first.
func (s Share) Shows(i Image) []Rendition {
	if len(s.Renditions) == 0 {
		return i.Renditions
	}
	var shown []Rendition
	for _, r := range i.Renditions {
		if slices.Contains(s.Renditions, r.Name) {
			shown = append(shown, r)
		}
	}
	return shown
}

// ShareListing asks for a page of an owner's shares.
type ShareListing struct {
	Image ID // only its; empty for all
	First int
	After string // a cursor of an earlier page; empty for the first
}

// Checked refuses a listing that is out of bounds, naming the field at fault.
func (l ShareListing) Checked() (ShareListing, error) {
	if l.First < 1 || l.First > MaxPage {
		return l, Invalid("first", "a page has 1 to %d shares", MaxPage)
	}
	if len(l.After) > 512 {
		return l, Invalid("after", "this is not a cursor of shares")
	}
	return l, nil
}

// SharePage is a part of a list of shares.
type SharePage struct {
	Shares  []Share
	Cursors []string // one a share
	End     string   // where the next page begins
	More    bool     // whether there may be a next page
}
