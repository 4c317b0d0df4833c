package main

import (
	"encoding/json"

	"github.com/aws/aws-lambda-go/events"
)

// request is a GraphQL request as the HTTP API hands it over, of a viewer whom its authorizer has verified.
func request(method, path, query string) events.APIGatewayV2HTTPRequest {
	body, _ := json.Marshal(map[string]string{"query": query}) // strings alone: it cannot fail
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: method + " " + path, RawPath: path, Body: string(body),
		Headers: map[string]string{"content-type": "application/json", "accept": "application/json", "host": "api.example.com"},
	}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path, e.RequestContext.RequestID = method, path, "request-1"
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{
			Claims: map[string]string{"sub": string(owner), "token_use": "access"},
		},
	}
	return e
}

// fieldEvent is what appsync/resolvers/field.js sends of Query.images.
func fieldEvent() any {
	return map[string]any{
		"info":      map[string]string{"parentTypeName": "Query", "fieldName": "images"},
		"arguments": map[string]any{"first": 20},
		"identity":  map[string]any{"claims": map[string]any{"sub": string(owner), "token_use": "access"}},
	}
}

func shareEvent(token string) any {
	e := request("GET", "/s/"+token, "")
	e.Body, e.RequestContext.Authorizer, e.PathParameters = "", nil, map[string]string{"token": token}
	return e
}

// signIn is the question whether a user may sign in.
func signIn() any {
	e := events.CognitoEventUserPoolsPreAuthentication{CognitoEventUserPoolsHeader: events.CognitoEventUserPoolsHeader{
		Version: "1", TriggerSource: "PreAuthentication_Authentication", Region: "us-east-1", UserPoolID: "pool", UserName: string(owner),
	}}
	e.Request.UserAttributes = map[string]string{"sub": string(owner), "email": "ann@example.com"}
	return e
}
