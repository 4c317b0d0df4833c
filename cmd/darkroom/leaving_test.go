package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhoLeavesLeavesNothing: by the API alone, and the sweeper of the running cloud does the rest.
func TestWhoLeavesLeavesNothing(t *testing.T) {
	t.Parallel()
	c := newCast(t, sharedCloud(t).endpoints().GraphQL)
	links := c.links()
	if stored := c.stored(c.owner.id); len(stored) < 6 {
		t.Fatalf("stored are only %v", stored)
	}
	if status, text := c.ask(c.owner, "Mutation.deleteAccount", values{"confirm": c.owner.id}); status != http.StatusOK || strings.Contains(text, "errors") {
		t.Fatal(text)
	}
	if _, text := c.ask(c.owner, "Mutation.createUpload", values{
		"filename": "c.jpg", "contentType": "image/jpeg", "bytes": 9, "sha256": sumOf([]byte("one more")),
	}); !strings.Contains(text, "CONFLICT") {
		t.Errorf("an upload meanwhile: %s", text)
	}
	eventually(t, "everything to be removed", func() error {
		_, text := c.ask(c.owner, "Query.me", nil)
		var got struct {
			Data struct {
				Me struct{ Deletion struct{ ErasedAt *string } }
			}
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.Data.Me.Deletion.ErasedAt == nil {
			return fmt.Errorf("%v in %s", err, text)
		}
		return nil
	})
	if left := c.stored(c.owner.id); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, links["$api"]+"/s/"+links["$token"], http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := send(t, req); status != http.StatusNotFound {
		t.Errorf("the share link answers %d", status)
	}
	if refused := ofCognito(c.endpoints().Cognito.Endpoint, "GetUser", map[string]any{})(t, c.owner.token); refused == "" {
		t.Error("there is still a user")
	}
	if got, _ := c.ask(c.other, "Query.me", nil); got != http.StatusOK {
		t.Errorf("somebody else gets %d", got)
	}
}

// stored are the files of the object store, on disk, whose path has a user's id.
func (c *cast) stored(owner string) (paths []string) {
	c.t.Helper()
	err := filepath.WalkDir(filepath.Join(c.dir, "s3"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(path, owner) {
			paths = append(paths, path)
		}
		return nil // what others remove meanwhile is not ours
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return paths
}
