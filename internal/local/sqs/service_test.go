package sqs

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

// open opens queues "work", which gives up after two receives, and "dead".
func open(t testing.TB, path string, o Options) *Service {
	t.Helper()
	s, err := Open(path, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	for _, q := range []Queue{{Name: "dead"}, {Name: "work", MaxReceives: 2, DeadLetter: "dead"}, {Name: "work-2"}} {
		if err := s.Declare(q); err != nil {
			t.Fatalf("Declare(%s): %v", q.Name, err)
		}
	}
	return s
}

func client(t *testing.T, s *Service) (*sqs.Client, string) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL), Region: "us-east-1", RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}), server.URL + "/000000000000/"
}

func TestAMessageTravelsThroughTheSDK(t *testing.T) {
	c, base := client(t, open(t, filepath.Join(t.TempDir(), "q.db"), Options{}))
	found, err := c.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("work")})
	if err != nil || aws.ToString(found.QueueUrl) != base+"work" {
		t.Fatalf("GetQueueUrl: got %v, %v, want %s", found, err, base+"work")
	}
	const body = "a body\twith <tags>, \"quotes\"\n & ünïcödé 🖼"
	sent, err := c.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: found.QueueUrl, MessageBody: aws.String(body)})
	if err != nil {
		t.Fatalf("SendMessage: %v", err)
	}
	got, err := c.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: found.QueueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 10,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
	})
	if err != nil || len(got.Messages) != 1 {
		t.Fatalf("ReceiveMessage: got %v, %v, want one message", got, err)
	}
	m := got.Messages[0]
	if aws.ToString(m.Body) != body || aws.ToString(m.MessageId) != aws.ToString(sent.MessageId) {
		t.Errorf("got %q as %s, want %q as %s", *m.Body, *m.MessageId, body, *sent.MessageId)
	}
	if m.Attributes["ApproximateReceiveCount"] != "1" || len(m.Attributes["SentTimestamp"]) != 13 {
		t.Errorf("got attributes %v, want a first receive and a time in milliseconds", m.Attributes)
	}
	wantDepth(t, c, base+"work", "0", "1")
	_, err = c.ChangeMessageVisibility(t.Context(), &sqs.ChangeMessageVisibilityInput{
		QueueUrl: found.QueueUrl, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 60,
	})
	if err != nil {
		t.Errorf("ChangeMessageVisibility: %v", err)
	}
	_, err = c.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: found.QueueUrl, ReceiptHandle: m.ReceiptHandle})
	if err != nil {
		t.Errorf("DeleteMessage: %v", err)
	}
	wantDepth(t, c, base+"work", "0", "0")
}

func wantDepth(t *testing.T, c *sqs.Client, url, visible, inFlight string) {
	t.Helper()
	out, err := c.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(url), AttributeNames: []types.QueueAttributeName{"All"},
	})
	if err != nil {
		t.Fatalf("GetQueueAttributes: %v", err)
	}
	a := out.Attributes
	if a["ApproximateNumberOfMessages"] != visible || a["ApproximateNumberOfMessagesNotVisible"] != inFlight {
		t.Errorf("got attributes %v, want %s visible, %s in flight", a, visible, inFlight)
	}
	if a["QueueArn"] != "arn:aws:sqs:us-east-1:000000000000:work" || !strings.Contains(a["RedrivePolicy"], ":dead") {
		t.Errorf("got attributes %v, want the ARN of work and a redrive to dead", a)
	}
}

func TestQueuesAreListedByPrefix(t *testing.T) {
	c, base := client(t, open(t, filepath.Join(t.TempDir(), "q.db"), Options{}))
	out, err := c.ListQueues(t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: aws.String("work")})
	if err != nil {
		t.Fatalf("ListQueues: %v", err)
	}
	if got, want := strings.Join(out.QueueUrls, " "), base+"work "+base+"work-2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRefusalsAreTyped(t *testing.T) {
	c, base := client(t, open(t, filepath.Join(t.TempDir(), "q.db"), Options{}))
	work, gone := aws.String(base+"work"), aws.String(base+"gone")
	send := func(url *string, body string, delay int32) error {
		_, err := c.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: url, MessageBody: aws.String(body), DelaySeconds: delay,
		})
		return err
	}
	remove := func(receipt string) error {
		_, err := c.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: work, ReceiptHandle: aws.String(receipt)})
		return err
	}
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"an unknown queue", send(gone, "x", 0), "AWS.SimpleQueueService.NonExistentQueue"},
		{"a long body", send(work, strings.Repeat("x", MaxBodyBytes+1), 0), "InvalidParameterValue"},
		{"an empty body", send(work, "", 0), "MissingParameter"},
		{"a control character", send(work, "\x01", 0), "InvalidMessageContents"},
		{"a long delay", send(work, "x", 901), "InvalidParameterValue"},
		{"no receipt", remove("x"), "ReceiptHandleIsInvalid"},
	}
	for _, tt := range tests {
		var got smithy.APIError
		if !errors.As(tt.err, &got) || got.ErrorCode() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, tt.err, tt.want)
		}
	}
	var missing *types.QueueDoesNotExist
	if err := send(gone, "x", 0); !errors.As(err, &missing) {
		t.Errorf("got %T, want *types.QueueDoesNotExist", err)
	}
	var unsupported *types.UnsupportedOperation
	if _, err := c.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q")}); !errors.As(err, &unsupported) {
		t.Errorf("CreateQueue: got %v, want *types.UnsupportedOperation", err)
	}
}

func TestTheLargestBodyFits(t *testing.T) {
	c, base := client(t, open(t, filepath.Join(t.TempDir(), "q.db"), Options{}))
	_, err := c.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: aws.String(base + "work"), MessageBody: aws.String(strings.Repeat("<", MaxBodyBytes)),
	})
	if err != nil {
		t.Errorf("SendMessage: %v", err)
	}
}

func TestADeclarationThatCannotWorkIsRefused(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "q.db"), Options{})
	for name, q := range map[string]Queue{
		"no name":                       {},
		"a path":                        {Name: "../x"},
		"an unknown dead-letter queue":  {Name: "q", MaxReceives: 1, DeadLetter: "gone"},
		"receives without dead letters": {Name: "q", MaxReceives: 1},
		"a day of invisibility":         {Name: "q", Visibility: 2 * MaxVisibility},
	} {
		if err := s.Declare(q); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func FuzzServeHTTP(f *testing.F) {
	s := open(f, filepath.Join(f.TempDir(), "q.db"), Options{})
	for _, operation := range []string{
		"SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility",
		"GetQueueUrl", "GetQueueAttributes", "ListQueues", "Nothing",
	} {
		f.Add(operation, `{"QueueUrl":"http://x/work","QueueName":"work","MessageBody":"x","ReceiptHandle":"MS8x"}`)
		f.Add(operation, `{"QueueUrl":"work","VisibilityTimeout":-9223372036854775808,"DelaySeconds":1e300}`)
	}
	f.Fuzz(func(t *testing.T, operation, body string) {
		if strings.Contains(body, "Wait") {
			return
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set(targetHeader, targetPrefix+operation)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s %q: got %d: %s", operation, body, w.Code, w.Body)
		}
	})
}
