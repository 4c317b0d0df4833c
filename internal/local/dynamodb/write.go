package dynamodb

import (
	"encoding/json"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

// verb is what a write does to its item.
type verb byte

const (
	verbPut verb = iota + 1
	verbUpdate
	verbDelete
	verbCheck // only looks whether a condition holds
)

// String is the verb as the members of a transaction spell it.
func (v verb) String() string {
	return [...]string{verbPut: "put", verbUpdate: "update", verbDelete: "delete", verbCheck: "conditionCheck"}[v]
}

// maxItem is the size of an item in bytes.
const maxItem = 400 << 10

// writeRequest is the parameters of PutItem, UpdateItem and DeleteItem, and of the actions of a transaction.
type writeRequest struct {
	TableName                           *string
	Item                                wireItem
	Key                                 wireItem
	UpdateExpression                    *string
	ConditionExpression                 *string
	ReturnValuesOnConditionCheckFailure string
	expressionParameters

	ReturnValues                string // not in transactions, as the next two
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string

	Expected            json.RawMessage // the parameters before there were expressions
	AttributeUpdates    json.RawMessage
	ConditionalOperator json.RawMessage
}

// itemWrite is a writeRequest with all checked that can be without the table.
type itemWrite struct {
	verb      verb
	table     string
	item      item // of verbPut
	key       item // of the others
	update    update
	condition *node
	showItem  bool // an error about the condition shows the item
}

func (r *writeRequest) prepare(v verb) (*itemWrite, *apiError) {
	if err := r.check(v); err != nil {
		return nil, err
	}
	w := &itemWrite{verb: v, table: *r.TableName, showItem: r.ReturnValuesOnConditionCheckFailure == "ALL_OLD"}
	var err *apiError
	if w.item, err = r.Item.canonical(); err != nil {
		return nil, err
	}
	if v == verbPut && w.item.size() > maxItem {
		return nil, invalid("Item size has exceeded the maximum allowed size")
	}
	if w.key, err = r.Key.canonical(); err != nil {
		return nil, err
	}
	expressions := []*string{r.ConditionExpression}
	if v == verbUpdate {
		expressions = append(expressions, r.UpdateExpression)
	}
	given, err := r.placeholders(expressions...)
	if err != nil {
		return nil, err
	}
	if v == verbUpdate {
		if w.update, err = parseUpdate(r.UpdateExpression, given); err != nil {
			return nil, err
		}
	}
	if w.condition, err = parseCondition("ConditionExpression", r.ConditionExpression, given); err != nil {
		return nil, err
	}
	return w, given.checkUsed()
}

// check refuses what the shape of the request already shows to be wrong.
func (r *writeRequest) check(v verb) *apiError {
	if err := checkTableName(r.TableName); err != nil {
		return err
	}
	switch {
	case v == verbPut && r.Item == nil:
		return constraint("null", "item", "not be null")
	case v != verbPut && r.Key == nil:
		return constraint("null", "key", "not be null")
	case v == verbCheck && r.ConditionExpression == nil:
		return constraint("null", "conditionExpression", "not be null")
	}
	if err := checkEnum("returnValuesOnConditionCheckFailure", r.ReturnValuesOnConditionCheckFailure,
		"ALL_OLD", "NONE"); err != nil {
		return err
	}
	return refuseLegacy(map[string]json.RawMessage{
		"Expected": r.Expected, "AttributeUpdates": r.AttributeUpdates, "ConditionalOperator": r.ConditionalOperator,
	}, map[string]*string{"ConditionExpression": r.ConditionExpression, "UpdateExpression": r.UpdateExpression})
}

// plan reads the item, checks the condition, and works out the change, which for verbCheck is none.
func (w *itemWrite) plan(e *Engine, tx *bbolt.Tx, now time.Time) (*change, error) {
	t, err := e.table(w.table)
	if err != nil {
		return nil, err
	}
	if err := w.checkSchema(t); err != nil {
		return nil, err
	}
	c := &change{table: t, at: now, key: t.Keys.of(w.target())}
	if c.before, err = readItem(tx, t, c.key); err != nil {
		return nil, err
	}
	if !w.condition.holds(c.before) {
		if w.showItem {
			return nil, conditionFailed(c.before)
		}
		return nil, conditionFailed(nil)
	}
	switch w.verb {
	case verbPut:
		c.after = w.item
	case verbUpdate:
		if err := w.updated(c); err != nil {
			return nil, err
		}
	case verbCheck:
		c.after = c.before
	}
	return c, nil
}

// target is the item that carries the key.
func (w *itemWrite) target() item {
	if w.verb == verbPut {
		return w.item
	}
	return w.key
}

func (w *itemWrite) checkSchema(t *table) *apiError {
	if w.verb == verbPut {
		return t.checkItem(w.item)
	}
	if err := t.checkKey(w.key); err != nil {
		return err
	}
	paths := w.update.paths()
	if err := t.checkKeyPaths(paths); err != nil {
		return err
	}
	for _, p := range paths {
		if slices.Contains(t.Keys.list(), p[0].name) {
			return invalidParameter("Cannot update attribute %s. This attribute is part of the key", p[0].name)
		}
	}
	return nil
}

// updated sets what the update makes of the item; one that is not there begins as its key.
func (w *itemWrite) updated(c *change) *apiError {
	start := c.before
	if start == nil {
		start = w.key
	}
	after, err := w.update.apply(start)
	if err != nil {
		return err
	}
	switch {
	case after.size() > maxItem:
		return invalid("Item size to update has exceeded the maximum allowed size")
	case after.depth() > maxDepth:
		return nestedTooDeep()
	}
	c.after = after
	return c.table.checkIndexKeys(after, func(_ index, _ string, v value) *apiError {
		return emptyKey("The update expression attempted to update a secondary index key to a value that is not "+
			"supported. The AttributeValue for a key attribute cannot contain an empty %s value.", emptyWord(v))
	})
}
