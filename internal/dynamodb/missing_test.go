package dynamodb_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// TestAMissingTableIsNamed by every kind of request: DynamoDB only says that something was not found.
func TestAMissingTableIsNamed(t *testing.T) {
	db := open(t)
	none := dynamodb.Tables{Images: "no-images", Feed: "no-feed", Users: "no-users"}
	images, agenda, i := dynamodb.Images{DB: db, Tables: none}, dynamodb.Agenda{DB: db, Tables: none}, newImage(ann, 1)
	for name, c := range map[string]struct {
		err   error
		table string
	}{
		"get":         {second(images.Get(t.Context(), ann, i.ID)), "no-images"},
		"put":         {agenda.SaveRound(t.Context(), gallery.Round{}), "no-users"},
		"query":       {second(dynamodb.Users{DB: db, Tables: none}.ByContent(t.Context(), ann, i.SHA256)), "no-users"},
		"index":       {third(agenda.Due(t.Context(), gallery.Place{}, noon, 1)), "no-images"},
		"scan":        {third(agenda.Behind(t.Context(), gallery.Ref{}, noon, 1)), "no-images"},
		"batch":       {second(images.GetAll(t.Context(), ann, []gallery.ID{i.ID})), "no-images"},
		"transaction": {images.Create(t.Context(), i, gallery.DefaultQuota()), "no-images, no-users"},
		"feed":        {second(dynamodb.Feed{DB: db, Tables: none}.Number(t.Context(), ann, []gallery.Event{i.Event()}, time.Now())), "no-feed"},
	} {
		var missing *types.ResourceNotFoundException
		if c.err == nil || !errors.As(c.err, &missing) || !strings.Contains(c.err.Error(), "table "+c.table+":") {
			t.Errorf("%s: got %v, want it to name %s", name, c.err, c.table)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func third[T, U any](_ T, _ U, err error) error { return err }
