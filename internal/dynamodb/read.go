package dynamodb

import (
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"
)

// UnmarshalDynamoItem reads an item without reflection, which would take a third of the time of a page of images. What is not
// in the item is zero, what is not in a record is passed over; the error names the attribute that is of another type.
func (r *record) UnmarshalDynamoItem(item dynamo.Item) error {
	*r = record{}
	for name, value := range item {
		if _, none := value.(*types.AttributeValueMemberNULL); none {
			continue
		}
		if err := r.read(name, value); err != nil {
			return fmt.Errorf("read attribute %s: %w", name, err)
		}
	}
	return nil
}

// read gives the field of an attribute its value. A field that is forgotten here fails the test that stores a full record.
func (r *record) read(name string, value types.AttributeValue) error {
	switch name {
	case "owner":
		return readText(value, &r.Owner)
	case "id":
		return readText(value, &r.ID)
	case "filename":
		return readText(value, &r.Filename)
	case "contentType":
		return readText(value, &r.ContentType)
	case "bytes":
		return readNumber(value, &r.Bytes)
	case "sha256":
		return readText(value, &r.SHA256)
	case "status":
		return readText(value, &r.Status)
	case "stage":
		return readText(value, &r.Stage)
	case "failure":
		return readText(value, &r.Failure)
	case "version":
		return readNumber(value, &r.Version)
	case "createdAt":
		return readTime(value, &r.CreatedAt)
	case "updatedAt":
		return readTime(value, &r.UpdatedAt)
	case "facts":
		return r.Facts.UnmarshalDynamo(value)
	case "hash64":
		return readText(value, &r.Hash)
	case "renditions":
		return r.Renditions.UnmarshalDynamo(value)
	}
	return r.readRare(name, value)
}

// readRare reads what an image that is READY and rests does not have.
func (r *record) readRare(name string, value types.AttributeValue) error {
	switch name {
	case "deletedAt":
		return readTime(value, &r.DeletedAt.Time)
	case "purgeAt":
		return readTime(value, &r.PurgeAt)
	case "purging":
		return readFlag(value, &r.Purging)
	case "purgedAt":
		return readTime(value, &r.PurgedAt)
	case "expires":
		return readNumber(value, &r.Expires)
	case "unshared":
		return readNumber(value, &r.Unshared)
	case "unsharedAt": // from before there was a version: links of then, which have none either, have ended
		r.Unshared = max(r.Unshared, 1)
	case "uploadId":
		return readText(value, &r.UploadID)
	case "untidy":
		return readFlag(value, &r.Untidy)
	case "took":
		return readNumber(value, &r.Took)
	case "attempt":
		return readNumber(value, &r.Attempt)
	case "leaseUntil":
		return readTime(value, &r.LeaseUntil)
	case "deadlineAt":
		return readTime(value, &r.DeadlineAt)
	case "taken":
		return readText(value, &r.Taken)
	case "open":
		return readText(value, &r.Open)
	case "deadline":
		return readText(value, &r.Deadline)
	}
	return nil
}

func readText[T ~string](value types.AttributeValue, to *T) error {
	s, ok := value.(*types.AttributeValueMemberS)
	if !ok {
		return fmt.Errorf("%T is not a string", value)
	}
	*to = T(s.Value)
	return nil
}

func readNumber[T int | int64](value types.AttributeValue, to *T) error {
	n, ok := value.(*types.AttributeValueMemberN)
	if !ok {
		return fmt.Errorf("%T is not a number", value)
	}
	whole, err := strconv.ParseInt(n.Value, 10, 64)
	*to = T(whole)
	return err
}

func readFlag(value types.AttributeValue, to *bool) error {
	b, ok := value.(*types.AttributeValueMemberBOOL)
	if !ok {
		return fmt.Errorf("%T is not a boolean", value)
	}
	*to = b.Value
	return nil
}

// readTime reads RFC 3339.
func readTime(value types.AttributeValue, to *time.Time) error {
	var text string
	if err := readText(value, &text); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, text)
	*to = at
	return err
}
