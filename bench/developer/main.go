// Command developer is Darkroom's contestant in bench/render: it takes orders as worker.go there describes them, a line each,
// and develops their photos. It is a program apart because memory is measured of the whole process, in which nothing else is
// to be then.
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
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/darkroom/darkroom/internal/render"
)

// nobodys stands for the hash of an original, which digests follow from: the peers make none.
const nobodys = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func main() {
	if err := run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "developer:", err)
		os.Exit(1)
	}
}

type receipt struct {
	Wall  float64 `json:"wall"`
	CPU   float64 `json:"cpu"`
	Peak  float64 `json:"peak"`
	Bytes int64   `json:"bytes"`
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	orders, receipts := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var order struct{ Photo, Out string }
		if err := orders.Decode(&order); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read an order: %w", err)
		}
		started := time.Now()
		size, err := develop(ctx, order.Photo, order.Out)
		if err != nil {
			return fmt.Errorf("%s: %w", order.Photo, err)
		}
		r := receipt{Wall: time.Since(started).Seconds(), Bytes: size}
		if r.CPU, r.Peak, err = usage(); err != nil {
			return err
		}
		if err := receipts.Encode(r); err != nil {
			return fmt.Errorf("write a receipt: %w", err)
		}
	}
}

// develop makes the renditions of a photo, and keeps them in a folder if there is one.
func develop(ctx context.Context, photo, folder string) (size int64, err error) {
	original, err := os.ReadFile(photo)
	if err != nil {
		return 0, fmt.Errorf("read the photo: %w", err)
	}
	picture, err := render.Developer{}.Develop(ctx, original, nobodys)
	if err != nil {
		return 0, fmt.Errorf("develop: %w", err)
	}
	for i, r := range picture.Renditions {
		size += r.Bytes
		if folder == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.jpg", i)), r.Data, 0o600); err != nil {
			return 0, fmt.Errorf("keep a file: %w", err)
		}
	}
	return size, nil
}

// usage is what this process has used: seconds of CPU, and MiB of resident memory at the most, which only Linux tells. The
// kernel's ru_maxrss would not do for that: a process begins with its parent's.
func usage() (cpu, peak float64, err error) {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0, 0, fmt.Errorf("read CPU time: %w", err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0, fmt.Errorf("read memory: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(status))
	for lines.Scan() {
		if fields := bytes.Fields(lines.Bytes()); len(fields) == 3 && string(fields[0]) == "VmHWM:" {
			kib, err := strconv.ParseFloat(string(fields[1]), 64)
			return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9, kib / 1024, err
		}
	}
	return 0, 0, errors.New("read memory: the status has no VmHWM")
}
