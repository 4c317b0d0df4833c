package deployed

import (
	"fmt"
	"strings"
	"time"

	"github.com/darkroom/darkroom/internal/local/gateway"
	"github.com/darkroom/darkroom/internal/serverless"
)

// pollers is how many batches of a queue are under way at once.
const pollers = 2

// connect has each function started by its events.
func (d *Deployment) connect() error {
	var routes []gateway.Route
	for _, fn := range d.File.Functions() {
		for _, e := range fn.Events {
			if e.Kind == "httpApi" {
				routes = append(routes, d.route(fn.Name, e))
				continue
			}
			if err := d.source(fn.Name, e); err != nil {
				return fmt.Errorf("connect function %s: %w", fn.Name, err)
			}
		}
	}
	d.Cloud.Route(routes...)
	sources, _ := d.File.At("appSync", "dataSources").(map[string]any)
	for _, s := range sources {
		if serverless.At(s, "type") == "AWS_LAMBDA" {
			d.Cloud.FromAppSync(d.Functions[fmt.Sprint(serverless.At(s, "config", "functionName"))])
		}
	}
	return d.connectPool()
}

// connectPool has the user pool ask the function of its triggers, which is one for all of them.
func (d *Deployment) connectPool() error {
	triggers, _ := serverless.At(d.File.Resource("UserPool"), "Properties", "LambdaConfig").(map[string]any)
	asked := map[string]bool{}
	for _, arn := range triggers {
		text, err := d.File.Text(arn, d.Names)
		if err != nil {
			return fmt.Errorf("connect the user pool: %w", err)
		}
		asked[last(text)] = true
	}
	for name := range asked {
		if len(asked) != 1 || d.Functions[name] == nil {
			return fmt.Errorf("connect the user pool: it asks %v, want one function", asked)
		}
		d.Cloud.FromUserPool(d.Functions[name])
	}
	return nil
}

func (d *Deployment) route(function string, e serverless.Event) gateway.Route {
	if short, ok := e.Of.(string); ok { // "GET /s/{token}"
		method, path, _ := strings.Cut(short, " ")
		return gateway.Route{Method: method, Path: path, Function: d.Functions[function]}
	}
	return gateway.Route{
		Method: strings.ToUpper(fmt.Sprint(e.At("method"))), Path: fmt.Sprint(e.At("path")), Function: d.Functions[function],
		Authorized: e.At("authorizer") != nil,
	}
}

func (d *Deployment) source(function string, e serverless.Event) error {
	f := d.Functions[function]
	switch e.Kind {
	case "sqs":
		arn, err := d.File.Text(e.At("arn"), d.Names)
		if err != nil {
			return err
		}
		return d.Cloud.FromQueue(last(arn), f, pollers, d.opts.Retry)
	case "stream":
		arn, err := d.File.Text(e.At("arn"), d.Names)
		if err != nil {
			return err
		}
		table, _, _ := strings.Cut(strings.TrimPrefix(last(arn), "table/"), "/")
		return d.Cloud.FromStream(table, f)
	case "schedule":
		rate := fmt.Sprint(e.At("rate"))
		if rate != "rate(1 minute)" {
			return fmt.Errorf("a schedule of %s is not understood", rate)
		}
		return d.Cloud.OnSchedule(function, time.Minute, f)
	}
	return fmt.Errorf("an event of kind %s is not understood", e.Kind)
}
