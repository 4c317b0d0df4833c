// Command darkroom runs the local cloud, and uploads, lists and watches the pictures of any deployment.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process whatever it is doing
	at := console{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now}
	os.Exit(run(ctx, at, os.Args[1:]))
}

// console is where a command reads and writes, and what it may ask the outside.
type console struct {
	in       *os.File
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
}

// interrupted is the exit status of a program that was stopped by Ctrl-C, as shells count it.
const interrupted = 130

// run answers the exit status.
func run(ctx context.Context, at console, args []string) int {
	root := newRootCommand(at)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(at.err, "darkroom: stopped")
		return interrupted
	}
	fmt.Fprintln(at.err, "darkroom: "+printableLines(err.Error()))
	return 1
}

func newRootCommand(at console) *cobra.Command {
	root := &cobra.Command{
		Use:           "darkroom",
		Short:         "Upload photos, have them developed, and watch it happen",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(at.in)
	root.SetOut(at.out)
	root.SetErr(at.err)
	root.AddCommand(newRunCommand(at), newUploadCommand(at), newListCommand(at), newWatchCommand(at),
		newRemoveCommand(at), newShareCommand(at), newSharesCommand(at), newUnshareCommand(at), newExportCommand(at), newReprocessCommand(at), newSweepCommand(at), newSuspendCommand(at))
	return root
}
