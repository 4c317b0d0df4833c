package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

const (
	sweepEvery = time.Second
	trimEvery  = time.Minute
	trimBatch  = 1000 // records or tokens deleted in one write
)

// runJanitor deletes what time has overtaken until ctx ends. What fails is logged, and tried again.
func (e *Engine) runJanitor(ctx context.Context) {
	sweep, trim := time.NewTicker(sweepEvery), time.NewTicker(trimEvery)
	defer sweep.Stop()
	defer trim.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			err = errors.Join(e.sweepExpired(ctx), e.shedRest())
		case <-trim.C:
			err = e.trim(ctx)
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, errClosed) {
			e.log.Error("sweep dynamodb tables", "error", err)
		}
	}
}

// trim deletes stream records after a day, streams a day after they were switched off, and spent tokens.
func (e *Engine) trim(ctx context.Context) error {
	now := e.now()
	horizon := now.Add(-streamLife)
	for _, s := range e.catalogue.Load().streams {
		if !s.Closed.IsZero() && s.Closed.Before(horizon) {
			if err := e.submit(ctx, &write{alone: true, plan: s.planRemoval}); err != nil {
				return fmt.Errorf("remove stream of %s: %w", s.Table, err)
			}
			continue
		}
		old := func(_, stored []byte) bool { return timeOf(stored).Before(horizon) }
		if err := e.trimBucket(ctx, streamBucket(s.ID), old, nothingMore); err != nil {
			return fmt.Errorf("trim stream of %s: %w", s.Table, err)
		}
	}
	spent := func(key, _ []byte) bool { return now.Sub(timeOf(key)) > tokenLife }
	if err := e.trimBucket(ctx, bucketTokenTimes, spent, forgetToken); err != nil {
		return fmt.Errorf("forget transaction tokens: %w", err)
	}
	return nil
}

// trimBucket deletes from the front of a bucket for as long as entries are old.
func (e *Engine) trimBucket(
	ctx context.Context, name []byte, old func(key, stored []byte) bool, also func(*editor, []byte) error,
) error {
	for {
		keys, err := e.oldKeys(name, old)
		if err != nil || len(keys) == 0 {
			return err
		}
		remove := func(ed *editor) error {
			if ed.tx.Bucket(name) == nil {
				return nil // its stream is gone since
			}
			for _, key := range keys {
				if err := errors.Join(ed.remove(name, key), also(ed, key)); err != nil {
					return err
				}
			}
			return nil
		}
		if err := e.submit(ctx, &write{plan: func(*bbolt.Tx) ([]effect, error) {
			return []effect{remove}, nil
		}}); err != nil {
			return err
		}
	}
}

func nothingMore(*editor, []byte) error { return nil }

func (e *Engine) oldKeys(name []byte, old func(key, stored []byte) bool) (keys [][]byte, err error) {
	err = e.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(name)
		if b == nil {
			return nil
		}
		cursor := b.Cursor()
		for key, stored := cursor.First(); key != nil && len(keys) < trimBatch; key, stored = cursor.Next() {
			if !old(key, stored) {
				break
			}
			keys = append(keys, append([]byte(nil), key...))
		}
		return nil
	})
	return keys, err
}

// forgetToken deletes the token of a key of its times, unless it was used again since.
func forgetToken(ed *editor, key []byte) error {
	token := key[8:]
	if stored := ed.tx.Bucket(bucketTokens).Get(token); len(stored) < 8 || !timeOf(stored).Equal(timeOf(key)) {
		return nil
	}
	return ed.remove(bucketTokens, token)
}

// planRemoval deletes a stream and its records.
func (s *stream) planRemoval(*bbolt.Tx) ([]effect, error) {
	return []effect{func(ed *editor) error {
		if err := ed.tx.DeleteBucket(streamBucket(s.ID)); err != nil {
			return err
		}
		return ed.tx.Bucket(bucketStreams).Delete([]byte(s.arn()))
	}}, nil
}
