package sqs

import (
	"encoding/json"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

const (
	targetHeader = "X-Amz-Target"
	targetPrefix = "AmazonSQS."
	// maxRequestBytes leaves room for a body of which JSON escapes every byte.
	maxRequestBytes = 6*MaxBodyBytes + 64<<10
)

// call decodes a request, does what it asks, and returns what to encode.
func (s *Service) call(r *http.Request, body []byte) (any, error) {
	operation, ok := strings.CutPrefix(r.Header.Get(targetHeader), targetPrefix)
	if r.Method != http.MethodPost || !ok {
		return nil, &Error{Code: UnsupportedOperation, Message: "Only the JSON protocol is spoken here."}
	}
	var in request
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, invalid("The request is not valid JSON for %s.", operation)
	}
	queue := path.Base(in.QueueURL)
	switch operation {
	case "ListQueues":
		return s.listQueues(r, in)
	case "GetQueueUrl":
		return s.getQueueURL(r, in)
	case "GetQueueAttributes":
		return s.getQueueAttributes(queue, in)
	case "SendMessage":
		return s.sendMessage(queue, in)
	case "ReceiveMessage":
		return s.receiveMessage(r, queue, in)
	case "DeleteMessage":
		return empty{}, s.Delete(queue, in.ReceiptHandle)
	case "ChangeMessageVisibility":
		return empty{}, s.ChangeVisibility(queue, in.ReceiptHandle, seconds(in.VisibilityTimeout))
	}
	return nil, &Error{Code: UnsupportedOperation, Message: "The operation is not known here."}
}

// request is the union of what the operations take.
type request struct {
	QueueURL                    string `json:"QueueUrl"`
	QueueName                   string
	QueueNamePrefix             string
	MessageBody                 string
	DelaySeconds                *int64
	MessageAttributes           map[string]json.RawMessage
	ReceiptHandle               string
	VisibilityTimeout           *int64
	MaxNumberOfMessages         *int64
	WaitTimeSeconds             *int64
	AttributeNames              []string
	MessageSystemAttributeNames []string
}

type empty struct{}

// seconds reads a number of seconds; what is absurd stays out of range.
func seconds(n *int64) time.Duration {
	if n == nil {
		return 0
	}
	return time.Duration(max(-1, min(*n, 1<<30))) * time.Second
}

func (s *Service) queueURL(r *http.Request, name string) string {
	base := s.opts.URL
	if base == "" {
		base = "http://" + r.Host
	}
	return strings.TrimSuffix(base, "/") + "/" + account + "/" + name
}

func (s *Service) listQueues(r *http.Request, in request) (any, error) {
	urls := []string{}
	for _, name := range s.names(in.QueueNamePrefix) {
		urls = append(urls, s.queueURL(r, name))
	}
	return map[string][]string{"QueueUrls": urls}, nil
}

func (s *Service) getQueueURL(r *http.Request, in request) (any, error) {
	if _, err := s.queue(in.QueueName); err != nil {
		return nil, err
	}
	return map[string]string{"QueueUrl": s.queueURL(r, in.QueueName)}, nil
}

func (s *Service) getQueueAttributes(queue string, in request) (any, error) {
	q, err := s.queue(queue)
	if err != nil {
		return nil, err
	}
	depth := q.depth(s.opts.Now())
	q.mu.Lock()
	config := q.config
	q.mu.Unlock()
	all := map[string]string{
		"QueueArn":                              s.ARN(queue),
		"VisibilityTimeout":                     strconv.Itoa(int(config.Visibility / time.Second)),
		"MaximumMessageSize":                    strconv.Itoa(MaxBodyBytes),
		"ApproximateNumberOfMessages":           strconv.Itoa(depth.Visible),
		"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(depth.InFlight),
		"ApproximateNumberOfMessagesDelayed":    strconv.Itoa(depth.Delayed),
	}
	if config.DeadLetter != "" {
		policy, err := json.Marshal(map[string]any{
			"deadLetterTargetArn": s.ARN(config.DeadLetter), "maxReceiveCount": config.MaxReceives,
		})
		if err != nil {
			return nil, err
		}
		all["RedrivePolicy"] = string(policy)
	}
	return map[string]map[string]string{"Attributes": chosen(all, in.AttributeNames)}, nil
}

// chosen keeps the attributes that are named, or all if "All" is.
func chosen(all map[string]string, names []string) map[string]string {
	some := map[string]string{}
	for _, name := range names {
		if name == "All" {
			return all
		}
		if value, ok := all[name]; ok {
			some[name] = value
		}
	}
	return some
}

func (s *Service) sendMessage(queue string, in request) (any, error) {
	if len(in.MessageAttributes) > 0 {
		return nil, &Error{Code: UnsupportedOperation, Message: "Message attributes are not kept here."}
	}
	m, err := s.Send(queue, in.MessageBody, seconds(in.DelaySeconds))
	if err != nil {
		return nil, err
	}
	return map[string]string{"MessageId": m.ID, "MD5OfMessageBody": m.MD5OfBody}, nil
}

// received is a message as ReceiveMessage shows it.
type received struct {
	MessageID     string            `json:"MessageId"`
	ReceiptHandle string            `json:"ReceiptHandle"`
	Body          string            `json:"Body"`
	MD5OfBody     string            `json:"MD5OfBody"`
	Attributes    map[string]string `json:"Attributes,omitempty"`
}

func (s *Service) receiveMessage(r *http.Request, queue string, in request) (any, error) {
	o := ReceiveOptions{Wait: seconds(in.WaitTimeSeconds)}
	if o.Wait < 0 || o.Wait > MaxWait {
		return nil, invalid("Value for parameter WaitTimeSeconds is invalid. Reason: Must be between 0 and 20.")
	}
	if n := in.MaxNumberOfMessages; n != nil {
		if *n < 1 || *n > MaxReceive {
			return nil, invalid("Value for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10.")
		}
		o.Max = int(*n)
	}
	if in.VisibilityTimeout != nil {
		visibility := seconds(in.VisibilityTimeout)
		o.Visibility = &visibility
	}
	messages, err := s.Receive(r.Context(), queue, o)
	if err != nil {
		return nil, err
	}
	shown := []received{}
	for _, m := range messages {
		attributes := chosen(m.Attributes(), append(in.AttributeNames, in.MessageSystemAttributeNames...))
		shown = append(shown, received{m.ID, m.Receipt, m.Body, m.MD5OfBody, attributes})
	}
	return map[string][]received{"Messages": shown}, nil
}

// Attributes are the system attributes of a received message by their names in
// SQS; times are milliseconds of the epoch.
func (m Message) Attributes() map[string]string {
	return map[string]string{
		"ApproximateReceiveCount":          strconv.Itoa(m.Receives),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.First.UnixMilli(), 10),
		"SentTimestamp":                    strconv.FormatInt(m.Sent.UnixMilli(), 10),
		"SenderId":                         account,
	}
}

func writeAnswer(w http.ResponseWriter, answer any) {
	// The status is sent: a client that went away is nobody to tell.
	_ = json.NewEncoder(w).Encode(answer)
}

func writeError(w http.ResponseWriter, e *Error) {
	status, blame := http.StatusBadRequest, "Sender"
	if e.Code == InternalError {
		status, blame = http.StatusInternalServerError, "Receiver"
	}
	w.Header().Set("X-Amzn-Query-Error", e.legacy()+";"+blame)
	w.WriteHeader(status)
	writeAnswer(w, map[string]string{"__type": "com.amazonaws.sqs#" + string(e.Code), "message": e.Message})
}
