package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/darkroom/darkroom/gallery"
)

// Export is a page of everything that is kept of the user.
type Export struct {
	Account []byte // as it was answered
	Images  []Image
	Next    string // the cursor of the next page; empty when there is none
}

// ExportAccount answers the page after a cursor, at most first (1 to 100) images of it.
func (c *Client) ExportAccount(ctx context.Context, after string, first int) (Export, error) {
	variables := struct {
		First int    `json:"first"`
		After string `json:"after,omitempty"`
	}{first, after}
	var data struct {
		ExportAccount struct {
			Account  json.RawMessage
			Images   []Image
			PageInfo pageInfo
		}
	}
	if err := c.ask(ctx, exportQuery, variables, &data); err != nil {
		return Export{}, fmt.Errorf("export: %w", err)
	}
	e := data.ExportAccount
	return Export{Account: e.Account, Images: e.Images, Next: e.PageInfo.next()}, nil
}

// Fetch reads what a signed link shows into w, and refuses more bytes, or fewer, than there should be.
func (c *Client) Fetch(ctx context.Context, l gallery.Link, bytes int64, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.URL, http.NoBody)
	if err != nil {
		return errors.New("fetch: the link is no URL") // which holds a signature
	}
	res, err := c.http.Do(req)
	if err != nil {
		var told *url.Error
		if errors.As(err, &told) {
			err = told.Err // without the link, which holds a signature
		}
		return fmt.Errorf("fetch from %s: %w", req.URL.Host, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("fetch from %s: %s", req.URL.Host, res.Status)
	}
	n, err := io.Copy(w, io.LimitReader(untilDone{ctx, res.Body}, bytes+1))
	if err == nil && n != bytes {
		err = fmt.Errorf("there are %d bytes, not %d", n, bytes)
	}
	if err != nil {
		return fmt.Errorf("fetch from %s: %w", req.URL.Host, err)
	}
	return nil
}
