package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/darkroom/darkroom/bench/server"
	"github.com/darkroom/darkroom/internal/local/dynamodb"
)

const (
	dynoxide     = "dynoxide"
	serveCommand = "serve" // with the path of a file, makes this program a server of the engine
)

// contestant is a server that can be started on a file.
type contestant struct {
	who    string
	launch func(ctx context.Context, path string) (*process, error)
}

// serve serves the engine on a file and tells where, until nobody holds the other end of in.
func serve(path string, in io.Reader, out io.Writer) error {
	engine, err := dynamodb.Open(path, dynamodb.Options{})
	if err != nil {
		return err
	}
	defer engine.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: engine, ReadHeaderTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	fmt.Fprintf(out, "http://%s\n", listener.Addr())
	_, _ = io.Copy(io.Discard, in)
	if err := server.Close(); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	<-done
	return nil
}

// launchEngine starts this program again, as a server.
func launchEngine(_ context.Context, path string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.Command(self, serveCommand, path)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	p, err := start(cmd, func() error { return in.Close() })
	if err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("start the engine: it told no address: %w", err)
	}
	p.url = line[:len(line)-1]
	return p, nil
}

// launchDynoxide starts a binary of dynoxide on a free port.
func launchDynoxide(binary string) func(context.Context, string) (*process, error) {
	return func(ctx context.Context, path string) (*process, error) {
		address, release, err := server.Reserve()
		if err != nil {
			return nil, err
		}
		defer release() // when it answers
		_, port, _ := strings.Cut(address, ":")
		cmd := exec.Command(binary, "serve", "--port", port, "--db-path", path) // what it says is of no use here
		p, err := start(cmd, func() error { return cmd.Process.Signal(os.Interrupt) })
		if err != nil {
			return nil, err
		}
		p.url = "http://" + address
		if err := p.await(ctx); err != nil {
			p.stop()
			return nil, err
		}
		return p, nil
	}
}
