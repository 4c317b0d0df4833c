package main

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/darkroom/darkroom/bench/server"
)

func TestMirrorWalksToAndFro(t *testing.T) {
	var got []int
	for i := range 8 {
		got = append(got, mirror(i, 3))
	}
	if want := []int{0, 1, 2, 2, 1, 0, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPhotosDifferInBytesAndNotInPicture(t *testing.T) {
	picture, err := os.ReadFile("../../testdata/sunrise.jpg")
	if err != nil {
		t.Fatal(err)
	}
	a := &album{picture: picture, dir: t.TempDir()}
	paths, err := a.take(2)
	if err != nil {
		t.Fatal(err)
	}
	var last []byte
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(data, last) {
			t.Errorf("%s holds the bytes of another", path)
		}
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		last = data
	}
}

func TestAnArrivalIsHeardBeforeAndAfterItIsWaitedFor(t *testing.T) {
	a := newArrivals()
	broken := errors.New("broken")
	a.tell("early", nil)
	a.tell("early", broken) // not heard any more
	go a.tell("late", broken)
	for id, want := range map[string]error{"early": nil, "late": broken} {
		if err := a.wait(t.Context(), id); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", id, err, want)
		}
	}
	a.end(io.EOF)
	if err := a.wait(t.Context(), "never"); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want why the subscription ended", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newArrivals().wait(cancelled, "never"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestReadingChecksEveryAnswer(t *testing.T) {
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/broken" {
			http.Error(w, "broken", http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, "item item")
	}))
	defer s.Close()
	web := server.NewWeb(connections)
	defer web.CloseIdleConnections()
	r := reading{method: http.MethodGet, url: s.URL, holds: []byte("item"), times: 2}
	answers, err := r.repeat(t.Context(), web, 50*time.Millisecond)
	if err != nil || int64(answers) != asked.Load() || answers == 0 {
		t.Errorf("got %d answers, %v; the server gave %d", answers, err, asked.Load())
	}
	r.times = 3
	if _, err := r.repeat(t.Context(), web, 50*time.Millisecond); err == nil {
		t.Error("an answer with too little in it was taken")
	}
	r.url += "/broken"
	if _, err := r.repeat(t.Context(), web, 50*time.Millisecond); err == nil {
		t.Error("an error was taken for an answer")
	}
}
