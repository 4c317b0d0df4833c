package dynamodb_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// until polls for a condition.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain until %s", what)
		case <-tick.C:
		}
	}
}

func (c *cloud) setTTL(enabled bool) error {
	_, err := c.db.UpdateTimeToLive(c.t.Context(), &sdk.UpdateTimeToLiveInput{
		TableName: aws.String("tbl"),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String("expires"), Enabled: &enabled,
		},
	})
	return err
}

func TestExpiredItemsAreDeletedByTheService(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S", withStream(types.StreamViewTypeNewAndOldImages))
	in := func(d time.Duration) types.AttributeValue {
		return num(strconv.FormatInt(c.clock.Now().Add(d).Unix(), 10))
	}
	c.put("tbl", row{"p": str("before"), "expires": in(time.Minute)}) // there before expiry is switched on
	if err := c.setTTL(true); err != nil {
		t.Fatal(err)
	}
	c.put("tbl", row{"p": str("soon"), "expires": in(time.Minute)})
	c.put("tbl", row{"p": str("prolonged"), "expires": in(time.Minute)})
	c.put("tbl", row{"p": str("prolonged"), "expires": in(time.Hour)})
	c.put("tbl", row{"p": str("text"), "expires": str("1")})
	c.put("tbl", row{"p": str("ancient"), "expires": num("1000")})
	c.put("tbl", row{"p": str("never")})
	c.clock.add(2 * time.Minute)
	until(t, "the two are gone", func() bool {
		return c.get("tbl", row{"p": str("soon")}) == nil && c.get("tbl", row{"p": str("before")}) == nil
	})
	for _, p := range []string{"prolonged", "text", "ancient", "never"} {
		if c.get("tbl", row{"p": str(p)}) == nil {
			t.Errorf("%s was deleted", p)
		}
	}
	removed := 0
	for _, r := range c.records("tbl") {
		if r.EventName != "REMOVE" {
			continue
		}
		removed++
		if r.UserIdentity == nil || *r.UserIdentity.Type != "Service" ||
			*r.UserIdentity.PrincipalId != "dynamodb.amazonaws.com" {
			t.Errorf("%s: got identity %+v", told(r), r.UserIdentity)
		}
	}
	if removed != 2 {
		t.Errorf("got %d REMOVE records, want 2", removed)
	}
}
