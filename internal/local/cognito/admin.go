package cognito

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/darkroom/darkroom/internal/local/sigv4"
)

// The operations of administrators, in the names of the Cognito API reference. Each must be signed: any web page can send
// requests to a port of this machine.

// checkSignature refuses a request that the holder of the pool's key did not sign.
func (p *Pool) checkSignature(r *http.Request, body []byte) error {
	holder := sigv4.Identity{AccessKey: p.o.AccessKey, SecretKey: p.o.SecretKey, Region: p.o.Region, Service: "cognito-idp"}
	header := func(name string) []string {
		if name == "host" {
			return []string{r.Host}
		}
		return r.Header.Values(name)
	}
	err := holder.Check(sigv4.Request{
		Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: header, Body: body,
	}, p.o.Now())
	var no *sigv4.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &no) || no.Reason == sigv4.Incomplete:
		return refuse("MissingAuthenticationTokenException", "Missing Authentication Token")
	case no.Reason == sigv4.UnknownKey:
		return refuse("UnrecognizedClientException", "%s", no.Message)
	}
	return refuse("InvalidSignatureException", "%s", no.Message)
}

type adminInput struct {
	UserPoolID string `json:"UserPoolId"`
	Username   string `json:"Username"`
	GroupName  string `json:"GroupName"`
}

// administered is the user whom an administrator means.
func (p *Pool) administered(in adminInput) (user, error) {
	if in.UserPoolID != p.o.PoolID {
		return user{}, refuse("ResourceNotFoundException", "User pool %.64s does not exist.", in.UserPoolID)
	}
	u, found, err := p.userNamed(in.Username)
	if err != nil || found {
		return u, err
	}
	return user{}, errGone
}

type adminUser struct {
	Username       string      `json:"Username"`
	UserAttributes []attribute `json:"UserAttributes"`
	UserStatus     string      `json:"UserStatus"`
	Enabled        bool        `json:"Enabled"`
	UserCreateDate float64     `json:"UserCreateDate"` // seconds since 1970
}

func (p *Pool) adminGetUser(_ context.Context, in adminInput) (adminUser, error) {
	u, err := p.administered(in)
	if err != nil {
		return adminUser{}, err
	}
	return adminUser{
		Username: u.Username, UserAttributes: u.attributes(), UserStatus: u.status(), Enabled: true,
		UserCreateDate: float64(u.Created.UnixMilli()) / 1000,
	}, nil
}

// AddToGroup puts a user into one of the pool's groups; their next tokens say so.
func (p *Pool) AddToGroup(name, group string) error {
	_, err := p.adminAddUserToGroup(context.Background(), adminInput{UserPoolID: p.o.PoolID, Username: name, GroupName: group})
	return err
}

func (p *Pool) adminAddUserToGroup(_ context.Context, in adminInput) (struct{}, error) {
	return p.regroup(in, func(groups []string) []string {
		if slices.Contains(groups, in.GroupName) {
			return groups
		}
		return append(groups, in.GroupName)
	})
}

func (p *Pool) adminRemoveUserFromGroup(_ context.Context, in adminInput) (struct{}, error) {
	return p.regroup(in, func(groups []string) []string {
		return slices.DeleteFunc(groups, func(g string) bool { return g == in.GroupName })
	})
}

func (p *Pool) regroup(in adminInput, how func([]string) []string) (struct{}, error) {
	u, err := p.administered(in)
	if err != nil {
		return struct{}{}, err
	}
	if !slices.Contains(p.o.Groups, in.GroupName) {
		return struct{}{}, refuse("ResourceNotFoundException", "Group not found.")
	}
	_, err = p.change(u.Sub, func(_ *bbolt.Tx, u *user) error {
		u.Groups = how(u.Groups)
		return nil
	})
	return struct{}{}, err
}

type group struct {
	GroupName  string `json:"GroupName"`
	UserPoolID string `json:"UserPoolId"`
}

type groupsAnswer struct {
	Groups []group `json:"Groups"`
}

func (p *Pool) adminListGroupsForUser(_ context.Context, in adminInput) (groupsAnswer, error) {
	u, err := p.administered(in)
	answer := groupsAnswer{Groups: []group{}}
	for _, name := range u.Groups {
		answer.Groups = append(answer.Groups, group{GroupName: name, UserPoolID: p.o.PoolID})
	}
	return answer, err
}

func (p *Pool) adminUserGlobalSignOut(_ context.Context, in adminInput) (struct{}, error) {
	u, err := p.administered(in)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, p.endSessions(u.Sub)
}

// adminDeleteUser deletes a user, with all their sessions.
func (p *Pool) adminDeleteUser(_ context.Context, in adminInput) (struct{}, error) {
	u, err := p.administered(in)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, p.remove(u.Sub)
}
