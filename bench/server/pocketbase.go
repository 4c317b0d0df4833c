package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os/exec"
)

// LaunchPocketBase starts the server. Left alone it takes a binary in the temporary folder for one under development, and
// prints every SQL statement.
func LaunchPocketBase(binary string) func(context.Context, string) (*Process, error) {
	return func(ctx context.Context, dir string) (*Process, error) {
		address, release, err := Reserve()
		if err != nil {
			return nil, err
		}
		defer release() // when it answers
		p := &Process{
			Cmd: exec.CommandContext(ctx, binary, "serve", "--dev=false", "--http", address, "--dir", dir),
			Dir: dir, URL: "http://" + address,
		}
		return p, p.Start(ctx, func(ctx context.Context) bool {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/api/health", nil)
			if err != nil {
				return false
			}
			_, err = Send(http.DefaultClient, req)
			return err == nil
		})
	}
}

// PocketBase is a user of one who has just signed up.
type PocketBase struct {
	URL, Token, UserID string
	Web                *http.Client
}

// SignUp makes the user.
func SignUp(ctx context.Context, web *http.Client, url string) (*PocketBase, error) {
	p := &PocketBase{URL: url, Web: web}
	const mail, password = "demo@darkroom.local", "Darkroom-demo-1"
	if err := p.Send(ctx, http.MethodPost, "/api/collections/users/records", map[string]any{
		"email": mail, "password": password, "passwordConfirm": password,
	}, nil); err != nil {
		return nil, fmt.Errorf("sign up: %w", err)
	}
	var signedIn struct {
		Token  string
		Record struct{ ID string }
	}
	if err := p.Send(ctx, http.MethodPost, "/api/collections/users/auth-with-password", map[string]any{
		"identity": mail, "password": password,
	}, &signedIn); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	p.Token, p.UserID = signedIn.Token, signedIn.Record.ID
	return p, nil
}

// Upload stores a picture; out takes its record.
func (p *PocketBase) Upload(ctx context.Context, name string, picture []byte, out any) error {
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	_ = parts.WriteField("owner", p.UserID) // writing to memory does not fail
	part, _ := parts.CreateFormFile("file", name)
	_, _ = part.Write(picture)
	_ = parts.Close()
	return p.do(ctx, http.MethodPost, "/api/collections/images/records", parts.FormDataContentType(), &form, out)
}

// Send asks with JSON, and decodes the answer into out unless that is nil.
func (p *PocketBase) Send(ctx context.Context, method, path string, in map[string]any, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode for %s: %w", path, err)
	}
	return p.do(ctx, method, path, "application/json", bytes.NewReader(body), out)
}

func (p *PocketBase) do(ctx context.Context, method, path, contentType string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, p.URL+path, body)
	if err != nil {
		return fmt.Errorf("make a request: %w", err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", p.Token)
	res, err := p.Web.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		return fmt.Errorf("%s answered %s: %.300s (%v)", path, res.Status, answer, err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("read the answer of %s: %w", path, err)
	}
	return nil
}

// Subscribe returns once the server tells of images: take gets the data of each event until the stream ends, and then why
// it did comes from ended. The client must have no time limit.
func (p *PocketBase) Subscribe(ctx context.Context, web *http.Client, take func(data []byte) error) (ended <-chan error, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/api/realtime", nil)
	if err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	res, err := web.Do(req)
	if err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	connected, end := make(chan string, 1), make(chan error, 1)
	go func() {
		defer res.Body.Close()
		end <- hear(res.Body, func(event string, data []byte) error {
			if event != "PB_CONNECT" {
				return take(data)
			}
			var said struct{ ClientID string }
			if err := json.Unmarshal(data, &said); err != nil {
				return fmt.Errorf("read event %s: %w", event, err)
			}
			connected <- said.ClientID // once in a stream
			return nil
		})
	}()
	select {
	case id := <-connected:
		return end, p.Send(ctx, http.MethodPost, "/api/realtime", map[string]any{
			"clientId": id, "subscriptions": []string{"images/*"},
		}, nil)
	case err := <-end:
		return nil, fmt.Errorf("subscribe: %w", err)
	}
}

// hear reads server-sent events until the stream ends.
func hear(stream io.Reader, take func(event string, data []byte) error) error {
	lines := bufio.NewScanner(stream)
	var event string
	var data []byte
	for lines.Scan() {
		name, value, _ := bytes.Cut(lines.Bytes(), []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "event":
			event = string(value)
		case "data":
			data = append(data, value...)
		case "":
			if len(data) > 0 {
				if err := take(event, data); err != nil {
					return err
				}
			}
			event, data = "", nil
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the stream of events: %w", err)
	}
	return io.EOF
}
