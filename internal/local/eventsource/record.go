package eventsource

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// change is one record of a shard, ready to be delivered.
type change struct {
	sequence string
	created  time.Time
	json     json.RawMessage // as Lambda shows it to a function
}

// streamRecord is a record as Lambda shows it to a function.
type streamRecord struct {
	EventID        string    `json:"eventID"`
	EventName      string    `json:"eventName"`
	EventVersion   string    `json:"eventVersion"`
	EventSource    string    `json:"eventSource"`
	AWSRegion      string    `json:"awsRegion"`
	DynamoDB       image     `json:"dynamodb"`
	UserIdentity   *identity `json:"userIdentity,omitempty"`
	EventSourceARN string    `json:"eventSourceARN"`
}

type identity struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
}

type image struct {
	Created        int64           `json:"ApproximateCreationDateTime"` // seconds of the epoch
	Keys           map[string]attr `json:"Keys,omitempty"`
	NewImage       map[string]attr `json:"NewImage,omitempty"`
	OldImage       map[string]attr `json:"OldImage,omitempty"`
	SequenceNumber string          `json:"SequenceNumber"`
	SizeBytes      int64           `json:"SizeBytes"`
	StreamViewType string          `json:"StreamViewType"`
}

// newChange converts a record of a stream. A record without its body, which
// the API allows for, has no sequence number and cannot be delivered.
func newChange(r types.Record, arn, region string) (change, error) {
	if r.Dynamodb == nil || r.Dynamodb.SequenceNumber == nil {
		return change{}, fmt.Errorf("record %s has no sequence number", aws.ToString(r.EventID))
	}
	created := aws.ToTime(r.Dynamodb.ApproximateCreationDateTime)
	shown := streamRecord{
		EventID:      aws.ToString(r.EventID),
		EventName:    string(r.EventName),
		EventVersion: aws.ToString(r.EventVersion),
		EventSource:  aws.ToString(r.EventSource),
		AWSRegion:    region,
		DynamoDB: image{
			Created:        created.Unix(),
			Keys:           attrs(r.Dynamodb.Keys),
			NewImage:       attrs(r.Dynamodb.NewImage),
			OldImage:       attrs(r.Dynamodb.OldImage),
			SequenceNumber: *r.Dynamodb.SequenceNumber,
			SizeBytes:      aws.ToInt64(r.Dynamodb.SizeBytes),
			StreamViewType: string(r.Dynamodb.StreamViewType),
		},
		EventSourceARN: arn,
	}
	if r.UserIdentity != nil {
		shown.UserIdentity = &identity{aws.ToString(r.UserIdentity.Type), aws.ToString(r.UserIdentity.PrincipalId)}
	}
	encoded, err := encode(shown)
	if err != nil {
		return change{}, fmt.Errorf("encode record %s: %w", shown.DynamoDB.SequenceNumber, err)
	}
	return change{sequence: shown.DynamoDB.SequenceNumber, created: created, json: encoded}, nil
}

// attr is an attribute value that encodes as {"S":"..."}, and so on.
type attr struct{ value types.AttributeValue }

func attrs(values map[string]types.AttributeValue) map[string]attr {
	if values == nil {
		return nil
	}
	m := make(map[string]attr, len(values))
	for name, value := range values {
		m[name] = attr{value}
	}
	return m
}

// MarshalJSON encodes the value with the letter of its type; binary is base64.
func (a attr) MarshalJSON() ([]byte, error) {
	switch v := a.value.(type) {
	case *types.AttributeValueMemberS:
		return encode(map[string]string{"S": v.Value})
	case *types.AttributeValueMemberN:
		return encode(map[string]string{"N": v.Value})
	case *types.AttributeValueMemberB:
		return encode(map[string][]byte{"B": nonNil(v.Value)})
	case *types.AttributeValueMemberBOOL:
		return encode(map[string]bool{"BOOL": v.Value})
	case *types.AttributeValueMemberNULL:
		return encode(map[string]bool{"NULL": v.Value})
	case *types.AttributeValueMemberSS:
		return encode(map[string][]string{"SS": v.Value})
	case *types.AttributeValueMemberNS:
		return encode(map[string][]string{"NS": v.Value})
	case *types.AttributeValueMemberBS:
		return encode(map[string][][]byte{"BS": v.Value})
	case *types.AttributeValueMemberM:
		return encode(map[string]map[string]attr{"M": nonNilMap(attrs(v.Value))})
	case *types.AttributeValueMemberL:
		list := make([]attr, 0, len(v.Value))
		for _, item := range v.Value {
			list = append(list, attr{item})
		}
		return encode(map[string][]attr{"L": list})
	default:
		return nil, fmt.Errorf("attribute value of unknown type %T", a.value)
	}
}

// nonNil and nonNilMap keep empty values from becoming null.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func nonNilMap(m map[string]attr) map[string]attr {
	if m == nil {
		return map[string]attr{}
	}
	return m
}
