package server

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
)

// PocketBaseModule is the folder of the peer's main package, a module of its own.
const PocketBaseModule = "bench/local/pocketbase"

// Build makes a binary of the package in a module's folder.
func Build(ctx context.Context, dir, pkg, binary string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", binary, pkg)
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build in %s: %w\n%s", dir, err, bytes.TrimSpace(said))
	}
	return nil
}
