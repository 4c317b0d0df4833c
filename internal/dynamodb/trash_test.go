package dynamodb_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// save stores what an image became.
func save(t *testing.T, images dynamodb.Images, i gallery.Image) gallery.Image {
	t.Helper()
	if err := images.Save(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	return i
}

// TestTheTrashGoesFromTheLastDeletedToTheFirst: by the millisecond, those deleted in the same one too, and without what was
// restored, is being purged, is purged, or is somebody else's.
func TestTheTrashGoesFromTheLastDeletedToTheFirst(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	var all []gallery.Image
	for n := range 9 {
		all = append(all, newImage(ann, n))
	}
	other := newImage(ben, 20)
	create(t, images, append(all, other)...)
	save(t, images, other.Trash(noon))
	for n, after := range map[int]time.Duration{
		3: 500 * time.Millisecond, 0: 510 * time.Millisecond, 1: 511 * time.Millisecond, 4: time.Second, 2: time.Second, 6: 0,
	} {
		save(t, images, all[n].Trash(noon.Add(after)))
	}
	save(t, images, save(t, images, all[5].Trash(noon)).Restore(noon.Add(time.Minute)))
	save(t, images, save(t, images, all[7].Trash(noon)).Purge(noon.Add(time.Minute)))
	doomed := save(t, images, all[8].Purge(noon))
	if err := images.Bury(t.Context(), doomed.Bury(noon.Add(time.Minute)), all[8].SHA256); err != nil {
		t.Fatal(err)
	}
	want := []string{"04", "02", "01", "00", "03", "06"} // of 2 and 4, the later id
	for first := range 7 {
		got := names(t, images, gallery.Listing{First: first + 1, Order: gallery.TrashedAt})
		if !slices.Equal(got, want) {
			t.Errorf("%d at a time: got %v, want %v", first+1, got, want)
		}
	}
}

func TestACursorIntoTheTrashIsOneOfTheTrash(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	i := newImage(ann, 1)
	create(t, images, i)
	save(t, images, i.Trash(noon))
	const at = "2026-11-23T12:00:00.000Z"
	for name, key := range map[string]string{
		"of an upload": string(i.ID), "a time alone": at, "an id that is none": at + "#1", "a time that is none": "now#" + string(i.ID),
		"no time": "#" + string(i.ID), "two of them": at + "#" + at + "#" + string(i.ID), "zeros": "\x00#\x00",
		"long": strings.Repeat("9", 300) + "#" + string(i.ID),
	} {
		after := base64.RawURLEncoding.EncodeToString([]byte("TRASHED|" + key))
		_, err := images.List(t.Context(), ann, gallery.Listing{First: 1, Order: gallery.TrashedAt, After: after})
		var refusal *gallery.Error
		if !errors.As(err, &refusal) || refusal.Field != "after" {
			t.Errorf("%s: got %v, want INVALID_INPUT of after", name, err)
		}
	}
	// Where nothing is, or nothing is any more, a page can begin: the owner is the token's, whatever the cursor says.
	other := newImage(ben, 2)
	after := base64.RawURLEncoding.EncodeToString([]byte("TRASHED|2027-01-01T00:00:00Z#" + string(other.ID)))
	page, err := images.List(t.Context(), ann, gallery.Listing{First: 1, Order: gallery.TrashedAt, After: after})
	if err != nil || len(page.Images) != 1 || page.Images[0].ID != i.ID {
		t.Errorf("from a place where nothing is: got %+v, %v", page, err)
	}
}

// TestAPageOfTheTrashReadsNoMoreThanItMay, whatever was purged lately.
func TestAPageOfTheTrashReadsNoMoreThanItMay(t *testing.T) {
	cfg := start(t)
	client, images := sdk.NewFromConfig(cfg), dynamodb.Images{DB: dynamodb.Open(cfg), Tables: tables}
	i := newImage(ann, 1)
	create(t, images, i)
	save(t, images, i.Trash(noon))
	for n := 0; n < gallery.MaxScanned; n += 25 {
		var puts []types.WriteRequest
		for k := range 25 {
			puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: map[string]types.AttributeValue{
				"owner": text("ann"), "id": text(fmt.Sprintf("01937000-0000-7000-8000-%012d", n+k)), "purging": &types.AttributeValueMemberBOOL{Value: true},
				"deletedAt": text(noon.Add(time.Duration(n+k+1) * time.Second).Format(time.RFC3339Nano)),
			}}})
		}
		in := &sdk.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{tables.Images: puts}}
		if _, err := client.BatchWriteItem(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	page, err := images.List(t.Context(), ann, gallery.Listing{First: 100, Order: gallery.TrashedAt})
	if err != nil || len(page.Images) != 0 || !page.More {
		t.Fatalf("got %+v, %v, want an empty page with a next one", page, err)
	}
	page, err = images.List(t.Context(), ann, gallery.Listing{First: 100, Order: gallery.TrashedAt, After: page.End})
	if err != nil || len(page.Images) != 1 || page.More {
		t.Errorf("the next: got %+v, %v", page, err)
	}
}

// TestATableOfBeforeGetsItsIndex, with what was in the trash already, in the form that times had.
func TestATableOfBeforeGetsItsIndex(t *testing.T) {
	cfg := start(t)
	client, images := sdk.NewFromConfig(cfg), dynamodb.Images{DB: dynamodb.Open(cfg), Tables: tables}
	if _, err := client.UpdateTable(t.Context(), &sdk.UpdateTableInput{
		TableName: &tables.Images,
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{
			{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("trash")}},
		},
	}); err != nil {
		t.Fatal(err)
	}
	old, kept := newImage(ann, 1), newImage(ann, 2)
	create(t, images, old, kept)
	save(t, images, old.Trash(noon))
	if _, err := client.UpdateItem(t.Context(), &sdk.UpdateItemInput{
		TableName: &tables.Images, Key: map[string]types.AttributeValue{"owner": text("ann"), "id": text(string(old.ID))},
		UpdateExpression:          aws.String("SET deletedAt = :at"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":at": text(noon.Format(time.RFC3339Nano))},
	}); err != nil {
		t.Fatal(err)
	}
	trash := gallery.Listing{First: 1, Order: gallery.TrashedAt}
	if _, err := images.List(t.Context(), ann, trash); err == nil {
		t.Fatal("the index is there")
	}
	for range 2 {
		if err := dynamodb.Create(t.Context(), client, tables); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, images, trash); !slices.Equal(got, []string{"01"}) {
		t.Errorf("got %v, want the one from before", got)
	}
	later := save(t, images, kept.Trash(noon.Add(time.Millisecond)))
	page, err := images.List(t.Context(), ann, gallery.Listing{First: 2, Order: gallery.TrashedAt})
	if err != nil || len(page.Images) != 2 || !slices.ContainsFunc(page.Images, func(i gallery.Image) bool { return i.DeletedAt.Equal(later.DeletedAt) }) {
		t.Errorf("got %+v, %v", page, err)
	}
}
