package eventsource

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

func TestWhatAFunctionDoesNotTakeComesAgain(t *testing.T) {
	failed := func(sequences ...string) events.DynamoDBEventResponse {
		var r events.DynamoDBEventResponse
		for _, s := range sequences {
			r.BatchItemFailures = append(r.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: s})
		}
		return r
	}
	no := errors.New("no")
	tests := []struct {
		name    string
		options StreamOptions
		refuse  func(batch string, attempt int) (any, error)
		want    string
	}{
		{"after an error, all of it", StreamOptions{}, func(_ string, attempt int) (any, error) {
			if attempt <= 2 {
				return nil, no
			}
			return nil, nil
		}, "abcd abcd abcd"},
		{"after a partial failure, from the lowest on", StreamOptions{ReportBatchItemFailures: true},
			func(_ string, attempt int) (any, error) {
				if attempt == 1 {
					return failed("104", "103"), nil
				}
				return nil, nil
			}, "abcd cd"},
		{"after an answer about other records, all of it", StreamOptions{ReportBatchItemFailures: true},
			func(_ string, attempt int) (any, error) {
				if attempt == 1 {
					return failed("999"), nil
				}
				return nil, nil
			}, "abcd abcd"},
		{"until its attempts are used up", StreamOptions{MaxAttempts: 2, BatchSize: 3},
			func(batch string, _ int) (any, error) {
				if batch == "abc" {
					return nil, no
				}
				return nil, nil
			}, "abc abc d"},
		{"in halves, until only what fails is given up", StreamOptions{MaxAttempts: 1, BisectOnError: true},
			func(batch string, _ int) (any, error) {
				if strings.Contains(batch, "c") {
					return nil, no
				}
				return nil, nil
			}, "abcd ab cd c d"},
		{"in part, until its attempts are used up", StreamOptions{MaxAttempts: 2, ReportBatchItemFailures: true},
			func(string, int) (any, error) { return failed("103"), nil }, "abcd cd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server, client := newStreamServer(t)
			server.add(0, time.Now(), "INSERT", "a", "b", "c", "d")
			f := &taker{refuse: tt.refuse}
			o := tt.options
			o.Client, o.Function = client, function(t, f.handle)
			o.Checkpoints = checkpoints(t, filepath.Join(t.TempDir(), "c.db"))
			startStream(t, o)
			f.want(t, tt.want)
			wantPosition(t, o.Checkpoints, position{Sequence: "104"})
			f.want(t, tt.want)
		})
	}
}

func TestChangesThatAreTooOldAreGivenUp(t *testing.T) {
	server, client := newStreamServer(t)
	server.add(0, time.Now().Add(-25*time.Hour), "INSERT", "a", "b")
	server.add(0, time.Now(), "INSERT", "c")
	f := &taker{}
	startStream(t, StreamOptions{Client: client, Function: function(t, f.handle)})
	f.want(t, "c")
}

func TestABatchFitsIntoAPayload(t *testing.T) {
	big := change{json: make([]byte, payloadBytes/2)}
	tests := []struct {
		name    string
		changes []change
		size    int
		want    int
	}{
		{"fewer than the size", []change{{}, {}}, 3, 2},
		{"more than the size", []change{{}, {}, {}}, 2, 2},
		{"more than a payload", []change{big, big, big}, 10, 1},
		{"one that is too large by itself", []change{{json: make([]byte, payloadBytes+1)}, {}}, 10, 1},
	}
	for _, tt := range tests {
		if got := fit(tt.changes, tt.size); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}
