package dynamodb

import (
	"context"
	"encoding/json"

	"go.etcd.io/bbolt"
)

// pageRequest is the parameters that Query and Scan share.
type pageRequest struct {
	TableName            *string
	IndexName            *string
	FilterExpression     *string
	ProjectionExpression *string
	expressionParameters

	ExclusiveStartKey      wireItem
	Limit                  *int
	Select                 string
	ConsistentRead         bool
	ReturnConsumedCapacity string

	QueryFilter         json.RawMessage
	ScanFilter          json.RawMessage
	AttributesToGet     json.RawMessage
	ConditionalOperator json.RawMessage
}

type queryRequest struct {
	pageRequest
	KeyConditionExpression *string
	KeyConditions          map[string]legacyCondition
	ScanIndexForward       *bool
}

func (e *Engine) query(_ context.Context, in *queryRequest) (*pageAnswer, error) {
	p := &page{backward: in.ScanIndexForward != nil && !*in.ScanIndexForward}
	if err := in.checkShape(); err != nil {
		return nil, err
	}
	if in.Limit != nil && *in.Limit < 1 { // these words were seen of AWS, and others of Scan
		return nil, invalid("1 validation error detected: Value at 'Limit' failed to satisfy constraint: " +
			"Member must have value greater than or equal to 1")
	}
	conditions, err := in.parse(p)
	if err != nil {
		return nil, err
	}
	return e.runPage(&in.pageRequest, p, func() *apiError {
		if err := conditions.check(p.table, p.keys()); err != nil {
			return err
		}
		p.low, p.high = conditions.bounds(p.keys())
		return nil
	})
}

// parse parses all expressions of a query.
func (r *queryRequest) parse(p *page) (keyCondition, *apiError) {
	if r.KeyConditionExpression == nil && r.KeyConditions == nil {
		return nil, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified " +
			"in the request.")
	}
	if r.KeyConditionExpression != nil && r.KeyConditions != nil {
		return nil, twoLanguages("KeyConditions", "KeyConditionExpression")
	}
	given, err := r.placeholders(r.KeyConditionExpression, r.FilterExpression, r.ProjectionExpression)
	if err != nil {
		return nil, err
	}
	root, err := parseCondition("KeyConditionExpression", r.KeyConditionExpression, given)
	if err != nil {
		return nil, err
	}
	if err := r.parseExpressions(p, given); err != nil {
		return nil, err
	}
	if root == nil {
		return parseKeyConditions(r.KeyConditions)
	}
	return keyConditionOf(root)
}

// runPage finds the table and index, has narrow set the keys to look at, and reads.
func (e *Engine) runPage(r *pageRequest, p *page, narrow func() *apiError) (*pageAnswer, error) {
	t, err := e.table(*r.TableName)
	if err != nil {
		return nil, err
	}
	p.table = t
	if err := r.settle(p, narrow); err != nil {
		return nil, err
	}
	var answer *pageAnswer
	if err := e.view(func(tx *bbolt.Tx) (err error) {
		answer, err = p.run(tx, e.lent.Get())
		return err
	}); err != nil {
		return nil, err
	}
	answer.ConsumedCapacity = p.used(answer).shown(r.ReturnConsumedCapacity)
	return answer, nil
}

// settle sets what of the page depends on the table, and checks the request against it.
func (r *pageRequest) settle(p *page, narrow func() *apiError) *apiError {
	if err := r.chooseIndex(p); err != nil {
		return err
	}
	if err := narrow(); err != nil {
		return err
	}
	if err := r.start(p); err != nil {
		return err
	}
	if err := r.checkFilter(p); err != nil {
		return err
	}
	return r.choose(p)
}

func (r *pageRequest) checkShape() *apiError {
	if err := checkTableName(r.TableName); err != nil {
		return err
	}
	if r.IndexName != nil {
		if err := checkName("indexName", r.IndexName, 3); err != nil {
			return err
		}
	}
	err := checkEnum("select", r.Select,
		"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")
	if err != nil {
		return err
	}
	if err := checkCapacityEnum(r.ReturnConsumedCapacity); err != nil {
		return err
	}
	return refuseLegacy(map[string]json.RawMessage{
		"QueryFilter": r.QueryFilter, "ScanFilter": r.ScanFilter, "AttributesToGet": r.AttributesToGet,
		"ConditionalOperator": r.ConditionalOperator,
	}, map[string]*string{"FilterExpression": r.FilterExpression, "ProjectionExpression": r.ProjectionExpression})
}

// parseExpressions parses the filter and the projection, the last expressions of the request.
func (r *pageRequest) parseExpressions(p *page, given *placeholders) (err *apiError) {
	if p.filter, err = parseCondition("FilterExpression", r.FilterExpression, given); err != nil {
		return err
	}
	if p.projection, err = parseProjection(r.ProjectionExpression, given); err != nil {
		return err
	}
	if r.Limit != nil {
		p.limit = *r.Limit
	}
	p.consistent = r.ConsistentRead
	p.count = r.Select == "COUNT"
	return given.checkUsed()
}

func (r *pageRequest) chooseIndex(p *page) *apiError {
	if r.IndexName == nil {
		return nil
	}
	ix, ok := p.table.index(*r.IndexName)
	if !ok {
		return noIndex(*r.IndexName)
	}
	if !ix.Local && r.ConsistentRead {
		return invalid("Consistent reads are not supported on global secondary indexes")
	}
	p.index = &ix
	p.visible = p.table.projects(ix)
	return nil
}

// checkFilter refuses a filter on the keys, which is what key conditions are for. A scan has none, and may.
func (r *pageRequest) checkFilter(p *page) *apiError {
	if p.filter == nil || p.scan {
		return nil
	}
	return p.filter.walk(func(n *node) *apiError {
		if n.kind == nodePath && (n.path[0].name == p.keys().Partition || n.path[0].name == p.keys().Sort) {
			return invalid("Filter Expression can only contain non-primary key attributes: "+
				"Primary key attribute: %s", n.path[0].name)
		}
		return nil
	})
}
