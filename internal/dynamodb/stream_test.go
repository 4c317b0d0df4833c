package dynamodb_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

func TestAStreamsRecordIsAnImage(t *testing.T) {
	data, err := os.ReadFile("testdata/stream-record.json")
	if err != nil {
		t.Fatal(err)
	}
	var r events.DynamoDBEventRecord
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	got, err := dynamodb.Decode(r)
	if err != nil {
		t.Fatal(err)
	}
	if got.Owner != "ann" || got.Version != 3 || got.Status != gallery.Ready || got.Facts.Width != 6000 ||
		got.Facts.Capture.Location.Latitude != -33.5 || len(got.Renditions) != 1 || !got.UpdatedAt.Equal(noon) {
		t.Errorf("got %+v", got)
	}
}

func FuzzDecode(f *testing.F) {
	data, err := os.ReadFile("testdata/stream-record.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"dynamodb":{"NewImage":{"owner":{"S":"a"},"id":{"S":"b"},"version":{"N":"1e400"},"status":{"S":"READY"}}}}`))
	f.Add([]byte(`{"dynamodb":{"NewImage":{"renditions":{"L":[{"M":{"name":{"L":[]}}}]}}}}`))
	f.Add([]byte(`{"dynamodb":{"NewImage":{"renditions":{"S":"large 1 2 3\n  "}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r events.DynamoDBEventRecord
		if json.Unmarshal(data, &r) != nil {
			return
		}
		i, err := dynamodb.Decode(r)
		if err == nil && (i.Owner == "" || i.ID == "" || i.Version < 1 || !i.Status.Valid()) {
			t.Errorf("an image of nothing: %+v", i)
		}
	})
}
