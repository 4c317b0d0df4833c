// Package cloudwatch writes the log of a Lambda as CloudWatch reads it: lines of JSON, each with the request that it belongs
// to, and with metrics in CloudWatch's embedded format.
//
// A number in a line becomes a metric by what it was made with, Count, Seconds or Milliseconds; the line is written anyway,
// so that it costs some bytes and no call. Other handlers of slog print such a number like any other.
package cloudwatch

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Namespace is that of all our metrics, and Dimension the name of their only dimension: the function's name on AWS, which
// says the deployment's stage too. Each metric of each function is paid for, by the hour in which it has a value.
const (
	Namespace = "Darkroom"
	Dimension = "FunctionName"
)

// NewLog makes the log of a function.
func NewLog(w io.Writer, function string) *slog.Logger {
	return slog.New(handler{slog.NewJSONHandler(w, nil), function})
}

// Count is a field, and a metric, of how many.
func Count(name string, n int) slog.Attr { return slog.Any(name, metric{float64(n), "Count"}) }

// Seconds is a field, and a metric, of a duration in seconds.
func Seconds(name string, d time.Duration) slog.Attr {
	return slog.Any(name, metric{d.Seconds(), "Seconds"})
}

// Milliseconds is a field, and a metric, of a short duration. How many values it has is a count of what it is the duration of.
func Milliseconds(name string, d time.Duration) slog.Attr {
	return slog.Any(name, metric{float64(d.Microseconds()) / 1000, "Milliseconds"})
}

// metric is a number with one of CloudWatch's units.
type metric struct {
	value float64
	unit  string
}

// LogValue is the number alone.
func (m metric) LogValue() slog.Value { return slog.Float64Value(m.value) }

// handler adds to each line what CloudWatch needs to know.
type handler struct {
	slog.Handler
	function string
}

// WithAttrs keeps adding it. Metrics belong into lines: given here they are plain fields.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs), h.function}
}

// WithGroup gives up on it: CloudWatch finds metrics at the top of a line only.
func (h handler) WithGroup(name string) slog.Handler { return h.Handler.WithGroup(name) }

// Handle writes a line.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	var metrics []definition
	named := false
	r.Attrs(func(a slog.Attr) bool {
		named = named || a.Key == "request"
		if a.Value.Kind() == slog.KindLogValuer {
			if m, ok := a.Value.Any().(metric); ok {
				metrics = append(metrics, definition{a.Key, m.unit})
			}
		}
		return true
	})
	if lc, ok := lambdacontext.FromContext(ctx); ok && !named {
		r.AddAttrs(slog.String("request", lc.AwsRequestID))
	}
	if len(metrics) > 0 {
		r.AddAttrs(slog.String(Dimension, h.function), slog.Any("_aws", embedded{
			Timestamp:         r.Time.UnixMilli(),
			CloudWatchMetrics: []directive{{Namespace, [][]string{{Dimension}}, metrics}},
		}))
	}
	return h.Handler.Handle(ctx, r)
}

// embedded tells CloudWatch which fields of a line are metrics.
type embedded struct {
	Timestamp         int64 // milliseconds of the epoch
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct{ Name, Unit string }
