package cognito

import "strconv"

// The operations of those who hold a token, in the names of the Cognito API reference.

type getTokensInput struct {
	ClientID     string `json:"ClientId"`
	RefreshToken string `json:"RefreshToken"`
}

type getTokensAnswer struct {
	AuthenticationResult tokens `json:"AuthenticationResult"`
}

// getTokensFromRefreshToken is what current Amplify clients refresh with; older ones use InitiateAuth.
func (p *Pool) getTokensFromRefreshToken(in getTokensInput) (getTokensAnswer, error) {
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

type getUserAnswer struct {
	Username       string      `json:"Username"`
	UserAttributes []attribute `json:"UserAttributes"`
}

// getUser is where fetchUserAttributes of Amplify ends.
func (p *Pool) getUser(in accessTokenInput) (getUserAnswer, error) {
	u, _, err := p.bearer(in.AccessToken)
	if err != nil {
		return getUserAnswer{}, err
	}
	return getUserAnswer{Username: u.Username, UserAttributes: []attribute{
		{"sub", u.Sub}, {"email", u.Email}, {"email_verified", strconv.FormatBool(u.Verified)},
	}}, nil
}

// globalSignOut ends every session of the user. Access tokens already out stay valid for who only checks their
// signature, until they expire, as on AWS.
func (p *Pool) globalSignOut(in accessTokenInput) (struct{}, error) {
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
func (p *Pool) revokeToken(in revokeTokenInput) (struct{}, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return struct{}{}, err
	}
	s, live, err := p.sessionOf(in.Token)
	if err != nil || !live {
		return struct{}{}, err
	}
	return struct{}{}, p.endSession(s)
}
