package gallery

import "time"

// The timers of the system, in the order that keeps it safe: a worker is stopped before its lease ends, and the lease ends
// before the queue delivers the event again. serverless.yml must say the same.
const (
	ProcessTimeout  = 60 * time.Second  // a processing function may run this long
	Lease           = 75 * time.Second  // a claim is exclusive this long
	QueueVisibility = 360 * time.Second // SQS hides a message in work this long: 6 × the timeout, as AWS advises
	QueueReceives   = 4                 // deliveries before a message becomes a dead letter
	MaxAttempts     = 4                 // claims that ended with the death of their worker, before a picture is given up

	UploadLife   = time.Hour           // a signed upload may be started this long
	UploadGrace  = 15 * time.Minute    // after which a PENDING image is given up
	FinishWithin = 30 * time.Minute    // from the first claim to READY or FAILED
	TrashLife    = 30 * 24 * time.Hour // a deleted image can be restored this long
	EventLife    = 30 * 24 * time.Hour // the feed keeps an event this long
	URLLife      = time.Hour           // a signed URL of a rendition or an original is valid this long
)
