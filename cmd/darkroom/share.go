package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// sharing is what `darkroom share` was asked for.
type sharing struct {
	access
	life       time.Duration
	renditions []string
}

func newShareCommand(at console) *cobra.Command {
	var s sharing
	cmd := &cobra.Command{
		Use:   "share ID",
		Short: "Make a link by which anybody sees an image's renditions",
		Args:  cobra.ExactArgs(1),
		RunE:  func(cmd *cobra.Command, ids []string) error { return s.run(cmd.Context(), at, ids[0]) },
	}
	s.register(cmd)
	cmd.Flags().DurationVar(&s.life, "for", 7*24*time.Hour, "how long it works, such as 24h")
	cmd.Flags().StringSliceVar(&s.renditions, "rendition", nil, "only the one of this `name`; may be given more than once")
	return cmd
}

// run prints the link alone, so that it can be handed on.
func (s sharing) run(ctx context.Context, at console, id string) error {
	parsed, err := gallery.ParseID(id)
	if err != nil {
		return err
	}
	c, err := s.signIn(ctx, at, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	made, err := c.ShareImage(ctx, parsed, s.life, s.renditions)
	if err != nil {
		return err
	}
	fmt.Fprintln(at.out, printable(made.URL))
	fmt.Fprintln(at.err, at.palette().dim("It works until "+made.ExpiresAt.Local().Format(time.DateTime)+
		" and is shown this once. To end it: darkroom unshare "+printable(string(made.ID))))
	return nil
}

func newSharesCommand(at console) *cobra.Command {
	var a access
	cmd := &cobra.Command{
		Use:   "shares [ID]",
		Short: "List the links that work, of an image or of all",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, ids []string) error {
			l := gallery.ShareListing{First: gallery.MaxPage}
			if len(ids) > 0 {
				var err error
				if l.Image, err = gallery.ParseID(ids[0]); err != nil {
					return err
				}
			}
			return a.shares(cmd.Context(), at, l)
		},
	}
	a.register(cmd)
	return cmd
}

func (a *access) shares(ctx context.Context, at console, l gallery.ShareListing) error {
	c, err := a.signIn(ctx, at, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	for listed := 0; listed < maxListed; {
		page, next, err := c.Shares(ctx, l)
		if err != nil {
			return err
		}
		for _, s := range page {
			fmt.Fprintln(at.out, shareLine(s))
		}
		listed += len(page)
		if next == "" || next == l.After {
			return nil
		}
		l.After = next
	}
	fmt.Fprintln(at.err, "There are more.")
	return nil
}

func shareLine(s client.Share) string {
	name := ""
	if s.Image != nil {
		name = "  " + printable(s.Image.Filename)
	}
	return fmt.Sprintf("%s  until %s  %s  %s%s", printable(string(s.ID)), s.ExpiresAt.Local().Format(time.DateTime),
		printable(string(s.ImageID)), printable(strings.Join(s.Renditions, ",")), name)
}

func newUnshareCommand(at console) *cobra.Command {
	var a access
	cmd := &cobra.Command{
		Use:   "unshare SHARE…",
		Short: "End links, by the ids that `darkroom shares` lists, or by the links themselves",
		Args:  cobra.MinimumNArgs(1),
		RunE:  func(cmd *cobra.Command, ids []string) error { return a.unshare(cmd.Context(), at, ids) },
	}
	a.register(cmd)
	return cmd
}

// unshare does what it can: a link that cannot be ended does not keep the others.
func (a *access) unshare(ctx context.Context, at console, ids []string) error {
	c, err := a.signIn(ctx, at, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	var failed []error
	for _, text := range ids {
		id, err := shareID(text)
		if err == nil {
			_, err = c.RevokeShare(ctx, id)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", printable(text), err))
			continue
		}
		fmt.Fprintf(at.out, "%s  works no more\n", printable(text))
	}
	return errors.Join(failed...)
}

// shareID reads a share's id, or the link whose id it is.
func shareID(text string) (gallery.ShareID, error) {
	if _, token, ok := strings.Cut(text, sharePath); ok {
		return gallery.Named(token)
	}
	return gallery.ParseShareID(text)
}
