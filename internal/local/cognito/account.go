package cognito

import (
	"context"

	"go.etcd.io/bbolt"
)

// The operations of those who hold a token, in the names of the Cognito API reference.

type getTokensInput struct {
	ClientID     string `json:"ClientId"`
	RefreshToken string `json:"RefreshToken"`
}

type getTokensAnswer struct {
	AuthenticationResult tokens `json:"AuthenticationResult"`
}

// getTokensFromRefreshToken is what current Amplify clients refresh with; older ones use InitiateAuth.
func (p *Pool) getTokensFromRefreshToken(_ context.Context, in getTokensInput) (getTokensAnswer, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return getTokensAnswer{}, err
	}
	t, err := p.refresh(in.RefreshToken)
	return getTokensAnswer{AuthenticationResult: t}, err
}

// refresh mints new tokens of a session. The refresh token stays the same and is not sent again, as in a pool without
// rotation.
func (p *Pool) refresh(refreshToken string) (tokens, error) {
	s, live, err := p.sessionOf(refreshToken)
	if err != nil {
		return tokens{}, err
	}
	if !live {
		return tokens{}, refuse(notAuthorized, "Invalid Refresh Token")
	}
	u, found, err := p.userBySub(s.Sub)
	if err != nil {
		return tokens{}, err
	}
	if !found {
		return tokens{}, refuse(notAuthorized, "Invalid Refresh Token")
	}
	return p.mint(u, s, "")
}

type accessTokenInput struct {
	AccessToken string `json:"AccessToken"`
}

// globalSignOut ends every session of the user. Access tokens already out stay valid for who only checks their
// signature, until they expire, as on AWS.
func (p *Pool) globalSignOut(_ context.Context, in accessTokenInput) (struct{}, error) {
	u, _, err := p.bearer(in.AccessToken)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, p.endSessions(u.Sub)
}

type revokeTokenInput struct {
	ClientID string `json:"ClientId"`
	Token    string `json:"Token"`
}

// revokeToken ends the session of a refresh token. As RFC 7009 has it, a token that means nothing is revoked already.
func (p *Pool) revokeToken(_ context.Context, in revokeTokenInput) (struct{}, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return struct{}{}, err
	}
	s, live, err := p.sessionOf(in.Token)
	if err != nil || !live {
		return struct{}{}, err
	}
	return struct{}{}, p.endSession(s)
}

type changePasswordInput struct {
	AccessToken      string `json:"AccessToken"`
	PreviousPassword string `json:"PreviousPassword"`
	ProposedPassword string `json:"ProposedPassword"`
}

// changePassword asks for the old password, since a token may have been left lying about. Sessions go on, as on AWS.
func (p *Pool) changePassword(_ context.Context, in changePasswordInput) (struct{}, error) {
	u, _, err := p.bearer(in.AccessToken)
	if err != nil {
		return struct{}{}, err
	}
	if err := p.checkPassword(in.ProposedPassword); err != nil {
		return struct{}{}, err
	}
	if !p.attempts.take(u.Sub) {
		return struct{}{}, errLimit()
	}
	if len(in.PreviousPassword) > maxPassword || !p.isPassword(u, in.PreviousPassword) {
		return struct{}{}, errIncorrect()
	}
	p.attempts.giveBack(u.Sub)
	return struct{}{}, p.setPassword(u.Sub, in.ProposedPassword, nil)
}

// setPassword stores a password, unless a check of the record says no at that moment.
func (p *Pool) setPassword(sub, password string, check func(*user) error) error {
	salt, verifier, err := p.secretOf(sub, password)
	if err != nil {
		return err
	}
	_, err = p.change(sub, func(_ *bbolt.Tx, u *user) error {
		u.Salt, u.Verifier = salt, verifier
		if check == nil {
			return nil
		}
		return check(u)
	})
	return err
}

// deleteUser deletes the user of a token, with all their sessions. What they own elsewhere is not the pool's to delete.
func (p *Pool) deleteUser(_ context.Context, in accessTokenInput) (struct{}, error) {
	u, _, err := p.bearer(in.AccessToken)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, p.remove(u.Sub)
}
