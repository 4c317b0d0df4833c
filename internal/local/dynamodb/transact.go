package dynamodb

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

const (
	maxTransaction      = 100
	maxTransactionBytes = 4 << 20
	maxToken            = 36
	tokenLife           = 10 * time.Minute // in which the same token is the same transaction
)

type transactWriteRequest struct {
	TransactItems      []transactWriteAction
	ClientRequestToken *string

	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

type transactWriteAction struct {
	Put            *writeRequest `json:",omitempty"`
	Update         *writeRequest `json:",omitempty"`
	Delete         *writeRequest `json:",omitempty"`
	ConditionCheck *writeRequest `json:",omitempty"`
}

type transactWriteAnswer struct {
	ConsumedCapacity []*capacity `json:",omitempty"`
}

func (e *Engine) transactWriteItems(ctx context.Context, in *transactWriteRequest) (*transactWriteAnswer, error) {
	writes, invalid := in.prepare()
	if invalid != nil {
		return nil, invalid
	}
	hash, err := in.hash()
	if err != nil {
		return nil, err
	}
	token := ""
	if in.ClientRequestToken != nil {
		token = *in.ClientRequestToken
	}
	var changes []*change
	if err := e.submit(ctx, &write{plan: func(tx *bbolt.Tx) (effects []effect, err error) {
		now := e.now()
		if done, err := tokenUsed(tx, token, hash, now); done || err != nil {
			return nil, err
		}
		if changes, effects, err = e.planTransaction(tx, writes, now); err != nil {
			return nil, err
		}
		return append(effects, keepToken(token, hash, now)), nil
	}}); err != nil {
		return nil, err
	}
	return &transactWriteAnswer{shownCapacities(used(writes, changes), in.ReturnConsumedCapacity)}, nil
}

// used is what a transaction used: twice what its writes would have used alone. One that had been done already
// has no changes, and only reads.
func used(writes []*itemWrite, changes []*change) map[string]*capacity {
	used := map[string]*capacity{}
	for _, c := range changes {
		total := usedOn(used, c.table.Name)
		total.addWrite(c.capacity(), 2)
		total.WriteCapacityUnits = total.CapacityUnits
	}
	if changes != nil {
		return used
	}
	for _, w := range writes {
		total := usedOn(used, w.table)
		total.CapacityUnits += 2 * readUnits(w.item.size(), true)
		total.ReadCapacityUnits = total.CapacityUnits
	}
	return used
}

func (r *transactWriteRequest) prepare() ([]*itemWrite, *apiError) {
	if err := r.check(); err != nil {
		return nil, err
	}
	writes := make([]*itemWrite, len(r.TransactItems))
	total := 0
	for i, a := range r.TransactItems {
		request, v, err := a.only()
		if err != nil {
			return nil, err
		}
		if writes[i], err = request.prepare(v); err != nil {
			return nil, err.under(fmt.Sprintf("transactItems.%d.member.%s.", i+1, v))
		}
		if v == verbUpdate && request.UpdateExpression == nil {
			return nil, constraint("null", fmt.Sprintf("transactItems.%d.member.update.updateExpression", i+1), "not be null")
		}
		total += writes[i].item.size()
	}
	if total > maxTransactionBytes {
		return nil, invalid("Collection size of the transaction exceeds the limit of 4 MB")
	}
	return writes, nil
}

func (r *transactWriteRequest) check() *apiError {
	if err := checkTransactionLength(len(r.TransactItems), r.TransactItems == nil); err != nil {
		return err
	}
	if token := r.ClientRequestToken; token != nil && (len(*token) < 1 || len(*token) > maxToken) {
		rule := "have length less than or equal to 36"
		if *token == "" {
			rule = "have length greater than or equal to 1"
		}
		return constraint("'"+*token+"'", "clientRequestToken", rule)
	}
	if err := checkEnum("returnItemCollectionMetrics", r.ReturnItemCollectionMetrics, "SIZE", "NONE"); err != nil {
		return err
	}
	return checkCapacityEnum(r.ReturnConsumedCapacity)
}

func checkTransactionLength(n int, isNull bool) *apiError {
	switch {
	case isNull:
		return constraint("null", "transactItems", "not be null")
	case n < 1:
		return constraint("'[]'", "transactItems", "have length greater than or equal to 1")
	case n > maxTransaction:
		return constraint("'[...]'", "transactItems", "have length less than or equal to 100")
	}
	return nil
}

// only is the one request of an action.
func (a transactWriteAction) only() (*writeRequest, verb, *apiError) {
	var found *writeRequest
	var v verb
	for kind, request := range map[verb]*writeRequest{
		verbPut: a.Put, verbUpdate: a.Update, verbDelete: a.Delete, verbCheck: a.ConditionCheck,
	} {
		if request == nil {
			continue
		}
		if found != nil {
			return nil, 0, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
		}
		found, v = request, kind
	}
	if found == nil {
		return nil, 0, invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
	}
	return found, v, nil
}

// planTransaction plans every action against the state before all of them. If one is refused, so are all.
func (e *Engine) planTransaction(tx *bbolt.Tx, writes []*itemWrite, now time.Time) ([]*change, []effect, error) {
	if err := e.checkDistinctItems(writes); err != nil {
		return nil, nil, err
	}
	var changes []*change
	var effects []effect
	reasons := make([]reason, len(writes))
	cancelled := false
	for i, w := range writes {
		c, err := w.plan(e, tx, now)
		if reasons[i], err = reasonFor(err); err != nil {
			return nil, nil, err
		}
		if reasons[i].Code != "None" {
			cancelled = true
		}
		if c != nil {
			changes = append(changes, c)
			effects = append(effects, c.effects()...)
		}
	}
	if cancelled {
		return nil, nil, cancelledTransaction(reasons)
	}
	return changes, effects, nil
}

// reasonFor turns the refusal of one action into its reason, unless it refuses the request as a whole.
func reasonFor(err error) (reason, error) {
	api := asAPIError(err)
	switch {
	case err == nil:
		return reason{Code: "None"}, nil
	case api == nil || api.upfront:
		return reason{}, err
	case strings.HasSuffix(api.kind, "#ConditionalCheckFailedException"):
		return reason{Code: "ConditionalCheckFailed", Message: api.message, Item: api.item}, nil
	case strings.HasSuffix(api.kind, "#ValidationException"):
		return reason{Code: "ValidationError", Message: api.message}, nil
	default:
		return reason{}, err
	}
}

func cancelledTransaction(reasons []reason) *apiError {
	codes := make([]string, len(reasons))
	for i, r := range reasons {
		codes[i] = r.Code
	}
	err := refused("TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons "+
		"for specific reasons [%s]", strings.Join(codes, ", "))
	err.reasons = reasons
	return err
}

// checkDistinctItems refuses a transaction that has two actions on one item.
func (e *Engine) checkDistinctItems(writes []*itemWrite) error {
	seen := map[string]bool{}
	for _, w := range writes {
		t, err := e.table(w.table)
		if err != nil {
			return err
		}
		key := w.key
		if w.verb == verbPut {
			key = t.Keys.pick(w.item)
		}
		if t.checkKey(key) != nil {
			continue // its plan will say so
		}
		id := t.Name + "\x00" + string(t.Keys.of(key))
		if seen[id] {
			return itemTwice()
		}
		seen[id] = true
	}
	return nil
}

func itemTwice() *apiError {
	return invalid("Transaction request cannot include multiple operations on one item")
}

// hash tells transactions apart that come under one token. Order of JSON members makes no difference.
func (r *transactWriteRequest) hash() ([]byte, error) {
	canonical, err := json.Marshal(r.TransactItems)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(canonical)
	return sum[:], nil
}

// tokenUsed tells whether a transaction has been done already.
func tokenUsed(tx *bbolt.Tx, token string, hash []byte, now time.Time) (bool, error) {
	stored := tx.Bucket(bucketTokens).Get([]byte(token))
	if token == "" || len(stored) < 8 || now.Sub(timeOf(stored)) > tokenLife {
		return false, nil
	}
	if !bytes.Equal(stored[8:], hash) {
		return false, refused("IdempotentParameterMismatchException",
			"The request uses the same client token as a previous, but non-identical request.")
	}
	return true, nil
}

// keepToken remembers a transaction's token, also by time for the day it is forgotten.
func keepToken(token string, hash []byte, now time.Time) effect {
	return func(ed *editor) error {
		if token == "" {
			return nil
		}
		at := number64(uint64(now.UnixMilli()))
		return errors.Join(
			ed.put(bucketTokens, []byte(token), append(bytes.Clone(at), hash...)),
			ed.put(bucketTokenTimes, append(at, token...), nil),
		)
	}
}

// timeOf reads a time of milliseconds at the start of a key or value.
func timeOf(stored []byte) time.Time {
	return time.UnixMilli(int64(binary.BigEndian.Uint64(stored)))
}
