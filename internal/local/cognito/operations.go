package cognito

import (
	"context"
	"encoding/json"
)

// operation is a call of the Cognito API on the text of a request.
type operation func(ctx context.Context, body []byte) (any, error)

// operation returns what answers the operation of that name, nil when none does.
func (p *Pool) operation(name string) operation {
	switch name {
	case "SignUp":
		return decoding(p.signUp)
	case "ConfirmSignUp":
		return decoding(p.confirmSignUp)
	case "ResendConfirmationCode":
		return decoding(p.resendConfirmationCode)
	case "InitiateAuth":
		return decoding(p.initiateAuth)
	case "RespondToAuthChallenge":
		return decoding(p.respondToAuthChallenge)
	case "GetTokensFromRefreshToken":
		return decoding(p.getTokensFromRefreshToken)
	case "ForgotPassword":
		return decoding(p.forgotPassword)
	case "ConfirmForgotPassword":
		return decoding(p.confirmForgotPassword)
	case "RevokeToken":
		return decoding(p.revokeToken)
	}
	return p.ofBearers(name)
}

// ofBearers are the operations that take an access token.
func (p *Pool) ofBearers(name string) operation {
	switch name {
	case "GetUser":
		return decoding(p.getUser)
	case "UpdateUserAttributes":
		return decoding(p.updateUserAttributes)
	case "DeleteUserAttributes":
		return decoding(p.deleteUserAttributes)
	case "GetUserAttributeVerificationCode":
		return decoding(p.getUserAttributeVerificationCode)
	case "VerifyUserAttribute":
		return decoding(p.verifyUserAttribute)
	case "ChangePassword":
		return decoding(p.changePassword)
	case "DeleteUser":
		return decoding(p.deleteUser)
	case "GlobalSignOut":
		return decoding(p.globalSignOut)
	}
	return nil
}

// administration are the operations that must be signed by the pool's key.
func (p *Pool) administration(name string) operation {
	switch name {
	case "AdminGetUser":
		return decoding(p.adminGetUser)
	case "AdminAddUserToGroup":
		return decoding(p.adminAddUserToGroup)
	case "AdminRemoveUserFromGroup":
		return decoding(p.adminRemoveUserFromGroup)
	case "AdminListGroupsForUser":
		return decoding(p.adminListGroupsForUser)
	case "AdminUserGlobalSignOut":
		return decoding(p.adminUserGlobalSignOut)
	case "AdminDeleteUser":
		return decoding(p.adminDeleteUser)
	}
	return nil
}

// decoding turns an operation on its input into one on the text of a request.
func decoding[In, Out any](run func(context.Context, In) (Out, error)) operation {
	return func(ctx context.Context, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, refuse("SerializationException", "The request is not the JSON of its operation.")
		}
		return run(ctx, in)
	}
}
