package cognito

import (
	"errors"
	"fmt"
)

// Seed makes sure that there is a user of that e-mail address, and returns their sub, a UUID. A new one is confirmed at
// once and gets the password; one who exists stays as they are.
func (p *Pool) Seed(email, password string) (sub string, err error) {
	if err := checkEmail(email); err != nil {
		return "", fmt.Errorf("seed user %q: %w", email, err)
	}
	if password == "" || len(password) > maxPassword {
		return "", fmt.Errorf("seed user %s: password must have 1 to %d bytes", email, maxPassword)
	}
	if u, found, err := p.userNamed(email); err != nil || found {
		return u.Sub, err
	}
	u, err := p.newUser(email, email, password)
	if err != nil {
		return "", fmt.Errorf("seed user %s: %w", email, err)
	}
	u.Confirmed, u.Verified = true, true
	err = p.add(u)
	var r *refusal
	if errors.As(err, &r) && r.kind == usernameExists { // somebody was quicker
		u, _, err := p.userNamed(email)
		return u.Sub, err
	}
	if err != nil {
		return "", fmt.Errorf("seed user %s: %w", email, err)
	}
	return u.Sub, nil
}
