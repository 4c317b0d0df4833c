package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/darkroom/darkroom/internal/client"
)

// LaunchDarkroom starts the local cloud as `darkroom run` does. It is there once client.json is and its API answers.
func LaunchDarkroom(binary string) func(context.Context, string) (*Process, error) {
	return func(ctx context.Context, dir string) (*Process, error) {
		p := &Process{Cmd: exec.CommandContext(ctx, binary, "run", "--port", "0", "--data", dir), Dir: dir}
		if err := os.Remove(filepath.Join(dir, "client.json")); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("remove the last run's configuration: %w", err)
		}
		return p, p.Start(ctx, func(ctx context.Context) bool {
			c, err := ReadConfig(dir)
			if err != nil {
				return false
			}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.GraphQL, nil)
			if err != nil {
				return false
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				return false
			}
			res.Body.Close()
			return res.StatusCode == http.StatusUnauthorized // nobody has signed in yet
		})
	}
}

// ReadConfig reads what the local cloud tells its clients.
func ReadConfig(dir string) (client.Config, error) {
	f, err := os.Open(filepath.Join(dir, "client.json"))
	if err != nil {
		return client.Config{}, err
	}
	defer f.Close()
	return client.ReadConfig(f)
}

// AccessToken signs the demo user in, for requests that are made without internal/client.
func AccessToken(ctx context.Context, web *http.Client, config client.Config) (string, error) {
	body, err := json.Marshal(map[string]any{
		"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": config.Cognito.ClientID,
		"AuthParameters": map[string]string{"USERNAME": config.User, "PASSWORD": config.Password},
	})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, config.Cognito.Endpoint, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth")
	answer, err := Send(web, req)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	var tokens struct{ AuthenticationResult struct{ AccessToken string } }
	if err := json.Unmarshal(answer, &tokens); err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return tokens.AuthenticationResult.AccessToken, nil
}
