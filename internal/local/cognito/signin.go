package cognito

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"math/big"

	"github.com/darkroom/darkroom/internal/srp6a"
)

// The operations InitiateAuth and RespondToAuthChallenge, in the names of the Cognito API reference; members that do
// nothing here (UserContextData, Session, devices) are accepted and ignored.

type initiateAuthInput struct {
	AuthFlow       string            `json:"AuthFlow"`
	ClientID       string            `json:"ClientId"`
	AuthParameters map[string]string `json:"AuthParameters"`
	ClientMetadata map[string]string `json:"ClientMetadata"`
}

type respondToAuthChallengeInput struct {
	ChallengeName      string            `json:"ChallengeName"`
	ClientID           string            `json:"ClientId"`
	ChallengeResponses map[string]string `json:"ChallengeResponses"`
}

// authAnswer is either a challenge to be answered or the tokens.
type authAnswer struct {
	ChallengeName        string            `json:"ChallengeName,omitempty"`
	ChallengeParameters  map[string]string `json:"ChallengeParameters"`
	AuthenticationResult *tokens           `json:"AuthenticationResult,omitempty"`
}

func (p *Pool) initiateAuth(ctx context.Context, in initiateAuthInput) (authAnswer, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return authAnswer{}, err
	}
	switch in.AuthFlow {
	case "USER_SRP_AUTH":
		return p.challenge(ctx, in)
	case "USER_PASSWORD_AUTH":
		return p.passwordSignIn(ctx, in)
	case "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN":
		t, err := p.refresh(in.AuthParameters["REFRESH_TOKEN"])
		if err != nil {
			return authAnswer{}, err
		}
		return authAnswer{ChallengeParameters: map[string]string{}, AuthenticationResult: &t}, nil
	}
	return authAnswer{}, errParameter("Unsupported AuthFlow.")
}

func (p *Pool) passwordSignIn(ctx context.Context, in initiateAuthInput) (authAnswer, error) {
	name, password := in.AuthParameters["USERNAME"], in.AuthParameters["PASSWORD"]
	if name == "" || password == "" || len(password) > maxPassword {
		return authAnswer{}, errParameter("Missing required parameter USERNAME or PASSWORD, or it is too long.")
	}
	who, err := p.comes(ctx, name, in.ClientMetadata)
	if err != nil {
		return authAnswer{}, err
	}
	return p.signIn(who, func() (bool, error) { return p.isPassword(who.user, password), nil })
}

// comes answers who wants to sign in, unless the PreAuthentication trigger refuses them. Cognito asks it first of all,
// before any secret is looked at, and of those who do not exist too.
func (p *Pool) comes(ctx context.Context, name string, metadata map[string]string) (account, error) {
	who, err := p.account(name)
	if err != nil {
		return account{}, err
	}
	_, err = p.ask(ctx, "PreAuthentication_Authentication", who, asked{validation: metadata})
	return who, err
}

// challenge begins an SRP sign-in. Both sides hash the user's sub, never the name typed, so that a stand-in's answer
// cannot be told from a user's.
func (p *Pool) challenge(ctx context.Context, in initiateAuthInput) (authAnswer, error) {
	name := in.AuthParameters["USERNAME"]
	a, ok := parseHex(in.AuthParameters["SRP_A"])
	if name == "" || !ok || !p.srp.acceptable(a) {
		return authAnswer{}, errParameter("Missing or unacceptable parameter USERNAME or SRP_A.")
	}
	who, err := p.comes(ctx, name, in.ClientMetadata)
	if err != nil {
		return authAnswer{}, err
	}
	secrets, err := p.random(64)
	if err != nil {
		return authAnswer{}, err
	}
	// RFC 5054 asks for 256 bits of b. The block is only a name: what AWS hides in it stays in the pool's memory.
	b, block := new(big.Int).SetBytes(secrets[:32]), base64.StdEncoding.EncodeToString(secrets[32:])
	serverB := p.srp.public(who.verifier(), b)
	p.challenges.put(block, challenge{name: canonical(name), who: who, clientA: a, serverB: serverB, b: b})
	return authAnswer{ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: map[string]string{
		"USERNAME": who.Sub, "USER_ID_FOR_SRP": who.Sub,
		"SALT": who.salt().Text(16), "SRP_B": serverB.Text(16), "SECRET_BLOCK": block,
	}}, nil
}

func (p *Pool) respondToAuthChallenge(_ context.Context, in respondToAuthChallengeInput) (authAnswer, error) {
	if err := p.checkClient(in.ClientID); err != nil {
		return authAnswer{}, err
	}
	if in.ChallengeName != "PASSWORD_VERIFIER" {
		return authAnswer{}, errParameter("Unsupported ChallengeName.")
	}
	block := in.ChallengeResponses["PASSWORD_CLAIM_SECRET_BLOCK"]
	c, ok := p.challenges.take(block)
	if name := canonical(in.ChallengeResponses["USERNAME"]); !ok || (name != c.who.Sub && name != c.name) {
		return authAnswer{}, errIncorrect()
	}
	return p.signIn(c.who, func() (bool, error) {
		return p.proven(c, block, in.ChallengeResponses["TIMESTAMP"], in.ChallengeResponses["PASSWORD_CLAIM_SIGNATURE"])
	})
}

// proven reports whether the signature could only be made by somebody who knows the password.
func (p *Pool) proven(c challenge, block, timestamp, signature string) (bool, error) {
	got, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return false, nil
	}
	secretBlock, err := base64.StdEncoding.DecodeString(block)
	if err != nil {
		return false, nil
	}
	key, err := p.srp.sessionKey(c.clientA, c.serverB, c.who.verifier(), c.b)
	if err != nil {
		return false, fmt.Errorf("derive session key: %w", err)
	}
	want := p.srp.signature(key, c.who.Sub, secretBlock, timestamp)
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// signIn is how every sign-in ends: an attempt is used before the secret is looked at and given back when it was right.
func (p *Pool) signIn(who account, secretIsRight func() (bool, error)) (authAnswer, error) {
	if !p.attempts.take(who.Sub) {
		return authAnswer{}, errTooManyAttempts()
	}
	right, err := secretIsRight()
	if err != nil {
		return authAnswer{}, err
	}
	// An unconfirmed user learns that only with the right password, so that nobody else does.
	if !right || !who.exists {
		return authAnswer{}, errIncorrect()
	}
	p.attempts.giveBack(who.Sub)
	if !who.Confirmed {
		return authAnswer{}, errNotConfirmed()
	}
	s, refreshToken, err := p.startSession(who.user)
	if err != nil {
		return authAnswer{}, err
	}
	t, err := p.mint(who.user, s, refreshToken)
	if err != nil {
		return authAnswer{}, err
	}
	return authAnswer{ChallengeParameters: map[string]string{}, AuthenticationResult: &t}, nil
}

// checkClient refuses calls of any other app.
func (p *Pool) checkClient(id string) error {
	if id != p.o.ClientID {
		return refuse("ResourceNotFoundException", "User pool client does not exist.")
	}
	return nil
}

// parseHex reads an unsigned number of at most the group's size, written as SRP clients write it.
func parseHex(s string) (*big.Int, bool) {
	const longest = srp6a.Digits + 2 // a zero byte in front is allowed
	if s == "" || len(s) > longest {
		return nil, false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return nil, false
		}
	}
	return new(big.Int).SetString(s, 16)
}
