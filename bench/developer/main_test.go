package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestOrdersAreFulfilledOneAfterAnother(t *testing.T) {
	const photo = "../../internal/render/testdata/progressive-444.jpg"
	dir := t.TempDir()
	var orders, receipts bytes.Buffer
	for _, out := range []string{dir, ""} {
		if err := json.NewEncoder(&orders).Encode(map[string]string{"photo": photo, "out": out}); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(t.Context(), &orders, &receipts); err != nil {
		t.Fatal(err)
	}
	var first, second receipt
	if d := json.NewDecoder(&receipts); d.Decode(&first) != nil || d.Decode(&second) != nil {
		t.Fatalf("there are no two receipts: %s", receipts.String())
	}
	if first.Bytes == 0 || first.Wall <= 0 ||
		second.Bytes != first.Bytes || second.CPU <= first.CPU || second.Peak < first.Peak {
		t.Errorf("receipts are %+v and %+v", first, second)
	}
	for _, name := range []string{"0.jpg", "4.jpg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("a file is missing: %v", err)
		}
	}
}
