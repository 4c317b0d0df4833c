// Command zips builds the Lambda functions and packs each in a zip: the same commit, the same bytes, wherever it is built.
//
//	go run ./deploy/zips [-out bin/lambda] [-arch arm64] [FUNCTION…]
package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "zips:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("zips", flag.ContinueOnError)
	root := flags.String("root", ".", "the repository")
	out := flags.String("out", "bin/lambda", "where the zips are put")
	arch := flags.String("arch", "arm64", "the processor they are for")
	if err := flags.Parse(args); err != nil {
		return err
	}
	names, err := functions(*root)
	if err != nil {
		return err
	}
	for _, asked := range flags.Args() {
		if !slices.Contains(names, asked) {
			return fmt.Errorf("there is no function %s, only %v", asked, names)
		}
	}
	if flags.NArg() > 0 {
		names = flags.Args()
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	return all(ctx, names, func(ctx context.Context, name string) (string, error) {
		return pack(ctx, *root, *out, *arch, name)
	}, w)
}

// functions lists those that there are, by name.
func functions(root string) ([]string, error) {
	mains, err := filepath.Glob(filepath.Join(root, "functions", "*", "bootstrap", "main.go"))
	if err != nil {
		return nil, err
	}
	if len(mains) == 0 {
		return nil, fmt.Errorf("%s has no functions/*/bootstrap/main.go", root)
	}
	names := make([]string, len(mains))
	for i, path := range mains {
		names[i] = filepath.Base(filepath.Dir(filepath.Dir(path)))
	}
	return names, nil
}

// all packs two at a time: a build has goroutines of its own. It prints what became of each, in order.
func all(ctx context.Context, names []string, pack func(context.Context, string) (string, error), w io.Writer) error {
	lines := make([]string, len(names))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for i, name := range names {
		g.Go(func() (err error) {
			lines[i], err = pack(ctx, name)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, line := range lines {
		fmt.Fprintln(w, line)
	}
	return nil
}

// pack builds and packs one function, and tells its size and its hash.
func pack(ctx context.Context, root, out, arch, name string) (string, error) {
	dir, err := os.MkdirTemp("", "zips-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "bootstrap") // as AWS wants it called
	if err := build(ctx, root, arch, name, binary); err != nil {
		return "", err
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		return "", err
	}
	packed, err := archive(content)
	if err != nil {
		return "", fmt.Errorf("pack %s: %w", name, err)
	}
	if err := os.WriteFile(filepath.Join(out, name+".zip"), packed, 0o644); err != nil {
		return "", err
	}
	return fmt.Sprintf("%-8s %5.2f MB  sha256 %x", name, float64(len(packed))/1e6, sha256.Sum256(packed)), nil
}

// build leaves out of the binary what differs between two checkouts: their paths, and the state of their version control.
func build(ctx context.Context, root, arch, name, binary string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc,nodynamic", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -buildid=", "-o", binary, "./functions/"+name+"/bootstrap")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch, "GOFLAGS=", "GOWORK=off", "GOARM64=v8.0", "GOAMD64=v1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", name, err, out)
	}
	return nil
}
