package dynamodb

import (
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/go-json-experiment/json"

	"github.com/darkroom/darkroom/gallery"
)

// facts are one string in an item, JSON without what is unknown. No expression looks into them; as thirty attributes they
// took longer to read than all the rest of an image.
type facts gallery.Facts

// IsZero tells that there is nothing to store.
func (f facts) IsZero() bool { return reflect.ValueOf(f).IsZero() }

// MarshalText writes the JSON.
func (f facts) MarshalText() ([]byte, error) {
	return json.Marshal(gallery.Facts(f), json.OmitZeroStructFields(true))
}

// UnmarshalDynamo reads the JSON. Maps are from before there was any.
func (f *facts) UnmarshalDynamo(av types.AttributeValue) error {
	text, ok := av.(*types.AttributeValueMemberS)
	if !ok {
		return attributevalue.Unmarshal(av, (*gallery.Facts)(f))
	}
	if err := json.Unmarshal([]byte(text.Value), (*gallery.Facts)(f)); err != nil {
		return fmt.Errorf("read facts: %w", err)
	}
	return nil
}
