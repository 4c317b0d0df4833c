package gallery

import "time"

// Filter says which of an owner's images are meant; the trash never is. What is zero in it does not restrict.
type Filter struct {
	Status        Status // READY or FAILED: what has not ended is at work anyway
	Failure       FailureCode
	UploadedFrom  time.Time
	UploadedUntil time.Time // the moment itself excluded
}

// Checked refuses a filter that can mean nothing, naming the field at fault.
func (f Filter) Checked() (Filter, error) {
	switch {
	case f.Status != "" && !f.Status.Ended():
		return f, Invalid("status", "only READY and FAILED images are processed again")
	case f.Failure != "" && f.Status == Ready:
		return f, Invalid("failure", "a READY image has none")
	case !f.UploadedUntil.IsZero() && !f.UploadedFrom.Before(f.UploadedUntil):
		return f, Invalid("uploadedUntil", "it comes before uploadedFrom")
	}
	return f, nil
}

// Takes tells whether an image is meant, and can be processed: its bytes are there.
func (f Filter) Takes(i Image) bool {
	return i.Status.Ended() && !i.Deleted() && !i.Empty() &&
		(f.Status == "" || f.Status == i.Status) && (f.Failure == "" || f.Failure == i.Failure) &&
		!i.CreatedAt.Before(f.UploadedFrom) && (f.UploadedUntil.IsZero() || i.CreatedAt.Before(f.UploadedUntil))
}

// JobState is how far a job is.
type JobState string

// The states of a job. An ESTIMATE was never begun.
const (
	JobEstimate  JobState = "ESTIMATE"
	JobRunning   JobState = "RUNNING"
	JobDone      JobState = "DONE"
	JobCancelled JobState = "CANCELLED"
)

// Job asks for many images to be processed again, some at a time. It goes from image to image by their ids.
type Job struct {
	Owner   Owner
	ID      ID
	State   JobState
	Filter  Filter
	Survey  Survey
	Asked   int64 // images so far
	After   ID    // the last image looked at
	Until   ID    // images younger than the job are not its business
	Version int64

	CreatedAt, UpdatedAt time.Time
}

// Survey is what there is to do, as it was counted.
type Survey struct {
	Images   int64
	Measured int64         // of them, those whose last development was timed
	Took     time.Duration // by those
}

// Price is what a second of development costs: Lambda on arm64 at the memory that serverless.yml gives to process. S3's and
// DynamoDB's requests come on top, about as much again as a quarter of a second.
const (
	Price           = 0.0000133334 * ProcessMemory / 1024 // US dollars
	ProcessMemory   = 1769                                // MB: one whole CPU
	HeifMemory      = 3008                                // MB of the function for HEIC and AVIF: what a new account may have
	assumedPerImage = 500 * time.Millisecond              // where nothing was measured
)

// Seconds is how long all of it will take: as many images as there are, each as long as those measured took.
func (s Survey) Seconds() float64 {
	each := assumedPerImage
	if s.Measured > 0 {
		each = s.Took / time.Duration(s.Measured)
	}
	return float64(s.Images) * each.Seconds()
}

// Cost is what that costs, in US dollars.
func (s Survey) Cost() float64 { return s.Seconds() * Price }

// Images is how many there were when the job was begun.
func (j Job) Images() int64 { return j.Survey.Images }

// Seconds is how long their processing takes.
func (j Job) Seconds() float64 { return j.Survey.Seconds() }

// Cost is what that costs, in US dollars.
func (j Job) Cost() float64 { return j.Survey.Cost() }

// Add counts an image.
func (s Survey) Add(i Image) Survey {
	s.Images++
	if i.Took > 0 {
		s.Measured++
		s.Took += i.Took
	}
	return s
}

// Advance notes that the job has come to an image, and asked for some more.
func (j Job) Advance(to ID, asked int64, finished bool, now time.Time) Job {
	j.After, j.Asked = to, j.Asked+asked
	if finished {
		j.State = JobDone
	}
	return j.after(now)
}

// Cancel ends a job that runs. What it has asked for already is done.
func (j Job) Cancel(now time.Time) Job {
	if j.State != JobRunning {
		return j
	}
	j.State = JobCancelled
	return j.after(now)
}

func (j Job) after(now time.Time) Job {
	j.Version++
	j.UpdatedAt = Time(now)
	return j
}
