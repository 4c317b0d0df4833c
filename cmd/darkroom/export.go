package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// exportPage is how many images are asked for at a time: their links live an hour at least, in which they are fetched.
const exportPage = 25

// exporting is what `darkroom export` was asked for.
type exporting struct {
	access
	parallel int
}

func newExportCommand(at console) *cobra.Command {
	var e exporting
	cmd := &cobra.Command{
		Use:   "export FOLDER",
		Short: "Fetch everything that is kept of you; what is there already is not fetched again",
		Long: `Fetch everything that is kept of you into a folder: account.json, and a folder for each image, the trash included, with
image.json (all facts), the original and the renditions. Stopped and started again, it goes on where it was.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return e.run(cmd.Context(), at, args[0]) },
	}
	e.register(cmd)
	cmd.Flags().IntVar(&e.parallel, "parallel", 4, "how many images are fetched at a time, 1 to 16")
	return cmd
}

// run fetches what it can: an image that cannot be fetched does not keep the others.
func (e exporting) run(ctx context.Context, at console, dir string) error {
	if e.parallel < 1 || e.parallel > 16 {
		return fmt.Errorf("--parallel is 1 to 16, not %d", e.parallel)
	}
	c, err := e.signIn(ctx, at, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	images, failed := 0, 0
	for after := ""; ; {
		page, err := c.ExportAccount(ctx, after, exportPage)
		if err != nil {
			return err
		}
		if err := writeJSON(dir, "account.json", page.Account); err != nil {
			return err
		}
		errs := e.page(ctx, c, dir, page.Images)
		for _, err := range errs {
			fmt.Fprintln(at.err, printable(err.Error()))
		}
		images, failed = images+len(page.Images), failed+len(errs)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if after = page.Next; after == "" {
			break
		}
	}
	fmt.Fprintf(at.out, "%d images in %s\n", images-failed, printable(dir))
	if failed > 0 {
		return fmt.Errorf("%d images could not be fetched: try again", failed)
	}
	return nil
}

// page fetches images side by side, and answers what went wrong.
func (e exporting) page(ctx context.Context, c *client.Client, dir string, images []client.Image) []error {
	errs := make([]error, len(images))
	var group errgroup.Group
	group.SetLimit(e.parallel)
	for n, i := range images {
		group.Go(func() error {
			if err := fetchImage(ctx, c, dir, i); err != nil {
				errs[n] = fmt.Errorf("%s: %w", i.ID, err)
			}
			return nil
		})
	}
	_ = group.Wait() // nothing in it answers an error
	var failed []error
	for _, err := range errs {
		if err != nil {
			failed = append(failed, err)
		}
	}
	return failed
}

// fetchImage fills the folder of one image. Its facts are written last, and always: they change.
func fetchImage(ctx context.Context, c *client.Client, dir string, i client.Image) error {
	id, err := gallery.ParseID(string(i.ID)) // a folder's name, from a stranger
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, string(id))
	if i.Original.URL != "" {
		name := filepath.Join(dir, "original", safeName(i.Filename))
		if err := fetchFile(ctx, c, i.Original, name, i.Bytes, i.SHA256); err != nil {
			return err
		}
	}
	for _, r := range i.Renditions {
		_, kind, _ := strings.Cut(r.ContentType, "/")
		name := filepath.Join(dir, "renditions", safeName(r.Name+"."+kind))
		if err := fetchFile(ctx, c, r.Link, name, r.Bytes, ""); err != nil {
			return err
		}
	}
	return writeJSON(dir, "image.json", i.JSON)
}

// fetchFile fetches a file that is not there as it should be: as long, and with the bytes of its hash where that is known.
// It appears whole or not at all.
func fetchFile(ctx context.Context, c *client.Client, from gallery.Link, path string, length int64, sum string) error {
	if there, err := hasFile(path, length, sum); there || err != nil {
		return err
	}
	return replace(path, func(f *os.File) error {
		hashed := sha256.New()
		if err := c.Fetch(ctx, from, length, io.MultiWriter(f, hashed)); err != nil {
			return err
		}
		return sameSum(hashed, sum)
	})
}

func sameSum(h hash.Hash, want string) error {
	if got := hex.EncodeToString(h.Sum(nil)); want != "" && got != want {
		return errors.New("these are not the bytes that were uploaded")
	}
	return nil
}

// hasFile tells whether a file is there as it should be.
func hasFile(path string, length int64, sum string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() != length {
		return false, nil
	}
	if err != nil || sum == "" {
		return err == nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	hashed := sha256.New()
	if _, err := io.Copy(hashed, f); err != nil {
		return false, err
	}
	return sameSum(hashed, sum) == nil, nil
}

// replace writes a file beside its place, and puts it there when it is whole.
func replace(path string, write func(*os.File) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path+".part", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // a whole one is at its place
		}
	}()
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func writeJSON(dir, name string, text []byte) error {
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	out.WriteByte('\n')
	return replace(filepath.Join(dir, name), func(f *os.File) error {
		_, err := f.Write(out.Bytes())
		return err
	})
}

// safeName makes a file's name of a stranger's text: no path, nothing hidden, nothing that a system refuses.
func safeName(s string) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) || steers(r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(s, "_"))
	for len(name) > 200 {
		name = name[len(name)-200:]
		name = strings.ToValidUTF8(name, "")
	}
	name = strings.TrimRight(name, ". ")
	if name == "" || strings.HasPrefix(name, ".") {
		name = "_" + name
	}
	return name
}
