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

	SweepEvery = time.Minute         // between two runs of the sweeper
	FeedLag    = 5 * time.Minute     // an image's newest version may be missing from the feed this long
	FeedCheck  = 6 * time.Hour       // between two readings of all images for that
	TombLife   = 30 * 24 * time.Hour // a tombstone is kept this long: much longer than a signed upload lives
	StrayGrace = 24 * time.Hour      // an object that no record names may have been written just now, until then

	UploadLife   = time.Hour           // a signed upload may be started this long
	UploadGrace  = 15 * time.Minute    // after which a PENDING image is given up
	FinishWithin = 30 * time.Minute    // from the first claim to READY or FAILED
	RetryPause   = 10 * time.Second    // between an image's failure and its being tried again, so that nobody keeps workers busy by asking
	TrashLife    = 30 * 24 * time.Hour // a deleted image can be restored this long
	EventLife    = 30 * 24 * time.Hour // the feed keeps an event this long
	EchoLife     = 25 * time.Hour      // a change is heard of from the stream, and an upload comes by its signature, no later
	URLLife      = time.Hour           // a signed URL of a rendition or an original is valid this long, and twice as long at most
)
