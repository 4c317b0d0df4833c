package deployed_test

import (
	"encoding/json"

	sdksqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
)

// The operator's hands: past the gates, straight to the engines.

func (s *site) images() dynamodb.Images {
	return dynamodb.Images{DB: dynamodb.Open(s.Cloud.AWS(s.Cloud.Endpoints.DynamoDB)), Tables: s.Tables()}
}

func (s *site) bucket() s3.Bucket {
	return s3.Bucket{
		Client:  s3.Open(s.Cloud.AWS(s.Cloud.Endpoints.S3), true),
		Uploads: s.Names["UploadBucket"], Renditions: s.Names["RenditionBucket"],
	}
}

func (s *site) queue(name string) sqs.Queue {
	return sqs.Queue{
		Client: sqs.Open(s.Cloud.AWS(s.Cloud.Endpoints.SQS)), URL: s.Names[name],
		Body: s3.Requeue{Bucket: s.Names["UploadBucket"]}.Body,
	}
}

// tell puts any text into a queue.
func (s *site) tell(queue, body string) {
	s.t.Helper()
	q := s.queue(queue)
	if _, err := q.Client.SendMessage(s.t.Context(), &sdksqs.SendMessageInput{QueueUrl: &q.URL, MessageBody: &body}); err != nil {
		s.t.Fatal(err)
	}
}

// change stores an image as somebody who is in a hurry would leave it.
func (s *site) change(owner gallery.Owner, id gallery.ID, do func(*gallery.Image)) {
	s.t.Helper()
	s.eventually("a change of "+string(id), func() error {
		i, err := s.images().Record(s.t.Context(), owner, id)
		if err != nil {
			return err
		}
		i.Version++
		i.Change = gallery.Usage{}
		do(&i)
		return s.images().Save(s.t.Context(), i)
	})
}

// invoke calls a function as its event source would.
func (s *site) invoke(function string, event any) (string, error) {
	s.t.Helper()
	payload, err := json.Marshal(event)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.Functions[function].Invoke(s.t.Context(), payload)
	return string(answer), err
}

// sweep runs the sweeper once.
func (s *site) sweep() {
	s.t.Helper()
	if _, err := s.invoke("sweep", map[string]string{"source": "aws.events", "detail-type": "Scheduled Event"}); err != nil {
		s.t.Fatal(err)
	}
}
