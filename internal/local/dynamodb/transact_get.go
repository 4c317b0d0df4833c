package dynamodb

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"
)

type transactGetRequest struct {
	TransactItems          []struct{ Get *getRequest }
	ReturnConsumedCapacity string
}

type transactGetAnswer struct {
	Responses        []getAnswer
	ConsumedCapacity []*capacity `json:",omitempty"`
}

// transactGetItems reads all items from one snapshot.
func (e *Engine) transactGetItems(_ context.Context, in *transactGetRequest) (*transactGetAnswer, error) {
	reads, invalid := in.prepare()
	if invalid != nil {
		return nil, invalid
	}
	answer := &transactGetAnswer{Responses: make([]getAnswer, len(reads))}
	used := map[string]*capacity{}
	if err := e.view(func(tx *bbolt.Tx) error {
		return e.readTogether(tx, reads, answer, used)
	}); err != nil {
		return nil, err
	}
	answer.ConsumedCapacity = shownCapacities(used, in.ReturnConsumedCapacity)
	return answer, nil
}

func (r *transactGetRequest) prepare() ([]*itemRead, *apiError) {
	if err := checkTransactionLength(len(r.TransactItems), r.TransactItems == nil); err != nil {
		return nil, err
	}
	if err := checkCapacityEnum(r.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	reads := make([]*itemRead, len(r.TransactItems))
	seen := map[string]bool{}
	for i, action := range r.TransactItems {
		if action.Get == nil {
			return nil, constraint("null", fmt.Sprintf("transactItems.%d.member.get", i+1), "not be null")
		}
		var err *apiError
		if reads[i], err = action.Get.prepare(); err != nil {
			return nil, err.under(fmt.Sprintf("transactItems.%d.member.get.", i+1))
		}
		id := reads[i].table + "\x00" + string(reads[i].key.encode())
		if seen[id] {
			return nil, itemTwice()
		}
		seen[id] = true
	}
	return reads, nil
}

func (e *Engine) readTogether(
	tx *bbolt.Tx, reads []*itemRead, answer *transactGetAnswer, used map[string]*capacity,
) error {
	total := 0
	cancelled := false
	reasons := make([]reason, len(reads))
	for i, read := range reads {
		t, shown, size, err := read.show(e, tx)
		if reasons[i], err = reasonFor(err); err != nil {
			return err
		}
		if reasons[i].Code != "None" {
			cancelled = true
			continue
		}
		if total += size; total > maxTransactionBytes {
			return invalid("Collection size of the transaction exceeds the limit of 4 MB")
		}
		answer.Responses[i].Item = shown
		total := usedOn(used, t.Name)
		total.CapacityUnits += 2 * readUnits(size, true)
		total.ReadCapacityUnits = total.CapacityUnits
	}
	if cancelled {
		return cancelledTransaction(reasons)
	}
	return nil
}
