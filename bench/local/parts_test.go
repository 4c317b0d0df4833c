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
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestCPUIsReadBehindAnyName(t *testing.T) {
	const rest = " S 1 2 3 0 -1 4194560 100 0 0 0 250 50 7 8 20 0 9 0 1234"
	for name, c := range map[string]struct {
		stat string
		want float64
		ok   bool
	}{
		"a plain name":            {"12 (darkroom)" + rest, 3, true},
		"a name of digits and )":  {"12 (a) 9 9) 1 (b)" + rest, 3, true},
		"a line that ends early":  {"12 (darkroom) S 1 2", 0, false},
		"no line":                 {"", 0, false},
		"something else for time": {"12 (x) S 1 2 3 4 5 6 7 8 9 10 soon 50", 0, false},
	} {
		if got, err := parseCPU(c.stat); got != c.want || (err == nil) != c.ok {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, c.want)
		}
	}
}

func TestMemoryIsReadInMiB(t *testing.T) {
	const status = "Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t    1536 kB\nVmSwap:\tnone kB\n"
	for line, want := range map[string]float64{"VmHWM": 2, "VmRSS": 1.5, "VmSwap": 0, "Vm": 0} {
		if got, err := parseMemory([]byte(status), line); got != want || (err == nil) != (want > 0) {
			t.Errorf("%s: got %v, %v, want %v", line, got, err, want)
		}
	}
}

func TestWorkIsMeasuredFromOutside(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: &exec.Cmd{Process: self}}
	if _, err := p.cpu(); err != nil {
		t.Skip("this system has no /proc: ", err)
	}
	const size, work = 64 << 20, 300 * time.Millisecond
	u, err := p.during(t.Context(), func() error {
		block := make([]byte, size)
		for until := time.Now().Add(work); time.Now().Before(until); {
			for i := 0; i < size; i += 4096 {
				block[i]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if u.cpu <= 0 || u.wall < work.Seconds() || u.peak < size>>20 {
		t.Errorf("got %+v of %v in which %d MiB were used", u, work, size>>20)
	}
}

func TestMedianIsTheMiddle(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 2, 100}, 3}} {
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v: got %v, want %v", c.values, got, c.want)
		}
	}
}

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

func TestServerSentEventsAreHeardWhole(t *testing.T) {
	const stream = "id:1\nevent:PB_CONNECT\ndata:{\"a\":1}\n\n: a comment\n\nevent: images\ndata: {\ndata: }\n\ndata:cut"
	var got []string
	err := hear(strings.NewReader(stream), func(event string, data []byte) error {
		got = append(got, event+" "+string(data))
		return nil
	})
	if want := []string{`PB_CONNECT {"a":1}`, "images {}"}; !slices.Equal(got, want) || !errors.Is(err, io.EOF) {
		t.Errorf("got %q, %v, want %q", got, err, want)
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
	web := newWeb(connections)
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
