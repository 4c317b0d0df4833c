// Command generate makes graph/ of schema.graphqls, as gqlgen.yml says: gqlgen itself, and lists without goroutines.
package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	log.SetOutput(io.Discard) // what gqlgen tries and leaves alone
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return fmt.Errorf("read gqlgen.yml: %w", err)
	}
	if err := api.Generate(cfg); err != nil {
		return fmt.Errorf("generate %s: %w", cfg.Exec.Filename, err)
	}
	return oneByOne(cfg.Exec.Filename)
}

//go:embed slices.go.txt
var slices []byte

// What gqlgen writes, and what stands there instead.
const (
	theirs = "graphql.MarshalSliceConcurrently(ctx, len(v), 0, false, "
	ours   = "marshalSlice(ctx, len(v), "
)

// oneByOne has the elements of lists marshalled one after another. gqlgen starts a goroutine for each, and has no setting to
// leave that out; ours wait for nothing, so a page of 50 images with five renditions each would only pay for 300 stacks.
func oneByOne(file string) error {
	code, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read what gqlgen has written: %w", err)
	}
	changed := bytes.ReplaceAll(code, []byte(theirs), []byte(ours))
	if bytes.Equal(changed, code) || bytes.Contains(changed, []byte("MarshalSliceConcurrently")) {
		return errors.New("gqlgen marshals lists by another call now: see oneByOne in internal/generate")
	}
	return errors.Join(
		os.WriteFile(file, changed, 0o644),
		os.WriteFile(filepath.Join(filepath.Dir(file), "slices.go"), slices, 0o644),
	)
}
