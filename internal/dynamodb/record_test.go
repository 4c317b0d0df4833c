package dynamodb

import (
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// full is a record in which every field says something; the test fails when one is forgotten.
func full(t *testing.T) record {
	t.Helper()
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	r := record{
		Owner: "ann", ID: "id", Filename: "a b.jpg", ContentType: "image/jpeg", Bytes: 1 << 40, SHA256: "ab",
		Status: gallery.Ready, Stage: gallery.Developing, Failure: gallery.Corrupt, Version: 7,
		CreatedAt: at, UpdatedAt: at, DeletedAt: sorted{at}, PurgeAt: at, Purging: true, PurgedAt: at, Unshared: 1, Expires: 9, UploadID: "u", Untidy: true, Took: 5,
		Attempt: 2, LeaseUntil: at, DeadlineAt: at, Facts: facts(whole()), Hash: "00ff",
		Renditions: renditions{{Name: "large", Width: 1, Height: 2, Bytes: 3, ContentType: "image/png", Digest: "d"}},
		Taken:      "t", Open: "o", Deadline: "d",
	}
	for n := range reflect.ValueOf(r).NumField() {
		if reflect.ValueOf(r).Field(n).IsZero() {
			t.Fatalf("give %s a value", reflect.TypeOf(r).Field(n).Name)
		}
	}
	return r
}

func TestARecordComesBackAsItWasStored(t *testing.T) {
	want := full(t)
	item, err := dynamo.MarshalItem(want)
	if err != nil {
		t.Fatal(err)
	}
	got := record{Owner: "ben", Filename: "left from before"}
	if err := dynamo.UnmarshalItem(item, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	delete(item, "filename")
	item["unknown"] = &types.AttributeValueMemberBOOL{Value: true}
	want.Filename = ""
	if err := dynamo.UnmarshalItem(item, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("without a name: got %+v, %v", got, err)
	}
	item["version"] = &types.AttributeValueMemberS{Value: "seven"}
	if err := dynamo.UnmarshalItem(item, &got); err == nil {
		t.Error("a version that is text was read")
	}
}

func TestLinksThatHadEndedByTheClockHaveEnded(t *testing.T) {
	item, err := dynamo.MarshalItem(record{Owner: "ann", ID: "id", Status: gallery.Ready, Version: 5})
	if err != nil {
		t.Fatal(err)
	}
	item["unsharedAt"] = &types.AttributeValueMemberS{Value: "2026-11-26T12:00:00Z"}
	var got record
	if err := dynamo.UnmarshalItem(item, &got); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 13, 0, 0, 0, time.UTC)
	of := func(version int64) gallery.Share {
		return gallery.Share{Owner: "ann", Image: "id", Version: version, ExpiresAt: now.Add(time.Hour)}
	}
	if of(0).Works(got.image(), now) || !of(5).Works(got.image(), now) {
		t.Errorf("a link of then works, or one of now does not: ended at %d", got.Unshared)
	}
}
