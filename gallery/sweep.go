package gallery

import "time"

// Ref names an image.
type Ref struct {
	Owner Owner
	ID    ID
}

// Place is where one is in the list of what is due, which comes in parts.
type Place struct {
	Part  int
	After string
}

// Round is where the sweeper is, so that the next run goes on there and nothing at the front keeps it from the rest.
type Round struct {
	Due      Place
	Checked  Ref       // the last image whose newest version was looked for in the feed
	Checking bool      // whether it is in the middle of all images
	CheckAt  time.Time // when it begins anew
	Removed  Owner     // the last user whose removal was taken further
}

// Object is something that is stored for an image.
type Object struct {
	Key    string
	Owner  Owner
	ID     ID
	Stored time.Time
	Upload string // of parts that wait to be joined: the store's name for them
}
