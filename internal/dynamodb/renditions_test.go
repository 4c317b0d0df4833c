package dynamodb_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// decoded is the image of testdata's stream record with other renditions.
func decoded(t *testing.T, renditions string) (gallery.Image, error) {
	t.Helper()
	data, err := os.ReadFile("testdata/stream-record.json")
	if err != nil {
		t.Fatal(err)
	}
	const line = `{ "S": "large 1024 683 102400 image/jpeg 70cf8c761f717f5cfa43a770fb71344a" }`
	var r events.DynamoDBEventRecord
	if err := json.Unmarshal([]byte(strings.Replace(string(data), line, renditions, 1)), &r); err != nil {
		t.Fatal(err)
	}
	return dynamodb.Decode(r)
}

func TestRenditionsAreReadInAllFormsTheyWereEverStored(t *testing.T) {
	want := []gallery.Rendition{
		{Name: "large", Width: 10, Height: 20, Bytes: 30, ContentType: "image/png", Digest: "ab"},
		{Name: "small", Width: 1, Height: 2, Bytes: 3, ContentType: "image/jpeg", Digest: "cd"},
	}
	for name, stored := range map[string]string{
		"commas": `{"S":"large 10 20 30 image/png ab,small 1 2 3 image/jpeg cd"}`,
		"lines":  `{"S":"large 10 20 30 image/png ab\nsmall 1 2 3 image/jpeg cd"}`,
		"maps": `{"L":[{"M":{"name":{"S":"large"},"width":{"N":"10"},"height":{"N":"20"},"bytes":{"N":"30"},
			"contentType":{"S":"image/png"},"digest":{"S":"ab"}}},{"M":{"name":{"S":"small"},"width":{"N":"1"},"height":{"N":"2"},
			"bytes":{"N":"3"},"contentType":{"S":"image/jpeg"},"digest":{"S":"cd"}}}]}`,
	} {
		if got, err := decoded(t, stored); err != nil || !slices.Equal(got.Renditions, want) {
			t.Errorf("%s: got %+v, %v", name, got.Renditions, err)
		}
	}
}

func TestWhatAreNoRenditionsIsRefused(t *testing.T) {
	for _, stored := range []string{
		"", "large", "large 1 2 3 image/jpeg", "large 1 2 3 image/jpeg ab x", "large one 2 3 image/jpeg ab",
		`large 1 2 3 image/jpeg ab\n`, "large 1 2 3 image/jpeg ab,",
	} {
		if got, err := decoded(t, `{"S":"`+stored+`"}`); err == nil {
			t.Errorf("%q: got %+v", stored, got.Renditions)
		}
	}
}
