package local

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"github.com/darkroom/darkroom/internal/local/eventsource"
	"github.com/darkroom/darkroom/internal/local/gateway"
	"github.com/darkroom/darkroom/internal/local/lambda"
)

// Function makes a Lambda function of a handler, which is called with JSON as on AWS.
func (c *Cloud) Function(name string, handler any, timeout time.Duration, concurrency int) (*lambda.Function, error) {
	f, err := lambda.New(lambda.Options{
		Name: name, Handler: handler, Timeout: timeout, Concurrency: concurrency,
		Region: Region, NewID: c.opts.NewID, Log: c.opts.Log,
	})
	if err != nil {
		return nil, err
	}
	c.onClose(f.Close)
	return f, nil
}

// FromQueue gives the messages of a queue to a function, one at a time to each of some pollers. What it does not take
// comes again after a while.
func (c *Cloud) FromQueue(queue string, f eventsource.Invoker, pollers int, retry time.Duration) error {
	m, err := eventsource.StartQueue(eventsource.QueueOptions{
		Queues: c.queues, Queue: queue, Function: f, Pollers: pollers, ReportBatchItemFailures: true, RetryAfter: retry,
		Log: c.opts.Log,
	})
	if err != nil {
		return err
	}
	c.onClose(m.Close)
	return nil
}

// FromStream gives the changes of a table to a function, what was removed apart.
func (c *Cloud) FromStream(table string, f eventsource.Invoker) error {
	checkpoints, err := eventsource.OpenCheckpoints(c.path("checkpoints.db"))
	if err != nil {
		return err
	}
	c.onClose(func(context.Context) error { return checkpoints.Close() })
	m, err := eventsource.StartStream(eventsource.StreamOptions{
		Name: table, Client: dynamodbstreams.NewFromConfig(c.AWS(c.Endpoints.DynamoDB)), Table: table, Function: f,
		EventNames: []string{"INSERT", "MODIFY"}, ReportBatchItemFailures: true, BisectOnError: true,
		Checkpoints: checkpoints, Wake: c.written, Now: c.opts.Now, Log: c.opts.Log,
	})
	if err != nil {
		return err
	}
	c.onClose(m.Close)
	return nil
}

// FromAppSync lets a function answer the fields that AppSync's shared resolver stands for. It is called once.
func (c *Cloud) FromAppSync(f eventsource.Invoker) { c.fields.Store(&f) }

// FromUserPool lets a function decide who may join and who may sign in. It is called once.
func (c *Cloud) FromUserPool(f eventsource.Invoker) { c.triggers.Store(&f) }

// OnSchedule starts a function again and again.
func (c *Cloud) OnSchedule(name string, every time.Duration, f eventsource.Invoker) error {
	m, err := eventsource.StartSchedule(eventsource.ScheduleOptions{
		Name: name, Every: every, Function: f, Region: Region, Now: c.opts.Now, NewID: c.opts.NewID, Log: c.opts.Log,
	})
	if err != nil {
		return err
	}
	c.onClose(m.Close)
	return nil
}

// Route serves the API's routes. It is called once.
func (c *Cloud) Route(routes ...gateway.Route) {
	c.serveOn(c.api, gateway.New(gateway.Options{
		Routes: routes, Verify: c.tokens.Verify, AllowOrigins: []string{"*"},
		Now: c.opts.Now, NewID: c.opts.NewID, Log: c.opts.Log,
	}))
}
