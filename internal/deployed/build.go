package deployed

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Build says how the functions' zips are made, by the command line of the deployment.
type Build struct {
	Root string // the repository
	Dir  string // where NAME.zip goes
	Arch string // arm64 on AWS; empty: this machine's own
	// Quick stores without compressing: what is unpacked again at once need not be small.
	Quick bool
}

// bootstrap is what Lambda starts of a zip.
const bootstrap = "bootstrap"

// Make makes the zips of some functions.
func (b Build) Make(ctx context.Context, functions []string) error {
	if err := os.MkdirAll(b.Dir, 0o755); err != nil {
		return fmt.Errorf("build functions: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(2) // the compiler itself uses all cores, the linker one
	for _, name := range functions {
		group.Go(func() error {
			binary := filepath.Join(b.Dir, name)
			if err := b.compile(ctx, binary, name); err != nil {
				return err
			}
			return errors.Join(b.pack(binary), os.Remove(binary))
		})
	}
	return group.Wait()
}

func (b Build) compile(ctx context.Context, binary, name string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc,nodynamic", "-trimpath", "-ldflags", "-s -w",
		"-o", binary, "./functions/"+name+"/bootstrap")
	cmd.Dir = b.Root
	// The flags of whoever calls, a race detector perhaps, are not those of the deployment.
	cmd.Env = append(slices.DeleteFunc(cmd.Environ(), func(v string) bool { return strings.HasPrefix(v, "GOFLAGS=") }), "CGO_ENABLED=0")
	if b.Arch != "" {
		cmd.Env = append(cmd.Env, "GOOS=linux", "GOARCH="+b.Arch)
	}
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build function %s: %w\n%s", name, err, bytes.TrimSpace(said))
	}
	return nil
}

// pack puts a binary, as an executable bootstrap, alone into a zip.
func (b Build) pack(binary string) error {
	path := binary + ".zip"
	data, err := os.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("pack %s: %w", path, err)
	}
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	header := &zip.FileHeader{Name: bootstrap, Method: zip.Deflate}
	if b.Quick {
		header.Method = zip.Store
	}
	header.SetMode(0o755)
	w, err := z.CreateHeader(header)
	if err == nil {
		_, err = w.Write(data)
	}
	if err := errors.Join(err, z.Close()); err != nil {
		return fmt.Errorf("pack %s: %w", path, err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
		return fmt.Errorf("pack %s: %w", path, err)
	}
	return nil
}

// maxBinary bounds what is unpacked, as AWS bounds it.
const maxBinary = 250 << 20

// Unpack takes a function's bootstrap out of its zip, into a folder of its own, and answers its path.
func Unpack(path, dir string) (string, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return "", fmt.Errorf("unpack %s: %w", path, err)
	}
	defer z.Close()
	if len(z.File) != 1 || z.File[0].Name != bootstrap || z.File[0].Mode()&0o111 == 0 {
		return "", fmt.Errorf("unpack %s: it is not one executable bootstrap", path)
	}
	in, err := z.File[0].Open()
	if err != nil {
		return "", fmt.Errorf("unpack %s: %w", path, err)
	}
	defer in.Close()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("unpack %s: %w", path, err)
	}
	binary := filepath.Join(dir, bootstrap)
	out, err := os.OpenFile(binary, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return "", fmt.Errorf("unpack %s: %w", path, err)
	}
	_, err = io.Copy(out, io.LimitReader(in, maxBinary))
	if err := errors.Join(err, out.Close()); err != nil {
		return "", fmt.Errorf("unpack %s: %w", path, err)
	}
	return binary, nil
}
