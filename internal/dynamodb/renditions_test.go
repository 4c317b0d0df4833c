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

func TestRenditionsAreReadInBothFormsTheyWereEverStored(t *testing.T) {
	want := []gallery.Rendition{{Name: "large", Width: 10, Height: 20, Bytes: 30, ContentType: "image/png", Digest: "ab"}}
	for name, stored := range map[string]string{
		"lines": `{"S":"large 10 20 30 image/png ab"}`,
		"maps": `{"L":[{"M":{"name":{"S":"large"},"width":{"N":"10"},"height":{"N":"20"},"bytes":{"N":"30"},
			"contentType":{"S":"image/png"},"digest":{"S":"ab"}}}]}`,
	} {
		if got, err := decoded(t, stored); err != nil || !slices.Equal(got.Renditions, want) {
			t.Errorf("%s: got %+v, %v", name, got.Renditions, err)
		}
	}
}

func TestLinesThatAreNoRenditionsAreRefused(t *testing.T) {
	for _, line := range []string{"", "large", "large 1 2 3 image/jpeg ab x", "large one 2 3 image/jpeg ab", `large 1 2 3 image/jpeg ab\n`} {
		if got, err := decoded(t, `{"S":"`+line+`"}`); err == nil {
			t.Errorf("%q: got %+v", line, got.Renditions)
		}
	}
}
