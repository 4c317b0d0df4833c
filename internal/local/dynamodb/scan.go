package dynamodb

import (
	"context"
	"math"
)

type scanRequest struct {
	pageRequest
	Segment       *int
	TotalSegments *int
}

func (e *Engine) scan(_ context.Context, in *scanRequest) (*pageAnswer, error) {
	if err := in.checkShape(); err != nil {
		return nil, err
	}
	if _, err := within(in.Limit, math.MaxInt32); err != nil {
		return nil, err
	}
	if err := in.checkSegment(); err != nil {
		return nil, err
	}
	given, err := in.placeholders(in.FilterExpression, in.ProjectionExpression)
	if err != nil {
		return nil, err
	}
	p := &page{scan: true}
	if err := in.parseExpressions(p, given); err != nil {
		return nil, err
	}
	return e.runPage(&in.pageRequest, p, func() *apiError {
		p.low, p.high = in.bounds()
		return nil
	})
}

// maxSegments is how many segments a parallel scan may have.
const maxSegments = 1000000

func (r *scanRequest) checkSegment() *apiError {
	switch {
	case r.Segment == nil && r.TotalSegments == nil:
		return nil
	case r.TotalSegments == nil:
		return invalid("The TotalSegments parameter is required but was not present in the request " +
			"when Segment parameter is present")
	case r.Segment == nil:
		return invalid("The Segment parameter is required but was not present in the request " +
			"when parameter TotalSegments is present")
	case *r.TotalSegments < 1 || *r.TotalSegments > maxSegments:
		return invalid("1 validation error detected: Value '%d' at 'totalSegments' failed to satisfy constraint: "+
			"Member must have value between 1 and %d", *r.TotalSegments, maxSegments)
	case *r.Segment < 0:
		return invalid("1 validation error detected: Value '%d' at 'segment' failed to satisfy constraint: "+
			"Member must have value greater than or equal to 0", *r.Segment)
	case *r.Segment >= *r.TotalSegments:
		return invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: "+
			"Segment: %d is not less than TotalSegments: %d", *r.Segment, *r.TotalSegments)
	}
	return nil
}

// bounds are the keys of the segment: each has an equal part of the hashes with which keys begin.
func (r *scanRequest) bounds() (low, high []byte) {
	if r.TotalSegments == nil {
		return nil, nil
	}
	border := func(segment int) []byte {
		hash := (segment*65536 + *r.TotalSegments - 1) / *r.TotalSegments
		if hash == 65536 {
			return nil
		}
		return []byte{byte(hash >> 8), byte(hash)}
	}
	return border(*r.Segment), border(*r.Segment + 1)
}
