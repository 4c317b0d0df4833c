package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// watching is what `darkroom watch` was asked for.
type watching struct {
	access
	after int64
	json  bool
	at    console
	lost  bool // the connection is, and the user has been told
}

func newWatchCommand(at console) *cobra.Command {
	w := &watching{at: at}
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Follow what happens to your images, a line each, until Ctrl-C",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return w.run(cmd.Context()) },
	}
	w.register(cmd)
	cmd.Flags().Int64Var(&w.after, "after", -1, "begin after the event of this number: 0 is the beginning, -1 is now")
	cmd.Flags().BoolVar(&w.json, "json", false, "print each event as JSON, a line each")
	return cmd
}

// run follows until Ctrl-C, which is how it is meant to end.
func (w *watching) run(ctx context.Context) error {
	c, err := w.signIn(ctx, w.at, w.connection)
	if err != nil {
		return err
	}
	defer c.Close()
	for after := w.after; ; {
		err := c.Follow(ctx, after, w.print)
		var over *client.StartOverError
		switch {
		case errors.As(err, &over):
			w.note(fmt.Sprintf("events after %d are no longer kept; going on after %d", after, over.Head))
			after = over.Head
		case ctx.Err() != nil:
			return nil
		default:
			return err
		}
	}
}

// connection says when the feed's connection is lost and when it is back, not how often that is tried.
func (w *watching) connection(err error) {
	switch {
	case err != nil && !w.lost:
		w.note("the connection is lost (" + printable(err.Error()) + "); trying again")
	case err == nil && w.lost:
		w.note("connected again; catching up")
	case err == nil && isTerminal(w.at.err):
		w.note("watching; Ctrl-C ends it")
	}
	w.lost = err != nil
}

func (w *watching) note(text string) {
	p := palette(isTerminal(w.at.err)) && w.at.palette()
	fmt.Fprintln(w.at.err, p.dim("· "+text))
}

func (w *watching) print(e gallery.Event) error {
	if !w.json {
		_, err := fmt.Fprintln(w.at.out, eventLine(w.at.palette(), e))
		return err
	}
	b, err := json.Marshal(eventJSON(e))
	if err != nil {
		return err
	}
	line, err := printableJSON(b)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.at.out, line)
	return err
}

func eventLine(p palette, e gallery.Event) string {
	about := ""
	switch {
	case !e.DeletedAt.IsZero():
		about = "in the trash"
	case e.Failure != "":
		about = printable(string(e.Failure))
	case e.Width > 0:
		about = dimensions(e.Width, e.Height)
	case e.Stage != "":
		about = printable(string(e.Stage))
	}
	status := printable(string(e.Status))
	if about != "" {
		status = pad(status, len(gallery.Processing)+2)
	}
	return fmt.Sprintf("%s  %s  %s  %s",
		p.dim(e.At.Local().Format("2006-01-02 15:04:05.000")), padLeft(fmt.Sprintf("#%d", e.Seq), 6),
		printable(string(e.ID)), p.status(e.Status, status)+about)
}

// eventJSON is a gallery.Event under the names that the schema gives it.
type eventJSON struct {
	Owner       gallery.Owner       `json:"owner"`
	ID          gallery.ID          `json:"id"`
	Seq         int64               `json:"seq"`
	Version     int64               `json:"version"`
	Status      gallery.Status      `json:"status"`
	Stage       gallery.Stage       `json:"stage,omitempty"`
	Failure     gallery.FailureCode `json:"failure,omitempty"`
	Width       int                 `json:"width,omitempty"`
	Height      int                 `json:"height,omitempty"`
	Placeholder string              `json:"placeholder,omitempty"`
	DeletedAt   time.Time           `json:"deletedAt,omitzero"`
	At          time.Time           `json:"at"`
}
