package server

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// NewWeb is an HTTP client that keeps as many connections alive as are in use at once.
func NewWeb(connections int) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost, t.MaxConnsPerHost = connections, connections, connections
	t.DisableCompression = true
	return &http.Client{Transport: t, Timeout: 2 * time.Minute}
}

// Send answers the body of a successful response.
func Send(web *http.Client, req *http.Request) ([]byte, error) {
	res, err := web.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", req.URL.Path, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s: %.300s", req.URL.Path, res.Status, body)
	}
	return body, nil
}
