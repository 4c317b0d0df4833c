package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// order asks a worker to do the job once.
type order struct {
	Photo string `json:"photo"`         // path of a JPEG
	Out   string `json:"out,omitempty"` // folder for the files, 0.jpg being the largest; empty to throw them away
}

// receipt says what an order took.
type receipt struct {
	Wall  float64 `json:"wall"`  // seconds, from before the photo is read until all files are in memory
	CPU   float64 `json:"cpu"`   // seconds that the worker has used since it began to exist
	Peak  float64 `json:"peak"`  // MiB of resident memory that it has ever had
	Bytes int64   `json:"bytes"` // of the files together
}

// job does what an order asks for and answers the bytes of the files, leaving usage to say what it took.
type job struct {
	do    func(context.Context, order) (files int64, err error)
	usage func() (cpu, peak float64, err error)
}

// serve takes an order a line until there are no more, and gives a receipt a line.
func serve(ctx context.Context, in io.Reader, out io.Writer, j job) error {
	orders, receipts := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var o order
		if err := orders.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read an order: %w", err)
		}
		started := time.Now()
		size, err := j.do(ctx, o)
		if err != nil {
			return fmt.Errorf("%s: %w", o.Photo, err)
		}
		r := receipt{Wall: time.Since(started).Seconds(), Bytes: size}
		if r.CPU, r.Peak, err = j.usage(); err != nil {
			return err
		}
		if err := receipts.Encode(r); err != nil {
			return fmt.Errorf("write a receipt: %w", err)
		}
	}
}

// keep writes the files that an order made, where they are asked for.
func keep(dir string, files [][]byte) error {
	if dir == "" {
		return nil
	}
	for i, data := range files {
		if err := os.WriteFile(fileOf(dir, i), data, 0o600); err != nil {
			return fmt.Errorf("keep a file: %w", err)
		}
	}
	return nil
}

func fileOf(dir string, i int) string { return filepath.Join(dir, fmt.Sprintf("%d.jpg", i)) }

// worker is a running process that takes orders.
type worker struct {
	cmd      *exec.Cmd
	orders   io.WriteCloser
	receipts *bufio.Reader
	said     bytes.Buffer // on stderr
	over     bool
}

// hire starts a contestant.
func hire(ctx context.Context, c contestant) (*worker, error) {
	w := &worker{cmd: exec.CommandContext(ctx, c.args[0], c.args[1:]...)}
	w.cmd.Stderr = &w.said
	orders, err := w.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.who, err)
	}
	receipts, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.who, err)
	}
	if err := w.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", c.who, err)
	}
	w.orders, w.receipts = orders, bufio.NewReader(receipts)
	return w, nil
}

// give has an order carried out. A worker that cannot is dismissed.
func (w *worker) give(o order) (r receipt, err error) {
	if err = json.NewEncoder(w.orders).Encode(o); err == nil {
		var line []byte
		if line, err = w.receipts.ReadBytes('\n'); err == nil {
			err = json.Unmarshal(line, &r)
		}
	}
	if err != nil {
		_, ending := w.dismiss()
		return receipt{}, errors.Join(fmt.Errorf("wait for a receipt: %w", err), ending)
	}
	return r, nil
}

// dismiss waits until the process has ended for want of orders, and answers the seconds of CPU it used in its life. A
// second time it does nothing.
func (w *worker) dismiss() (cpu float64, err error) {
	if w.over {
		return 0, nil
	}
	w.over = true
	_ = w.orders.Close() // an error means that it has ended
	if err := w.cmd.Wait(); err != nil {
		return 0, fmt.Errorf("end %s: %w\n%s", w.cmd.Path, err, bytes.TrimSpace(w.said.Bytes()))
	}
	return (w.cmd.ProcessState.UserTime() + w.cmd.ProcessState.SystemTime()).Seconds(), nil
}
