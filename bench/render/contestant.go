package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/darkroom/darkroom/bench/report"
)

// The peers.
const (
	sharpCascade  = "sharp-cascade" // written with care
	sharpClone    = "sharp-clone"   // as people write it
	vipsthumbnail = "vipsthumbnail"
)

// contestant is somebody who does the job.
type contestant struct {
	who  string
	args []string // of a process that takes orders
	cold bool     // it starts programs for every order, so that nothing of it is ever warm
}

// gather finds out who can be measured on this machine: darkroom, and whom there is of the peers.
func (b *bench) gather(ctx context.Context) ([]contestant, error) {
	var err error
	if b.self, err = os.Executable(); err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	developer := filepath.Join(b.dir, "developer")
	if err := quietly(exec.CommandContext(ctx, "go", "build", "-o", developer, "./bench/developer")); err != nil {
		return nil, err
	}
	all := []contestant{{who: report.Darkroom, args: []string{developer}}}
	node, err := b.installSharp(ctx)
	if ctx.Err() != nil {
		return nil, err
	}
	if err != nil {
		b.say("sharp is not measured, and there are no progressive photos: %v", err)
	} else {
		script := filepath.Join(home, "sharp.mjs")
		all = append(all, contestant{who: sharpCascade, args: []string{node, script, "cascade"}},
			contestant{who: sharpClone, args: []string{node, script, "clone"}})
	}
	if _, err := exec.LookPath(vipsthumbnail); err != nil {
		b.say("vipsthumbnail is not measured: %v", err)
	} else {
		all = append(all, contestant{who: vipsthumbnail, args: []string{b.self, "-worker", vipsthumbnail}, cold: true})
	}
	return all, nil
}

// installSharp installs sharp, and what a function with it needs, where they are not, and answers the path of Node.
func (b *bench) installSharp(ctx context.Context) (node string, err error) {
	if node, err = exec.LookPath("node"); err != nil {
		return "", fmt.Errorf("look for Node: %w", err)
	}
	_, sharpMissing := os.Stat(filepath.Join(home, "node_modules", "sharp"))
	_, sdkMissing := os.Stat(filepath.Join(home, "node_modules", "@aws-sdk", "client-s3"))
	if sharpMissing == nil && sdkMissing == nil {
		return node, nil
	}
	b.say("installing sharp and AWS's SDK")
	cmd := exec.CommandContext(ctx, "npm", "ci", "--no-progress")
	cmd.Dir = home
	return node, quietly(cmd)
}

// quietly runs a command, whose words matter only when it fails.
func quietly(cmd *exec.Cmd) error {
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(cmd.Path), err, bytes.TrimSpace(said))
	}
	return nil
}
