package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"go.etcd.io/bbolt"
)

// Limits of batches.
const (
	maxBatchGet    = 100
	maxBatchWrite  = 25
	maxBatchAnswer = 16 << 20 // bytes of items; the keys beyond come back unprocessed
)

type batchGetRequest struct {
	RequestItems           map[string]batchGetKeys
	ReturnConsumedCapacity string
}

type batchGetKeys struct {
	Keys                     []wireItem
	ProjectionExpression     *string
	ExpressionAttributeNames map[string]string
	ConsistentRead           bool
	AttributesToGet          json.RawMessage
}

type batchGetAnswer struct {
	Responses        map[string][]item
	UnprocessedKeys  map[string]unprocessedKeys
	ConsumedCapacity []*capacity `json:",omitempty"`
}

// unprocessedKeys is batchGetKeys to be sent again.
type unprocessedKeys struct {
	Keys                     []item
	ProjectionExpression     *string           `json:",omitempty"`
	ExpressionAttributeNames map[string]string `json:",omitempty"`
	ConsistentRead           bool              `json:",omitempty"`
}

func (e *Engine) batchGetItem(_ context.Context, in *batchGetRequest) (*batchGetAnswer, error) {
	reads, err := in.prepare()
	if err != nil {
		return nil, err
	}
	answer := &batchGetAnswer{Responses: map[string][]item{}, UnprocessedKeys: map[string]unprocessedKeys{}}
	used := map[string]*capacity{}
	if err := e.view(func(tx *bbolt.Tx) error {
		bytes := 0
		for _, read := range reads {
			t, it, err := read.read(e, tx)
			if err != nil {
				return err
			}
			if bytes += it.size(); bytes > maxBatchAnswer {
				answer.leave(read, in.RequestItems[read.table])
				continue
			}
			usedOn(used, t.Name).CapacityUnits += readUnits(it.size(), in.RequestItems[t.Name].ConsistentRead)
			if answer.Responses[t.Name] == nil {
				answer.Responses[t.Name] = []item{}
			}
			if it != nil {
				answer.Responses[t.Name] = append(answer.Responses[t.Name], read.projection.of(it))
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	answer.ConsumedCapacity = shownCapacities(used, in.ReturnConsumedCapacity)
	return answer, nil
}

func (r *batchGetRequest) prepare() ([]*itemRead, *apiError) {
	if err := checkBatch(r.RequestItems); err != nil {
		return nil, err
	}
	if err := checkCapacityEnum(r.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	var reads []*itemRead
	for _, name := range slices.Sorted(maps.Keys(r.RequestItems)) {
		asked := r.RequestItems[name]
		switch member := "requestItems." + name + ".member.keys"; {
		case asked.Keys == nil:
			return nil, constraint("null", member, "not be null")
		case len(asked.Keys) == 0:
			return nil, constraint("'[]'", member, "have length greater than or equal to 1")
		}
		if len(reads)+len(asked.Keys) > maxBatchGet {
			return nil, invalid("Too many items requested for the BatchGetItem call")
		}
		seen := map[string]bool{}
		for _, key := range asked.Keys {
			read, err := (&getRequest{
				TableName: &name, Key: key, ProjectionExpression: asked.ProjectionExpression,
				ExpressionAttributeNames: asked.ExpressionAttributeNames, AttributesToGet: asked.AttributesToGet,
			}).prepare()
			if err != nil {
				return nil, err
			}
			id := string(read.key.encode())
			if seen[id] {
				return nil, keysTwice()
			}
			seen[id] = true
			reads = append(reads, read)
		}
	}
	return reads, nil
}

// checkBatch refuses a batch of nothing.
func checkBatch[V any](items map[string]V) *apiError {
	switch {
	case items == nil:
		return constraint("null", "requestItems", "not be null")
	case len(items) == 0:
		return constraint("'{}'", "requestItems", "have length greater than or equal to 1")
	}
	return nil
}

func keysTwice() *apiError { return invalid("Provided list of item keys contains duplicates") }

// leave puts a key among the unprocessed ones.
func (a *batchGetAnswer) leave(read *itemRead, asked batchGetKeys) {
	left := a.UnprocessedKeys[read.table]
	left.Keys = append(left.Keys, read.key)
	left.ProjectionExpression, left.ConsistentRead = asked.ProjectionExpression, asked.ConsistentRead
	left.ExpressionAttributeNames = asked.ExpressionAttributeNames
	a.UnprocessedKeys[read.table] = left
}

// usedOn is what was used of one table.
func usedOn(used map[string]*capacity, table string) *capacity {
	if used[table] == nil {
		used[table] = &capacity{TableName: table}
	}
	return used[table]
}

func shownCapacities(used map[string]*capacity, asked string) []*capacity {
	var shown []*capacity
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if c := used[name].shown(asked); c != nil {
			shown = append(shown, c)
		}
	}
	return shown
}

type batchWriteRequest struct {
	RequestItems                map[string][]batchWriteAction
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

type batchWriteAction struct {
	PutRequest    *struct{ Item wireItem }
	DeleteRequest *struct{ Key wireItem }
}

type batchWriteAnswer struct {
	UnprocessedItems map[string][]batchWriteAction
	ConsumedCapacity []*capacity `json:",omitempty"`
}

// batchWriteItem does all writes in one commit, which is more than AWS promises.
func (e *Engine) batchWriteItem(ctx context.Context, in *batchWriteRequest) (*batchWriteAnswer, error) {
	writes, invalid := in.prepare()
	if invalid != nil {
		return nil, invalid
	}
	var changes []*change
	if err := e.submit(ctx, &write{plan: func(tx *bbolt.Tx) (effects []effect, err error) {
		changes, effects, err = e.planAll(tx, writes)
		return effects, err
	}}); err != nil {
		return nil, err
	}
	used := map[string]*capacity{}
	for _, c := range changes {
		usedOn(used, c.table.Name).addWrite(c.capacity(), 1)
	}
	return &batchWriteAnswer{
		UnprocessedItems: map[string][]batchWriteAction{},
		ConsumedCapacity: shownCapacities(used, in.ReturnConsumedCapacity),
	}, nil
}

// planAll plans writes of a batch. An item written twice is refused, by its key.
func (e *Engine) planAll(tx *bbolt.Tx, writes []*itemWrite) (changes []*change, effects []effect, err error) {
	now := e.now()
	seen := map[string]bool{}
	for _, w := range writes {
		c, err := w.plan(e, tx, now)
		if err != nil {
			return nil, nil, err
		}
		id := c.table.Name + "\x00" + string(c.key)
		if seen[id] {
			return nil, nil, keysTwice()
		}
		seen[id] = true
		changes = append(changes, c)
		effects = append(effects, c.effects()...)
	}
	return changes, effects, nil
}

func (r *batchWriteRequest) prepare() ([]*itemWrite, *apiError) {
	if err := checkBatch(r.RequestItems); err != nil {
		return nil, err
	}
	if err := checkEnum("returnItemCollectionMetrics", r.ReturnItemCollectionMetrics, "SIZE", "NONE"); err != nil {
		return nil, err
	}
	if err := checkCapacityEnum(r.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	var writes []*itemWrite
	for _, name := range slices.Sorted(maps.Keys(r.RequestItems)) {
		actions := r.RequestItems[name]
		if len(actions) == 0 || len(actions) > maxBatchWrite {
			return nil, invalid("1 validation error detected: Value '{%s=[...]}' at 'requestItems' failed to satisfy "+
				"constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, "+
				"Member must have length greater than or equal to 1]", name)
		}
		if len(writes)+len(actions) > maxBatchWrite {
			return nil, invalid("Too many items requested for the BatchWriteItem call")
		}
		for i, a := range actions {
			w, err := a.prepare(name)
			if err != nil {
				return nil, err.under(fmt.Sprintf("requestItems.%s.member.%d.member.", name, i+1))
			}
			writes = append(writes, w)
		}
	}
	return writes, nil
}

func (a batchWriteAction) prepare(table string) (*itemWrite, *apiError) {
	switch {
	case (a.PutRequest == nil) == (a.DeleteRequest == nil):
		return nil, invalid("Supplied AttributeValue has more than one datatypes set, " +
			"must contain exactly one of the supported datatypes")
	case a.PutRequest != nil:
		w, err := (&writeRequest{TableName: &table, Item: a.PutRequest.Item}).prepare(verbPut)
		return w, err.under("putRequest.")
	default:
		w, err := (&writeRequest{TableName: &table, Key: a.DeleteRequest.Key}).prepare(verbDelete)
		return w, err.under("deleteRequest.")
	}
}
