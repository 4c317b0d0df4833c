package main

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const repository = "../.."

// checkout is a copy of the repository's files, under a path of its own.
func checkout(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("git", "-C", repository, "ls-files", "--cached", "--others", "--exclude-standard", "--",
		"*.go", "go.mod", "go.sum", "*.graphqls", "*.graphql", "*.wasm", "*.wasm.gz").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range strings.Fields(string(out)) {
		b, err := os.ReadFile(filepath.Join(repository, name))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestTwoCheckoutsMakeTheSameZip builds the smallest function, for this machine's processor: what differs between two
// checkouts does not depend on either.
func TestTwoCheckoutsMakeTheSameZip(t *testing.T) {
	var zips [2][]byte
	for n := range zips {
		out := t.TempDir()
		var said bytes.Buffer
		args := []string{"-root", checkout(t), "-out", out, "-arch", runtime.GOARCH, "auth"}
		if err := run(t.Context(), args, &said); err != nil {
			t.Fatal(err)
		}
		var err error
		if zips[n], err = os.ReadFile(filepath.Join(out, "auth.zip")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(zips[0], zips[1]) {
		t.Error("two checkouts of the same files make different zips")
	}
	checkRunnable(t, zips[0])
}

// checkRunnable holds a zip to what Lambda asks of it.
func checkRunnable(t *testing.T, packed []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 1 || z.File[0].Name != "bootstrap" || z.File[0].Mode() != 0o755 {
		t.Fatalf("got %d files, %s of mode %v", len(z.File), z.File[0].Name, z.File[0].Mode())
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	e, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	if libraries, err := e.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("it needs %v, %v: provided.al2023 has them, or not", libraries, err)
	}
	if bytes.Contains(binary, []byte(os.TempDir()+"/Test")) {
		t.Error("it names the folder that it was built in")
	}
}

func TestAFunctionThatIsNotThereIsNamed(t *testing.T) {
	err := run(t.Context(), []string{"-root", repository, "-out", t.TempDir(), "nothing"}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "no function nothing") {
		t.Errorf("got %v", err)
	}
	if err := run(t.Context(), []string{"-root", t.TempDir()}, io.Discard); err == nil {
		t.Error("a folder without functions is taken")
	}
}
