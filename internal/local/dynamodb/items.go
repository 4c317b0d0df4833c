package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
)

// writeAnswer answers PutItem, UpdateItem and DeleteItem.
type writeAnswer struct {
	Attributes       item      `json:",omitempty"`
	ConsumedCapacity *capacity `json:",omitempty"`
}

func (e *Engine) putItem(ctx context.Context, in *writeRequest) (*writeAnswer, error) {
	return e.write(ctx, in, verbPut)
}

func (e *Engine) updateItem(ctx context.Context, in *writeRequest) (*writeAnswer, error) {
	return e.write(ctx, in, verbUpdate)
}

func (e *Engine) deleteItem(ctx context.Context, in *writeRequest) (*writeAnswer, error) {
	return e.write(ctx, in, verbDelete)
}

// write does one put, update or delete.
func (e *Engine) write(ctx context.Context, in *writeRequest, v verb) (*writeAnswer, error) {
	if err := in.checkReturns(v); err != nil {
		return nil, err
	}
	w, invalid := in.prepare(v)
	if invalid != nil {
		return nil, invalid
	}
	var done *change
	err := e.submit(ctx, &write{plan: func(tx *bbolt.Tx) ([]effect, error) {
		c, err := w.plan(e, tx, e.now())
		done = c
		return c.effects(), err
	}})
	if err != nil {
		return nil, err
	}
	answer := &writeAnswer{Attributes: w.returned(in.ReturnValues, done)}
	answer.ConsumedCapacity = done.capacity().shown(in.ReturnConsumedCapacity)
	return answer, nil
}

func (r *writeRequest) checkReturns(v verb) *apiError {
	err := checkEnum("returnValues", r.ReturnValues, "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
	if err != nil {
		return err
	}
	if v != verbUpdate && r.ReturnValues != "" && r.ReturnValues != "NONE" && r.ReturnValues != "ALL_OLD" {
		return invalid("ReturnValues can only be ALL_OLD or NONE")
	}
	if err := checkEnum("returnItemCollectionMetrics", r.ReturnItemCollectionMetrics, "SIZE", "NONE"); err != nil {
		return err
	}
	return checkCapacityEnum(r.ReturnConsumedCapacity)
}

// returned is the Attributes that ReturnValues asks for.
func (w *itemWrite) returned(which string, done *change) item {
	switch which {
	case "ALL_OLD":
		return done.before
	case "ALL_NEW":
		return done.after
	case "UPDATED_OLD":
		return newProjection(w.update.paths()).of(done.before)
	case "UPDATED_NEW":
		return newProjection(w.update.paths()).of(done.after)
	}
	return nil
}

// getRequest is the parameters of GetItem, and of the actions of TransactGetItems.
type getRequest struct {
	TableName                *string
	Key                      wireItem
	ProjectionExpression     *string
	ExpressionAttributeNames map[string]string

	ConsistentRead         bool
	ReturnConsumedCapacity string
	AttributesToGet        json.RawMessage
}

// itemRead is a getRequest with all checked that can be without the table.
type itemRead struct {
	table      string
	key        item
	projection *projection
}

func (r *getRequest) prepare() (*itemRead, *apiError) {
	if err := checkTableName(r.TableName); err != nil {
		return nil, err
	}
	if r.Key == nil {
		return nil, constraint("null", "key", "not be null")
	}
	err := refuseLegacy(map[string]json.RawMessage{"AttributesToGet": r.AttributesToGet},
		map[string]*string{"ProjectionExpression": r.ProjectionExpression})
	if err != nil {
		return nil, err
	}
	read := &itemRead{table: *r.TableName}
	if read.key, err = r.Key.canonical(); err != nil {
		return nil, err
	}
	given, err := expressionParameters{ExpressionAttributeNames: r.ExpressionAttributeNames}.placeholders(r.ProjectionExpression)
	if err != nil {
		return nil, err
	}
	if read.projection, err = parseProjection(r.ProjectionExpression, given); err != nil {
		return nil, err
	}
	return read, given.checkUsed()
}

// read finds the whole item, nil when there is none; the caller projects it.
func (r *itemRead) read(e *Engine, tx *bbolt.Tx) (*table, item, error) {
	t, err := r.find(e)
	if err != nil {
		return nil, nil, err
	}
	it, err := readItem(tx, t, t.Keys.of(r.key))
	return t, it, err
}

// find finds the table, and checks the key against it.
func (r *itemRead) find(e *Engine) (*table, error) {
	t, err := e.table(r.table)
	if err != nil {
		return nil, err
	}
	if err := t.checkKey(r.key); err != nil {
		return nil, err
	}
	return t, nil
}

// show is read for an item on its way to the wire, with the size that it has as a whole. Where all of it is asked for it
// goes there as it lies in the file.
func (r *itemRead) show(e *Engine, tx *bbolt.Tx) (t *table, shown json.RawMessage, size int, err error) {
	if t, err = r.find(e); err != nil {
		return nil, nil, 0, err
	}
	stored, err := readStored(tx, t, t.Keys.of(r.key))
	if err != nil || stored == nil {
		return t, nil, 0, err
	}
	if r.projection == nil {
		shown, size, err = transcode(nil, stored)
	} else {
		var it item
		it, err = decodeItem(stored)
		shown, size = r.projection.of(it).appendJSON(nil), it.size()
	}
	if err != nil {
		return nil, nil, 0, fmt.Errorf("table %s: %w", t.Name, err)
	}
	return t, shown, size, nil
}

// getAnswer answers GetItem, and each action of TransactGetItems. An absent item is no member at all.
type getAnswer struct {
	Item             json.RawMessage `json:",omitempty"`
	ConsumedCapacity *capacity       `json:",omitempty"`
}

// appendJSON writes what encoding/json would, which checks an item once more.
func (a *getAnswer) appendJSON(to []byte) []byte {
	if a.Item == nil || a.ConsumedCapacity != nil {
		encoded, _ := json.Marshal(a) // has only what always marshals
		return append(to, encoded...)
	}
	return append(append(append(to, `{"Item":`...), a.Item...), '}')
}

func (e *Engine) getItem(_ context.Context, in *getRequest) (*getAnswer, error) {
	if err := checkCapacityEnum(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	read, invalid := in.prepare()
	if invalid != nil {
		return nil, invalid
	}
	answer := &getAnswer{}
	err := e.view(func(tx *bbolt.Tx) error {
		t, shown, size, err := read.show(e, tx)
		if err != nil {
			return err
		}
		answer.Item = shown
		units := readUnits(size, in.ConsistentRead)
		answer.ConsumedCapacity = (&capacity{TableName: t.Name, CapacityUnits: units}).shown(in.ReturnConsumedCapacity)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}
