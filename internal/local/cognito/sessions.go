package cognito

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
)

const (
	refreshLasts = 30 * 24 * time.Hour
	maxSessions  = 100 // of one user; a further sign-in ends the oldest
	secretSize   = 32  // random bytes of a refresh token
)

// session is one sign-in and all tokens that come of it. It is stored under sub/origin; deleting it revokes them.
type session struct {
	Sub     string    `json:"sub"`
	Origin  string    `json:"origin"` // origin_jti of its tokens
	Started time.Time `json:"started"`
	Expires time.Time `json:"expires"`
	Refresh []byte    `json:"refresh"` // SHA-256 of the refresh token
}

func (s session) key() string { return sessionKey(s.Sub, s.Origin) }

func sessionKey(sub, origin string) string { return sub + "/" + origin }

// startSession stores a new session of u and returns it with its refresh token: the session's two ids and a secret,
// nothing a client could read anything out of.
func (p *Pool) startSession(u user) (session, string, error) {
	sub, err := uuid.Parse(u.Sub)
	if err != nil {
		return session{}, "", fmt.Errorf("start session of %q: %w", u.Sub, err)
	}
	origin, err := uuid.NewRandomFromReader(p.o.Random)
	if err != nil {
		return session{}, "", fmt.Errorf("start session of %s: %w", u.Sub, err)
	}
	secret, err := p.random(secretSize)
	if err != nil {
		return session{}, "", err
	}
	token := bytes.Join([][]byte{sub[:], origin[:], secret}, nil)
	sum := sha256.Sum256(token)
	now := p.o.Now().UTC()
	s := session{Sub: u.Sub, Origin: origin.String(), Started: now, Expires: now.Add(refreshLasts), Refresh: sum[:]}
	err = p.db.Update(func(tx *bbolt.Tx) error {
		if err := p.makeRoom(tx, u.Sub); err != nil {
			return err
		}
		return putJSON(tx.Bucket([]byte(bucketSessions)), s.key(), s)
	})
	if err != nil {
		return session{}, "", fmt.Errorf("store session of %s: %w", u.Sub, err)
	}
	return s, base64.RawURLEncoding.EncodeToString(token), nil
}

// makeRoom ends the user's expired sessions, and the oldest when they are too many.
func (p *Pool) makeRoom(tx *bbolt.Tx, sub string) error {
	var live []session
	var ended []string
	err := eachSession(tx, sub, func(key string, s session) {
		if p.o.Now().Before(s.Expires) {
			live = append(live, s)
		} else {
			ended = append(ended, key)
		}
	})
	if err != nil {
		return err
	}
	if len(live) >= maxSessions {
		oldest := live[0]
		for _, s := range live[1:] {
			if s.Started.Before(oldest.Started) {
				oldest = s
			}
		}
		ended = append(ended, oldest.key())
	}
	return deleteSessions(tx, ended)
}

// endSessions ends all sessions of a user.
func (p *Pool) endSessions(sub string) error {
	if err := p.db.Update(func(tx *bbolt.Tx) error { return endAll(tx, sub) }); err != nil {
		return fmt.Errorf("end sessions of %s: %w", sub, err)
	}
	return nil
}

func endAll(tx *bbolt.Tx, sub string) error {
	var keys []string
	if err := eachSession(tx, sub, func(key string, _ session) { keys = append(keys, key) }); err != nil {
		return err
	}
	return deleteSessions(tx, keys)
}

// endSession ends one session; ending it twice is no error.
func (p *Pool) endSession(s session) error {
	err := p.db.Update(func(tx *bbolt.Tx) error { return deleteSessions(tx, []string{s.key()}) })
	if err != nil {
		return fmt.Errorf("end session %s: %w", s.key(), err)
	}
	return nil
}

// session returns the live session of those ids.
func (p *Pool) session(sub, origin string) (s session, live bool, err error) {
	err = p.db.View(func(tx *bbolt.Tx) error {
		live, err = getJSON(tx.Bucket([]byte(bucketSessions)), sessionKey(sub, origin), &s)
		return err
	})
	if err != nil {
		return session{}, false, fmt.Errorf("find session: %w", err)
	}
	return s, live && p.o.Now().Before(s.Expires), nil
}

// sessionOf returns the live session that a refresh token belongs to.
func (p *Pool) sessionOf(refreshToken string) (session, bool, error) {
	token, err := base64.RawURLEncoding.Strict().DecodeString(refreshToken)
	if err != nil || len(token) != 2*len(uuid.UUID{})+secretSize {
		return session{}, false, nil
	}
	s, live, err := p.session(uuid.UUID(token[:16]).String(), uuid.UUID(token[16:32]).String())
	if err != nil || !live {
		return session{}, false, err
	}
	// The ids in the token say where to look and are no secret: access tokens carry them too.
	sum := sha256.Sum256(token)
	if subtle.ConstantTimeCompare(sum[:], s.Refresh) != 1 {
		return session{}, false, nil
	}
	return s, true, nil
}

// eachSession visits the sessions of a user, ended ones included. The visitor must not change the bucket.
func eachSession(tx *bbolt.Tx, sub string, visit func(key string, s session)) error {
	prefix := []byte(sessionKey(sub, ""))
	c := tx.Bucket([]byte(bucketSessions)).Cursor()
	for key, text := c.Seek(prefix); key != nil && bytes.HasPrefix(key, prefix); key, text = c.Next() {
		var s session
		if err := json.Unmarshal(text, &s); err != nil {
			return fmt.Errorf("read session %s: %w", key, err)
		}
		visit(string(key), s)
	}
	return nil
}

func deleteSessions(tx *bbolt.Tx, keys []string) error {
	for _, key := range keys {
		if err := tx.Bucket([]byte(bucketSessions)).Delete([]byte(key)); err != nil {
			return fmt.Errorf("delete session %s: %w", key, err)
		}
	}
	return nil
}
