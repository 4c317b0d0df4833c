package cognito

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"go.etcd.io/bbolt"
)

// The operations on a user's attributes, in the names of the Cognito API reference.

// maxAttribute is how long an attribute may be, in runes.
const maxAttribute = 2048

type attribute struct {
	Name  string `json:"Name"`
	Value string `json:"Value"`
}

// ownAttribute tells whether users choose an attribute themselves. These are OpenID's, less the phone number: there is
// nobody to call.
func ownAttribute(name string) bool {
	switch name {
	case "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
		"website", "gender", "birthdate", "zoneinfo", "locale", "address":
		return true
	}
	return false
}

// chosenAttributes reads what users say of themselves; their e-mail address is read elsewhere.
func chosenAttributes(all []attribute) (map[string]string, error) {
	chosen := map[string]string{}
	for _, a := range all {
		switch {
		case a.Name == "email":
		case a.Name == "sub" || a.Name == "email_verified":
			return nil, refuse(notAuthorized, "A client attempted to write unauthorized attribute")
		case !ownAttribute(a.Name):
			return nil, errParameter("Attributes did not conform to the schema: Type for attribute {%.64s} could not be determined", a.Name)
		case utf8.RuneCountInString(a.Value) > maxAttribute:
			return nil, errParameter("Attributes did not conform to the schema: %s: String must be no longer than %d", a.Name, maxAttribute)
		default:
			chosen[a.Name] = a.Value
		}
	}
	return chosen, nil
}

// attributes are all that the pool says of a user.
func (u user) attributes() []attribute {
	all := []attribute{{"sub", u.Sub}, {"email", u.Email}, {"email_verified", strconv.FormatBool(u.Verified)}}
	for _, name := range slices.Sorted(maps.Keys(u.Attributes)) {
		all = append(all, attribute{name, u.Attributes[name]})
	}
	return all
}

// named are attributes by their names.
func named(all []attribute) map[string]string {
	out := make(map[string]string, len(all))
	for _, a := range all {
		out[a.Name] = a.Value
	}
	return out
}

type getUserAnswer struct {
	Username       string      `json:"Username"`
	UserAttributes []attribute `json:"UserAttributes"`
}

// getUser is where fetchUserAttributes of Amplify ends.
func (p *Pool) getUser(_ context.Context, in accessTokenInput) (getUserAnswer, error) {
	u, _, err := p.bearer(in.AccessToken)
	if err != nil {
		return getUserAnswer{}, err
	}
	return getUserAnswer{Username: u.Username, UserAttributes: u.attributes()}, nil
}

type updateAttributesInput struct {
	AccessToken    string      `json:"AccessToken"`
	UserAttributes []attribute `json:"UserAttributes"`
}

type updateAttributesAnswer struct {
	CodeDeliveryDetailsList []delivery `json:"CodeDeliveryDetailsList"`
}

// updateUserAttributes changes what users say of themselves. A new e-mail address counts once its code was given: until
// then they are who they were.
func (p *Pool) updateUserAttributes(_ context.Context, in updateAttributesInput) (updateAttributesAnswer, error) {
	u, _, err := p.bearer(in.AccessToken)
	if err != nil {
		return updateAttributesAnswer{}, err
	}
	chosen, err := chosenAttributes(in.UserAttributes)
	if err != nil {
		return updateAttributesAnswer{}, err
	}
	keep := func(_ *bbolt.Tx, u *user) error {
		if u.Attributes == nil {
			u.Attributes = map[string]string{}
		}
		maps.Copy(u.Attributes, chosen)
		return nil
	}
	email, given := named(in.UserAttributes)["email"]
	if email = canonical(email); given && email != u.Email {
		return p.proposeEmail(u, email, keep)
	}
	_, err = p.change(u.Sub, keep)
	return updateAttributesAnswer{CodeDeliveryDetailsList: []delivery{}}, err
}

// proposeEmail sends a code to the address that a user wants to have.
func (p *Pool) proposeEmail(u user, email string, and func(*bbolt.Tx, *user) error) (updateAttributesAnswer, error) {
	if err := checkEmail(email); err != nil {
		return updateAttributesAnswer{}, err
	}
	if !p.attempts.take("send " + u.Sub) {
		return updateAttributesAnswer{}, errLimit()
	}
	err := p.send(u.Sub, toProve(), func(tx *bbolt.Tx, u *user) error {
		if tx.Bucket([]byte(bucketNames)).Get([]byte(email)) != nil {
			return errEmailTaken()
		}
		u.NewEmail = email
		return and(tx, u)
	})
	return updateAttributesAnswer{CodeDeliveryDetailsList: []delivery{sentTo(email)}}, err
}

type deleteAttributesInput struct {
	AccessToken        string   `json:"AccessToken"`
	UserAttributeNames []string `json:"UserAttributeNames"`
}

func (p *Pool) deleteUserAttributes(_ context.Context, in deleteAttributesInput) (struct{}, error) {
	u, _, err := p.bearer(in.AccessToken)
	if err != nil {
		return struct{}{}, err
	}
	for _, name := range in.UserAttributeNames {
		if !ownAttribute(name) {
			return struct{}{}, refuse(notAuthorized, "A client attempted to write unauthorized attribute")
		}
	}
	_, err = p.change(u.Sub, func(_ *bbolt.Tx, u *user) error {
		for _, name := range in.UserAttributeNames {
			delete(u.Attributes, name)
		}
		return nil
	})
	return struct{}{}, err
}

type attributeCodeInput struct {
	AccessToken   string `json:"AccessToken"`
	AttributeName string `json:"AttributeName"`
	Code          string `json:"Code"`
}

// proving is the user of the token, if the attribute is one that can be proven.
func (p *Pool) proving(in attributeCodeInput) (user, error) {
	u, _, err := p.bearer(in.AccessToken)
	if err == nil && in.AttributeName != "email" {
		err = errParameter("Only the attribute email can be verified.")
	}
	return u, err
}

// getUserAttributeVerificationCode sends the code for an address again.
func (p *Pool) getUserAttributeVerificationCode(_ context.Context, in attributeCodeInput) (deliveryAnswer, error) {
	u, err := p.proving(in)
	if err != nil {
		return deliveryAnswer{}, err
	}
	if !p.attempts.take("send " + u.Sub) {
		return deliveryAnswer{}, errLimit()
	}
	return deliveryAnswer{sentTo(u.unproven())}, p.send(u.Sub, toProve(), nil)
}

func (p *Pool) verifyUserAttribute(_ context.Context, in attributeCodeInput) (struct{}, error) {
	u, err := p.proving(in)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, p.prove(u.Sub, in.Code)
}
