package gallery

import "time"

// Event tells subscribers that an image changed. It is thin on purpose: no URL, place or file name travels in it.
type Event struct {
	Owner         Owner
	ID            ID
	Seq           int64 // the owner's changes are numbered 1, 2, 3, … without a gap
	Version       int64 // of the image, after the change
	Status        Status
	Stage         Stage
	Failure       FailureCode
	Width, Height int // 0 until known
	Placeholder   string
	DeletedAt     time.Time // zero unless the image is in the trash
	At            time.Time // of the change
}

// Changes is a stretch of an owner's feed.
type Changes struct {
	Events    []Event // consecutive, the first one's Seq being one more than what was asked after
	Head      int64   // the last number given so far
	StartOver bool    // what was asked after is no longer kept, or lies past the head: read all images, then go on from Head
}
