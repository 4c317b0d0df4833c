package cognito

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// The buckets of the file. Names map what a user signs in with, e-mail or username, to the user's sub; sessions are
// keyed by sub and origin_jti, so that those of one user lie together.
const (
	bucketPool     = "pool"
	bucketUsers    = "users"
	bucketNames    = "names"
	bucketSessions = "sessions"
	bucketMail     = "mail" // letters by their number
)

// load makes what a new file lacks and reads the pool's key and secret.
func (p *Pool) load() error {
	return p.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{bucketPool, bucketUsers, bucketNames, bucketSessions, bucketMail} {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		id, err := kept(tx, "id", func() ([]byte, error) { return []byte(p.o.PoolID), nil })
		if err != nil {
			return err
		}
		if string(id) != p.o.PoolID {
			return fmt.Errorf("file belongs to user pool %s, not %s", id, p.o.PoolID)
		}
		if p.secret, err = kept(tx, "stand-in secret", func() ([]byte, error) { return p.random(32) }); err != nil {
			return err
		}
		der, err := kept(tx, "signing key", p.newSigningKey)
		if err != nil {
			return err
		}
		key, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return fmt.Errorf("read signing key: %w", err)
		}
		pair, ok := key.(*rsa.PrivateKey)
		if !ok {
			return errors.New("signing key is not RSA")
		}
		p.keys = newSigner(pair)
		return nil
	})
}

// newSigningKey is RSA as Cognito's keys are: verifiers are pinned to RS256.
func (p *Pool) newSigningKey() ([]byte, error) {
	key, err := rsa.GenerateKey(p.o.Random, 2048)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// kept returns a copy of the pool's value of that name, made and stored when there is none.
func kept(tx *bbolt.Tx, name string, makeValue func() ([]byte, error)) ([]byte, error) {
	b := tx.Bucket([]byte(bucketPool))
	if value := b.Get([]byte(name)); value != nil {
		return bytes.Clone(value), nil
	}
	value, err := makeValue()
	if err != nil {
		return nil, err
	}
	return value, b.Put([]byte(name), value)
}

// getJSON decodes the value at key into v and reports whether there is one.
func getJSON(b *bbolt.Bucket, key string, v any) (bool, error) {
	text := b.Get([]byte(key))
	if text == nil {
		return false, nil
	}
	if err := json.Unmarshal(text, v); err != nil {
		return false, fmt.Errorf("read record %s: %w", key, err)
	}
	return true, nil
}

// putJSON stores v at key in place of what was there.
func putJSON(b *bbolt.Bucket, key string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write record %s: %w", key, err)
	}
	return b.Put([]byte(key), text)
}
