package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// pocketbase is the peer's name.
const pocketbase = "pocketbase"

// launchPocketBase starts the server. Left alone it takes a binary in the temporary folder for one under development, and
// prints every SQL statement.
func launchPocketBase(binary string) func(context.Context, string) (*process, error) {
	return func(ctx context.Context, dir string) (*process, error) {
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		p := &process{
			cmd: exec.CommandContext(ctx, binary, "serve", "--dev=false", "--http", address, "--dir", dir),
			dir: dir, url: "http://" + address,
		}
		return p, p.start(ctx, func(ctx context.Context) bool {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/api/health", nil)
			if err != nil {
				return false
			}
			_, err = send(http.DefaultClient, req)
			return err == nil
		})
	}
}

// freeAddress is one that nobody listens on just now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// pocketBaseUser is a user who has just signed up.
type pocketBaseUser struct {
	url, token, id string
	web            *http.Client
	events         *arrivals
	stop           context.CancelFunc
	record         atomic.Pointer[string] // an image that is developed
}

func signInToPocketBase(ctx context.Context, p *process) (session, error) {
	u := &pocketBaseUser{url: p.url, web: newWeb(64), events: newArrivals()}
	const mail, password = "demo@darkroom.local", "Darkroom-demo-1"
	if err := u.post(ctx, "/api/collections/users/records", map[string]any{
		"email": mail, "password": password, "passwordConfirm": password,
	}, nil); err != nil {
		return nil, fmt.Errorf("sign up: %w", err)
	}
	var signedIn struct {
		Token  string
		Record struct{ ID string }
	}
	if err := u.post(ctx, "/api/collections/users/auth-with-password", map[string]any{
		"identity": mail, "password": password,
	}, &signedIn); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	u.token, u.id = signedIn.Token, signedIn.Record.ID
	ctx, u.stop = context.WithCancel(ctx)
	if err := u.subscribe(ctx); err != nil {
		u.stop()
		return nil, err
	}
	return u, nil
}

// subscribe opens the stream of events, and returns once it is told of images.
func (u *pocketBaseUser) subscribe(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.url+"/api/realtime", nil)
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	res, err := http.DefaultClient.Do(req) // which has no time limit
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	connected := make(chan string, 1)
	go func() {
		defer res.Body.Close()
		u.events.end(hear(res.Body, func(event string, data []byte) error { return u.take(event, data, connected) }))
	}()
	select {
	case id := <-connected:
		return u.post(ctx, "/api/realtime", map[string]any{"clientId": id, "subscriptions": []string{"images/*"}}, nil)
	case <-u.events.ended:
		return fmt.Errorf("subscribe: %w", u.events.why)
	}
}

func (u *pocketBaseUser) take(event string, data []byte, connected chan<- string) error {
	var said struct {
		ClientID string
		Action   string
		Record   struct{ ID string }
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return fmt.Errorf("read event %s: %w", event, err)
	}
	switch {
	case event == "PB_CONNECT":
		connected <- said.ClientID // once in a stream
	case said.Action == "create":
		u.events.tell(said.Record.ID, nil)
	}
	return nil
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

func (u *pocketBaseUser) develop(ctx context.Context, path string) (time.Duration, error) {
	started := time.Now()
	var stored struct{ ID, File string }
	if err := u.upload(ctx, path, &stored); err != nil {
		return 0, err
	}
	if err := u.events.wait(ctx, stored.ID); err != nil {
		return 0, err
	}
	told := time.Since(started)
	u.record.Store(&stored.ID)
	urls := map[string]string{}
	for _, spec := range gallery.Specs() {
		thumb := fmt.Sprintf("%dx%df", spec.Edge, spec.Edge)
		if spec.Crop {
			thumb = fmt.Sprintf("%dx%d", spec.Edge, spec.Edge)
		}
		urls[spec.Name] = u.url + "/api/files/images/" + stored.ID + "/" + stored.File + "?thumb=" + thumb
	}
	return told, fetch(ctx, u.web, urls)
}

func (u *pocketBaseUser) upload(ctx context.Context, path string, stored any) error {
	picture, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	_ = parts.WriteField("owner", u.id) // writing to memory does not fail
	part, _ := parts.CreateFormFile("file", filepath.Base(path))
	_, _ = part.Write(picture)
	_ = parts.Close()
	return u.do(ctx, "/api/collections/images/records", parts.FormDataContentType(), &form, stored)
}

func (u *pocketBaseUser) readings() (one, page reading) {
	read := func(path string, images int) reading {
		return reading{
			method: http.MethodGet, url: u.url + "/api/collections/images/records" + path,
			header: http.Header{"Authorization": {u.token}}, holds: []byte(`"collectionName":"images"`), times: images,
		}
	}
	// Darkroom's pages are the newest first and have no total either.
	return read("/"+*u.record.Load(), 1), read(fmt.Sprintf("?perPage=%d&skipTotal=1&sort=-created", pageSize), pageSize)
}

func (u *pocketBaseUser) post(ctx context.Context, path string, in map[string]any, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode for %s: %w", path, err)
	}
	return u.do(ctx, path, "application/json", bytes.NewReader(body), out)
}

func (u *pocketBaseUser) do(ctx context.Context, path, contentType string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.url+path, body)
	if err != nil {
		return fmt.Errorf("make a request: %w", err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", u.token)
	res, err := u.web.Do(req)
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

func (u *pocketBaseUser) close() error {
	u.stop()
	<-u.events.ended
	u.web.CloseIdleConnections()
	return nil
}
