// Package sqs puts an image back into the processing queue.
package sqs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/darkroom/darkroom/gallery"
)

// Queue is the processing queue.
type Queue struct {
	Client *sqs.Client
	URL    string
	// Body writes the message for an image's original: S3's own event, so that the processor has one kind of input.
	Body func(owner gallery.Owner, id gallery.ID) (string, error)
}

// Open makes the client that all of this package works with.
func Open(cfg aws.Config) *sqs.Client { return sqs.NewFromConfig(cfg) }

// Requeue asks for an image to be processed (again). Asking twice is harmless: the second delivery finds the work done.
func (q Queue) Requeue(ctx context.Context, owner gallery.Owner, id gallery.ID) error {
	body, err := q.Body(owner, id)
	if err != nil {
		return err
	}
	if _, err := q.Client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.URL, MessageBody: &body}); err != nil {
		return fmt.Errorf("requeue image %s: %w", id, err)
	}
	return nil
}
