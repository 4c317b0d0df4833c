package local

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Credentials are the one access key of a small cloud, made with its data folder.
type Credentials struct {
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"`
}

func readCredentials(path string) (Credentials, error) {
	var c Credentials
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeCredentials(path)
	}
	if err != nil {
		return c, fmt.Errorf("read credentials: %w", err)
	}
	if err := json.Unmarshal(data, &c); err != nil || c.AccessKey == "" || c.SecretKey == "" {
		return c, fmt.Errorf("%s does not hold credentials (delete it to have new ones made): %w", path, err)
	}
	return c, nil
}

func makeCredentials(path string) (Credentials, error) {
	c := Credentials{AccessKey: "LOCAL" + rand.Text()[:15], SecretKey: rand.Text() + rand.Text()}
	data, err := json.MarshalIndent(c, "", "  ")
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		return c, fmt.Errorf("write credentials: %w", err)
	}
	return c, nil
}
