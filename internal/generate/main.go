// Command generate makes graph/ of schema.graphqls, as gqlgen.yml says: gqlgen does, and what of its code makes a page of images
// dear is replaced.
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
	return replace(cfg.Exec.Filename)
}

//go:embed marshal.go.txt
var marshal []byte

// replaced is what gqlgen writes, and what stands there instead.
//
// The elements of lists are marshalled one after another. gqlgen starts a goroutine for each, and has no setting to leave that
// out; ours wait for nothing, so a page of 50 images with five renditions each would only pay for 300 stacks.
//
// Answers are written into a buffer that is used again. A new one would grow ten times to hold a page, copying it each time.
var replaced = []struct{ theirs, ours, gone string }{
	{
		"graphql.MarshalSliceConcurrently(ctx, len(v), 0, false, ",
		"marshalSlice(ctx, len(v), ",
		"MarshalSliceConcurrently",
	}, {
		"var buf bytes.Buffer\n\t\t\tdata.MarshalGQL(&buf)\n\t\t\tresponse.Data = buf.Bytes()",
		"response.Data = marshal(data)",
		"response.Data = buf",
	},
}

// replace changes gqlgen's code, and fails when a newer gqlgen writes another.
func replace(file string) error {
	code, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read what gqlgen has written: %w", err)
	}
	for _, r := range replaced {
		changed := bytes.ReplaceAll(code, []byte(r.theirs), []byte(r.ours))
		if bytes.Equal(changed, code) || bytes.Contains(changed, []byte(r.gone)) {
			return fmt.Errorf("gqlgen does not write %q as it did: see replaced in internal/generate", r.gone)
		}
		code = changed
	}
	return errors.Join(
		os.WriteFile(file, code, 0o644),
		os.WriteFile(filepath.Join(filepath.Dir(file), "marshal.go"), marshal, 0o644),
	)
}
