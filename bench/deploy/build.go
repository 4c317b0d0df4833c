package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/internal/deployed"
)

// home is this package's folder, where the peers are.
const home = "bench/deploy"

// build makes the zips that are deployed, whose sizes count, and those that run here.
func (b *bench) build(ctx context.Context) error {
	aws, here := filepath.Join(b.dir, "arm64"), filepath.Join(b.dir, "here")
	b.say("building the functions")
	if err := deployed.Build(ctx, ".", aws, "arm64"); err != nil {
		return err
	}
	zips, err := filepath.Glob(filepath.Join(aws, "*.zip"))
	if err != nil {
		return err
	}
	for _, path := range zips {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(path), ".zip")
		b.samples.Add("zip", report.Darkroom, name+", arm64", "MB", float64(info.Size())/1e6)
	}
	if err := deployed.Build(ctx, ".", here, runtime.GOARCH); err != nil {
		return err
	}
	return deployed.Unpack(here)
}

// gather reads the pictures, and makes the peers ready. It comes first: the object store changes the folder of this process.
func (b *bench) gather(ctx context.Context) (err error) {
	if b.photo, err = os.ReadFile("testdata/nuthatch.jpg"); err != nil {
		return err
	}
	dir, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/bep/imagemeta").Output()
	if err != nil {
		return fmt.Errorf("find an AVIF: %w", err)
	}
	if b.avif, err = os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "testdata/images/bep/sunrise.avif")); err != nil {
		return err
	}
	if !b.o.nodes {
		return nil
	}
	if b.node, err = exec.LookPath("node"); err != nil {
		return fmt.Errorf("the peers need Node 20 (-node=false leaves them out): %w", err)
	}
	b.scripts, err = b.peers(ctx)
	return err
}

// start deploys everything to engines of this process. Events start nothing: functions are invoked.
func (b *bench) start(ctx context.Context) (err error) {
	b.site, err = deployed.Start(ctx, deployed.Options{
		File: absolute("serverless.yml"), Binaries: filepath.Join(b.dir, "here"), Dir: filepath.Join(b.dir, "cloud"), Idle: true,
		Log: slog.New(slog.DiscardHandler),
	})
	return err
}

// peers bundles the programs for Node, as people do to start sooner, and answers their paths by name. What sharp needs
// beside is found from where they lie.
func (b *bench) peers(ctx context.Context) (map[string]string, error) {
	if _, err := os.Stat(filepath.Join(home, "node_modules")); err != nil {
		install := exec.CommandContext(ctx, "npm", "ci", "--no-progress", "--no-audit", "--no-fund")
		install.Dir = home
		if said, err := install.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("npm ci in %s: %w\n%s", home, err, bytes.TrimSpace(said))
		}
	}
	scripts := map[string]string{}
	for name, source := range map[string]string{"apollo": "bench/deploy/apollo.mjs", "sharp": "bench/render/function.mjs"} {
		scripts[name] = absolute(filepath.Join(home, "node_modules", ".cache", name+".mjs"))
		made := api.Build(api.BuildOptions{
			EntryPoints: []string{source}, Outfile: scripts[name], Write: true, LogLevel: api.LogLevelSilent,
			Bundle: true, Platform: api.PlatformNode, Format: api.FormatESModule, External: []string{"sharp"},
			NodePaths: []string{absolute(filepath.Join(home, "node_modules"))}, MinifyWhitespace: true, MinifySyntax: true,
			Banner: map[string]string{"js": "import { createRequire } from 'module';const require = createRequire(import.meta.url);"},
		})
		if len(made.Errors) > 0 {
			return nil, fmt.Errorf("bundle %s: %s", source, made.Errors[0].Text)
		}
	}
	return scripts, b.weigh(scripts)
}

// weigh says how large the peers' zips would be: a bundle, and of sharp what it loads, for this machine.
func (b *bench) weigh(scripts map[string]string) error {
	for function, paths := range map[string][]string{
		"graphql": {scripts["apollo"]},
		"process": {scripts["sharp"], filepath.Join(home, "node_modules", "sharp"), filepath.Join(home, "node_modules", "@img")},
	} {
		size, err := zipped(paths)
		if err != nil {
			return err
		}
		b.samples.Add("zip", peer, function+", arm64", "MB", float64(size)/1e6)
	}
	return nil
}

// zipped is how many bytes files and folders take in a zip.
func zipped(paths []string) (int, error) {
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, path := range paths {
		err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			w, err := z.Create(path)
			if err != nil {
				return err
			}
			in, err := os.Open(path)
			if err != nil {
				return err
			}
			defer in.Close()
			_, err = io.Copy(w, in)
			return err
		})
		if err != nil {
			return 0, fmt.Errorf("weigh %s: %w", path, err)
		}
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return file.Len(), nil
}

// absolute is a path of the repository that holds wherever the process is: the object store changes its folder.
func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return abs
}
