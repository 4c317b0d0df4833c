package main

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/darkroom/darkroom/internal/client"
)

// door tries a token somewhere: it answers how it was refused, nothing when it was let in.
type door func(t *testing.T, token string) string

const asking = `{"query":"{ me { id } }"}`

// doors are all that take a user's token.
func doors(at client.Config) map[string]door {
	all := map[string]door{
		"the HTTP API":                   overHTTP(at.GraphQL, ""),
		"the HTTP API, after Bearer":     overHTTP(at.GraphQL, "Bearer "),
		"AppSync":                        overHTTP(at.Realtime, ""),
		"AppSync, after Bearer":          overHTTP(at.Realtime, "Bearer "),
		"AppSync's realtime, to connect": connecting(at),
	}
	for operation, more := range map[string]map[string]any{
		"GetUser": {}, "GlobalSignOut": {}, "DeleteUser": {},
		"ChangePassword":                   {"PreviousPassword": demoPassword, "ProposedPassword": "stolen password"},
		"UpdateUserAttributes":             {"UserAttributes": []map[string]string{{"Name": "name", "Value": "Eve"}}},
		"DeleteUserAttributes":             {"UserAttributeNames": []string{"name"}},
		"GetUserAttributeVerificationCode": {"AttributeName": "email"},
		"VerifyUserAttribute":              {"AttributeName": "email", "Code": "000000"},
	} {
		all["Cognito's "+operation] = ofCognito(at.Cognito.Endpoint, operation, more)
	}
	return all
}

// send answers a response's status and text, without what differs from one request to the next.
func send(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Status + " " + res.Header.Get("Www-Authenticate") + " " + string(text)
}

func overHTTP(to, scheme string) door {
	return func(t *testing.T, token string) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(asking))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", scheme+token)
		status, text := send(t, req)
		if status == http.StatusOK {
			return ""
		}
		return text
	}
}

func ofCognito(to, operation string, more map[string]any) door {
	return func(t *testing.T, token string) string {
		t.Helper()
		more["AccessToken"] = token
		body, err := json.Marshal(more)
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-amz-json-1.1")
		req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
		status, text := send(t, req)
		if status == http.StatusOK {
			return ""
		}
		return text
	}
}

// connecting opens AppSync's realtime endpoint by a token.
func connecting(at client.Config) door {
	return func(t *testing.T, token string) string {
		t.Helper()
		conn := dialRealtime(t, at, token)
		defer conn.CloseNow()
		say(t, conn, `{"type":"connection_init"}`)
		frame := hear(t, conn)
		if frame.Type == "connection_ack" {
			return ""
		}
		return frame.Type + " " + string(frame.Payload)
	}
}

// subscribing starts a subscription by a token, on a connection that a good one opened.
func subscribing(at client.Config, good string) door {
	return func(t *testing.T, token string) string {
		t.Helper()
		conn := dialRealtime(t, at, good)
		defer conn.CloseNow()
		say(t, conn, `{"type":"connection_init"}`)
		if f := hear(t, conn); f.Type != "connection_ack" {
			t.Fatalf("the connection: %s %s", f.Type, f.Payload)
		}
		say(t, conn, starting(t, at, token))
		f := hear(t, conn)
		if f.Type == "start_ack" {
			return ""
		}
		return f.Type + " " + string(f.Payload)
	}
}

// starting is the frame that starts a subscription by a token.
func starting(t *testing.T, at client.Config, token string) string {
	t.Helper()
	const query = "subscription { imageEvents { owner id seq version status stage failure width height deletedAt at } }"
	data, _ := json.Marshal(map[string]any{"query": query, "variables": map[string]any{}})
	start, err := json.Marshal(map[string]any{"id": "1", "type": "start", "payload": map[string]any{
		"data":       string(data),
		"extensions": map[string]any{"authorization": map[string]string{"Authorization": token, "host": address(at.Realtime)}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(start)
}

func dialRealtime(t *testing.T, at client.Config, token string) *websocket.Conn {
	t.Helper()
	header, err := json.Marshal(map[string]string{"Authorization": token, "host": address(at.Realtime)})
	if err != nil {
		t.Fatal(err)
	}
	to := "ws://" + address(at.Realtime) + "/graphql/realtime?payload=e30=&header=" + url.QueryEscape(base64.StdEncoding.EncodeToString(header))
	conn, _, err := websocket.Dial(t.Context(), to, &websocket.DialOptions{Subprotocols: []string{"graphql-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// frame is one of the realtime protocol.
type frame struct {
	Type    string          `json:"type"`
	ID      string          `json:"id"`
	Payload json.RawMessage `json:"payload"`
}

func say(t *testing.T, conn *websocket.Conn, text string) {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

// hear is the next frame that says something.
func hear(t *testing.T, conn *websocket.Conn) frame {
	t.Helper()
	for {
		_, text, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var f frame
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		if f.Type != "ka" {
			return f
		}
	}
}
