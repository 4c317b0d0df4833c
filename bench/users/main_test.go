package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestTheVerifiersJobIsDone(t *testing.T) {
	j, err := newJob(3, 5)
	if err != nil {
		t.Fatal(err)
	}
	answer := func(j job) (took, error) {
		text, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := verifyTokens(t.Context(), bytes.NewReader(text), &out); err != nil {
			return took{}, err
		}
		var got took
		return got, json.Unmarshal(out.Bytes(), &got)
	}
	got, err := answer(j)
	if err != nil || got.Cold <= 0 || got.Peak <= 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	another := j
	another.ClientID = "another"
	if _, err := answer(another); err == nil || !strings.Contains(err.Error(), "not accepted") {
		t.Errorf("tokens of another client: %v", err)
	}
	if _, err := answer(job{}); err == nil {
		t.Error("a job without tokens is done")
	}
}
