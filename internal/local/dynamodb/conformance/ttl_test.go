package conformance_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func testTimeToLive(s *section) {
	name := s.table(s.t, "S")
	set := func(t *testing.T, enabled bool) error {
		_, err := s.db.UpdateTimeToLive(t.Context(), &sdk.UpdateTimeToLiveInput{
			TableName: &name, TimeToLiveSpecification: &types.TimeToLiveSpecification{
				AttributeName: aws.String("expires"), Enabled: &enabled,
			},
		})
		return err
	}
	describe := func(t *testing.T) *types.TimeToLiveDescription {
		out, err := s.db.DescribeTimeToLive(t.Context(), &sdk.DescribeTimeToLiveInput{TableName: &name})
		if err != nil {
			t.Fatal(err)
		}
		return out.TimeToLiveDescription
	}
	s.run("is off in a new table", func(t *testing.T) {
		if got := describe(t); got.TimeToLiveStatus != types.TimeToLiveStatusDisabled {
			t.Errorf("got %s", got.TimeToLiveStatus)
		}
		s.wantError(t, set(t, false), "ValidationException", "TimeToLive is already disabled")
	})
	s.run("is switched on by an attribute", func(t *testing.T) {
		if err := set(t, true); err != nil {
			t.Fatal(err)
		}
		got := describe(t)
		on := []types.TimeToLiveStatus{types.TimeToLiveStatusEnabled, types.TimeToLiveStatusEnabling}
		if !slices.Contains(on, got.TimeToLiveStatus) || aws.ToString(got.AttributeName) != "expires" {
			t.Errorf("got %s by %s", got.TimeToLiveStatus, aws.ToString(got.AttributeName))
		}
	})
	s.run("is not switched on twice", func(t *testing.T) {
		s.wantError(t, set(t, true), "ValidationException", "")
	})
	s.run("deletes as the service, and tells so", func(t *testing.T) {
		if s.patience > 0 {
			t.Skip("AWS deletes within a few days")
		}
		table := s.table(t, "SS", withStream(types.StreamViewTypeOldImage))
		if _, err := s.db.UpdateTimeToLive(t.Context(), &sdk.UpdateTimeToLiveInput{
			TableName: &table, TimeToLiveSpecification: &types.TimeToLiveSpecification{
				AttributeName: aws.String("expires"), Enabled: aws.Bool(true),
			},
		}); err != nil {
			t.Fatal(err)
		}
		past := num(strconv.FormatInt(time.Now().Add(-time.Minute).Unix(), 10))
		s.put(t, table, row{"p": str("1"), "s": str("a"), "expires": past}, row{"p": str("1"), "s": str("b"), "expires": str("1")})
		until(t, 0, func(context.Context) bool { return s.get(t, table, row{"p": str("1"), "s": str("a")}) == nil })
		if s.get(t, table, row{"p": str("1"), "s": str("b")}) == nil {
			t.Error("a time that is no number has passed")
		}
		records := s.records(t, table)
		last := records[len(records)-1]
		if last.EventName != "REMOVE" || last.UserIdentity == nil || *last.UserIdentity.Type != "Service" ||
			*last.UserIdentity.PrincipalId != "dynamodb.amazonaws.com" {
			t.Errorf("got %s by %+v", told(records), last.UserIdentity)
		}
	})
}
