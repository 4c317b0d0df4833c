package server

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
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
	p := &Process{Cmd: &exec.Cmd{Process: self}}
	if _, err := p.CPU(); err != nil {
		t.Skip("this system has no /proc: ", err)
	}
	const size, work = 64 << 20, 300 * time.Millisecond
	u, err := p.During(t.Context(), func() error {
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
	if u.CPU <= 0 || u.Wall < work.Seconds() || u.Peak < size>>20 {
		t.Errorf("got %+v of %v in which %d MiB were used", u, work, size>>20)
	}
}

func TestAReservedAddressIsForTheServerAlone(t *testing.T) {
	address, release, err := Reserve()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if conn, err := net.Dial("tcp", address); err == nil {
		conn.Close()
		t.Errorf("somebody listens on %s already", address)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
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
