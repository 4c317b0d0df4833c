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

// bootstrap is what Lambda starts of a zip.
const bootstrap = "bootstrap"

// maxBinary bounds what is unpacked, as AWS bounds it.
const maxBinary = 250 << 20

// Build makes the functions' zips as `make package` does, for another processor perhaps: NAME.zip in dir.
func Build(ctx context.Context, root, dir, arch string) error {
	cmd := exec.CommandContext(ctx, "go", "run", "./deploy/zips", "-out", dir, "-arch", arch)
	cmd.Dir = root
	// The flags of whoever calls, a race detector perhaps, are not those of the deployment.
	cmd.Env = slices.DeleteFunc(cmd.Environ(), func(v string) bool { return strings.HasPrefix(v, "GOFLAGS=") })
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the functions: %w\n%s", err, bytes.TrimSpace(said))
	}
	return nil
}

// Unpack takes each NAME.zip of a folder apart, and leaves NAME/bootstrap beside it.
func Unpack(dir string) error {
	zips, err := filepath.Glob(filepath.Join(dir, "*.zip"))
	if err == nil && len(zips) == 0 {
		err = errors.New("there are none")
	}
	var group errgroup.Group
	for _, path := range zips {
		group.Go(func() error { return unpack(path, strings.TrimSuffix(path, ".zip")) })
	}
	if err := errors.Join(err, group.Wait()); err != nil {
		return fmt.Errorf("unpack the zips of %s: %w", dir, err)
	}
	return nil
}

func unpack(path, dir string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	if len(z.File) != 1 || z.File[0].Name != bootstrap || z.File[0].Mode()&0o111 == 0 {
		return fmt.Errorf("%s is not one executable bootstrap", path)
	}
	in, err := z.File[0].Open()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer in.Close()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(filepath.Join(dir, bootstrap), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.LimitReader(in, maxBinary))
	return errors.Join(err, out.Close())
}
