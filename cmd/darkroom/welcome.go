package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/darkroom/darkroom/internal/client"
	"github.com/darkroom/darkroom/internal/local"
)

// welcome says where everything is, and what to try first. All of it works as it is pasted.
func welcome(out io.Writer, c *local.Cloud, config client.Config, dir string) {
	secure := ""
	if c.Endpoints.AppSyncTLS != "" {
		secure = fmt.Sprintf("    Over TLS   %s   (AppSync again; trust %s of the data folder)\n", c.Endpoints.AppSyncTLS, local.CertificateFile)
	}
	fmt.Fprintf(out, `
  Darkroom is running: S3, DynamoDB, SQS, Lambda, AppSync and Cognito, in this process.

    Web client %s/
    Playground %s/playground   (GraphQL, signed in as the demo user)

    GraphQL    %s
    Realtime   %s   (AppSync; subscribe to imageEvents)
%s    S3         %s
    DynamoDB   %s   (and its Streams)
    Cognito    %s   (pool %s, client %s)
    Inbox      %s   (the codes that Cognito would send by e-mail)

    Demo user  %s
    Password   %s

    Data       %s
    Access key %s   (its secret is in credentials.json there)

  Upload a photo and watch it being developed:

    go run ./cmd/darkroom upload%s testdata/*.jpg

  Ask the API:

    TOKEN=$(curl -s %s -H 'Content-Type: application/x-amz-json-1.1' \
      -H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \
      -d '{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"%s",
           "AuthParameters":{"USERNAME":"%s","PASSWORD":"%s"}}' \
      | sed 's/.*"AccessToken":"\([^"]*\)".*/\1/')

    curl -s %s \
      -H "Authorization: $TOKEN" -H 'Content-Type: application/json' \
      -d '{"query":"{ images(first: 5) { edges { node { filename status width height } } } }"}'

  Ctrl-C stops it. What is stored stays.

`,
		c.Endpoints.API, c.Endpoints.API, config.GraphQL, config.Realtime, secure, c.Endpoints.S3, c.Endpoints.DynamoDB,
		c.Endpoints.Cognito, config.Cognito.UserPoolID, config.Cognito.ClientID,
		c.Endpoints.Cognito+"inbox", config.User, config.Password, dir, c.Credentials.AccessKey, where(dir),
		c.Endpoints.Cognito, config.Cognito.ClientID, config.User, config.Password, config.GraphQL)
}

// where is the flag by which other commands find a cloud, if they need one.
func where(dir string) string {
	file := filepath.Join(dir, configFile)
	if filepath.ToSlash(file) == defaultConfig {
		return ""
	}
	return " --config '" + strings.ReplaceAll(file, "'", `'\''`) + "'"
}
