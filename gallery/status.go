package gallery

import "slices"

// Status is where an image is on its way. READY and FAILED are ends; both may be processed again.
type Status string

// The four statuses: PENDING awaits its bytes, PROCESSING has been claimed by a worker, READY has all its renditions,
// FAILED has a FailureCode that says why it has none.
const (
	Pending    Status = "PENDING"
	Processing Status = "PROCESSING"
	Ready      Status = "READY"
	Failed     Status = "FAILED"
)

// Next lists what may follow a status. PROCESSING may follow itself: a worker takes over from one whose lease ran out.
// PENDING follows FAILED when bytes that never came, or were others, are announced once more.
func (s Status) Next() []Status {
	switch s {
	case Pending:
		return []Status{Processing, Failed}
	case Processing:
		return []Status{Processing, Ready, Failed}
	case Ready:
		return []Status{Processing}
	case Failed:
		return []Status{Processing, Pending}
	}
	return nil
}

// CanBecome tells whether next may follow s.
func (s Status) CanBecome(next Status) bool { return slices.Contains(s.Next(), next) }

// Ended tells whether nothing more will happen to an image by itself.
func (s Status) Ended() bool { return s == Ready || s == Failed }

// Valid tells whether s is one of the four.
func (s Status) Valid() bool { return s.Next() != nil }

// Stage is the step of processing that an image is at; empty before and after.
type Stage string

// Developing is announced when a worker has claimed the image and reads and renders it.
const Developing Stage = "DEVELOPING"

// FailureCode says why an image is FAILED.
type FailureCode string

// The reasons for failure. Each is an outcome of the picture or its upload, never of our infrastructure.
const (
	Unsupported  FailureCode = "UNSUPPORTED_FORMAT" // not a format that Darkroom reads
	Corrupt      FailureCode = "CORRUPT"            // the right format, broken or cut short
	TooLarge     FailureCode = "TOO_LARGE"          // more pixels, or more memory to decode, than allowed
	Mismatch     FailureCode = "MISMATCH"           // the stored bytes are not those promised at createUpload
	NeverArrived FailureCode = "NEVER_ARRIVED"      // no bytes came before the signed upload expired
	TimedOut     FailureCode = "TIMED_OUT"          // not finished by its deadline
)

// Message is a sentence for the person whose picture failed: what happened and what to do.
func (c FailureCode) Message() string {
	switch c {
	case Unsupported:
		return "This file is not a picture Darkroom can read. Upload a JPEG, PNG, GIF, WebP, HEIC, AVIF, BMP or TIFF; of a camera's raw file, the JPEG beside it."
	case Corrupt:
		return "This picture is damaged or cut short. Upload it again from the original."
	case TooLarge:
		return "This picture has more pixels than Darkroom develops. Upload a smaller version."
	case Mismatch:
		return "The bytes that arrived are not the ones announced. Upload the picture again."
	case NeverArrived:
		return "The picture's bytes never arrived. Upload it again."
	case TimedOut:
		return "The picture could not be developed in time. Try again later."
	}
	return ""
}
