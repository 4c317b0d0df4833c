package dynamodb

import (
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Decode reads the image that a record of the images table's stream tells of, as it was after the change.
func Decode(r events.DynamoDBEventRecord) (gallery.Image, error) {
	item := make(dynamo.Item, len(r.Change.NewImage))
	for name, value := range r.Change.NewImage {
		av, err := attribute(value, 0)
		if err != nil {
			return gallery.Image{}, fmt.Errorf("decode attribute %s: %w", name, err)
		}
		item[name] = av
	}
	var rec record
	if err := dynamo.UnmarshalItem(item, &rec); err != nil {
		return gallery.Image{}, fmt.Errorf("decode image: %w", err)
	}
	i := rec.image()
	if i.Owner == "" || i.ID == "" || i.Version < 1 || !i.Status.Valid() {
		return gallery.Image{}, fmt.Errorf("decode image: record %s is not an image", r.EventID)
	}
	return i, nil
}

// attribute turns Lambda's form of an attribute value into the SDK's; DynamoDB nests at most 32 deep.
func attribute(v events.DynamoDBAttributeValue, depth int) (types.AttributeValue, error) {
	if depth > 32 {
		return nil, fmt.Errorf("nested deeper than 32")
	}
	switch v.DataType() {
	case events.DataTypeString:
		return &types.AttributeValueMemberS{Value: v.String()}, nil
	case events.DataTypeNumber:
		return &types.AttributeValueMemberN{Value: v.Number()}, nil
	case events.DataTypeBoolean:
		return &types.AttributeValueMemberBOOL{Value: v.Boolean()}, nil
	case events.DataTypeNull:
		return &types.AttributeValueMemberNULL{Value: true}, nil
	case events.DataTypeList:
		return list(v.List(), depth)
	case events.DataTypeMap:
		return object(v.Map(), depth)
	}
	return nil, fmt.Errorf("unexpected type %d", v.DataType())
}

func list(in []events.DynamoDBAttributeValue, depth int) (types.AttributeValue, error) {
	out := make([]types.AttributeValue, len(in))
	for n, v := range in {
		av, err := attribute(v, depth+1)
		if err != nil {
			return nil, err
		}
		out[n] = av
	}
	return &types.AttributeValueMemberL{Value: out}, nil
}

func object(in map[string]events.DynamoDBAttributeValue, depth int) (types.AttributeValue, error) {
	out := make(map[string]types.AttributeValue, len(in))
	for name, v := range in {
		av, err := attribute(v, depth+1)
		if err != nil {
			return nil, err
		}
		out[name] = av
	}
	return &types.AttributeValueMemberM{Value: out}, nil
}
