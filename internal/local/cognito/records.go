package cognito

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// errGone is a user who was deleted meanwhile, or whom an administrator looks for in vain.
var errGone = refuse("UserNotFoundException", "User does not exist.")

// add stores a new user, unless one of their names is taken.
func (p *Pool) add(u user) error {
	return p.db.Update(func(tx *bbolt.Tx) error {
		users, names := tx.Bucket([]byte(bucketUsers)), tx.Bucket([]byte(bucketNames))
		for _, name := range u.names() {
			if names.Get([]byte(name)) != nil {
				return refuse(usernameExists, "User already exists")
			}
		}
		if users.Sequence() >= maxUsers { // the sequence counts them
			return refuse(limitExceeded, "The user pool is full.")
		}
		if _, err := users.NextSequence(); err != nil {
			return err
		}
		for _, name := range u.names() {
			if err := names.Put([]byte(name), []byte(u.Sub)); err != nil {
				return err
			}
		}
		return putJSON(users, u.Sub, u)
	})
}

// change changes a user's record and answers the new one. A change that answers an error does not happen.
func (p *Pool) change(sub string, how func(tx *bbolt.Tx, u *user) error) (user, error) {
	var u user
	err := p.db.Update(func(tx *bbolt.Tx) error {
		users := tx.Bucket([]byte(bucketUsers))
		found, err := getJSON(users, sub, &u)
		if err != nil {
			return err
		}
		if !found {
			return errGone
		}
		if err := how(tx, &u); err != nil {
			return err
		}
		return putJSON(users, sub, u)
	})
	if err != nil {
		return user{}, fmt.Errorf("change user %s: %w", sub, err)
	}
	return u, nil
}

// rename gives a user another e-mail address to sign in with, within a change of theirs.
func rename(tx *bbolt.Tx, u *user, email string) error {
	names := tx.Bucket([]byte(bucketNames))
	if owner := names.Get([]byte(email)); owner != nil && string(owner) != u.Sub {
		return errEmailTaken()
	}
	if err := names.Delete([]byte(u.Email)); err != nil {
		return err
	}
	u.Email = email
	return names.Put([]byte(email), []byte(u.Sub))
}

// remove deletes a user and their sessions; a user who is not there any more is no error.
func (p *Pool) remove(sub string) error {
	err := p.db.Update(func(tx *bbolt.Tx) error {
		var u user
		users, names := tx.Bucket([]byte(bucketUsers)), tx.Bucket([]byte(bucketNames))
		if found, err := getJSON(users, sub, &u); err != nil || !found {
			return err
		}
		for _, name := range u.names() {
			if err := names.Delete([]byte(name)); err != nil {
				return err
			}
		}
		if err := endAll(tx, sub); err != nil {
			return err
		}
		return errors.Join(users.Delete([]byte(sub)), users.SetSequence(users.Sequence()-1))
	})
	if err != nil {
		return fmt.Errorf("delete user %s: %w", sub, err)
	}
	return nil
}
