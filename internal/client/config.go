package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
)

// maxConfigBytes bounds a configuration file.
const maxConfigBytes = 64 << 10

// Config says where a deployment is, and as whom to sign in. It is the JSON of `.darkroom/client.json`.
type Config struct {
	GraphQL  string  `json:"graphql"`  // the URL of the HTTP API's /graphql
	Realtime string  `json:"realtime"` // the URL of AppSync's /graphql; the socket's is derived from it
	Cognito  Cognito `json:"cognito"`
	User     string  `json:"user,omitempty"`     // a user name or e-mail address
	Password string  `json:"password,omitempty"` // only a local cloud writes it down
}

// Cognito names a user pool and the app client through which users sign in to it.
type Cognito struct {
	Endpoint   string `json:"endpoint"` // empty for AWS's own, of the region
	Region     string `json:"region"`
	UserPoolID string `json:"userPoolId"`
	ClientID   string `json:"clientId"`
}

// ReadConfig reads and checks a configuration.
func ReadConfig(r io.Reader) (Config, error) {
	var c Config
	b, err := io.ReadAll(io.LimitReader(r, maxConfigBytes+1))
	if err != nil {
		return c, err
	}
	if len(b) > maxConfigBytes {
		return c, fmt.Errorf("longer than %d bytes", maxConfigBytes)
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return c, err
	}
	return c, c.check()
}

func (c Config) check() error {
	return errors.Join(
		checkURL("graphql", c.GraphQL),
		checkURL("realtime", c.Realtime),
		checkURL("cognito.endpoint", c.Cognito.url()),
		c.Cognito.check(),
	)
}

func (c Cognito) check() error {
	if c.ClientID == "" {
		return errors.New("cognito.clientId is missing")
	}
	return nil
}

func (c Cognito) url() string {
	if c.Endpoint == "" && c.Region != "" {
		return "https://cognito-idp." + c.Region + ".amazonaws.com/"
	}
	return c.Endpoint
}

func checkURL(name, s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%s is not an http or https URL: %q", name, s)
	}
	return nil
}
