package iam

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Account is the account and the region of all ARNs here.
const (
	Account = "000000000000"
	Region  = "us-east-1"
)

// callsOf answers what a request to a service does.
func callsOf(service string, r *http.Request, body []byte) ([]Call, error) {
	switch service {
	case "dynamodb":
		return dynamodbCalls(r.Header.Get("X-Amz-Target"), body)
	case "s3":
		return s3Calls(r, body)
	case "sqs":
		return sqsCalls(r.Header.Get("X-Amz-Target"), body)
	case "appsync":
		return appsyncCalls(body)
	case "cognito-idp":
		return poolCalls(r.Header.Get("X-Amz-Target"), body)
	case "ssm":
		return ssmCalls(r.Header.Get("X-Amz-Target"), body)
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return []Call{{service + ":" + operation, "*"}}, nil
}

// tableRequest is what the operations on items have in common.
type tableRequest struct {
	TableName, IndexName string
	RequestItems         map[string]json.RawMessage
	TransactItems        []map[string]struct{ TableName string }
}

// dynamodbCalls reads an operation. A transaction has no permission of its own: its parts do. A query of an index is one on
// the index alone.
func dynamodbCalls(target string, body []byte) ([]Call, error) {
	_, operation, _ := strings.Cut(target, ".")
	var q tableRequest
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, fmt.Errorf("read %s: %w", target, err)
	}
	table := func(name string) string {
		if strings.HasPrefix(name, "arn:") {
			return name
		}
		return "arn:aws:dynamodb:" + Region + ":" + Account + ":table/" + name
	}
	var calls []Call
	for name := range q.RequestItems {
		calls = append(calls, Call{"dynamodb:" + operation, table(name)})
	}
	for _, item := range q.TransactItems {
		for kind, of := range item {
			action := map[string]string{"ConditionCheck": "ConditionCheckItem"}[kind]
			if action == "" {
				action = kind + "Item" // Put, Update, Delete, Get
			}
			calls = append(calls, Call{"dynamodb:" + action, table(of.TableName)})
		}
	}
	if q.TableName != "" {
		resource := table(q.TableName)
		if q.IndexName != "" {
			resource += "/index/" + q.IndexName
		}
		calls = append(calls, Call{"dynamodb:" + operation, resource})
	}
	if len(calls) == 0 {
		calls = []Call{{"dynamodb:" + operation, "*"}}
	}
	return calls, nil
}

func sqsCalls(target string, body []byte) ([]Call, error) {
	_, operation, _ := strings.Cut(target, ".")
	var q struct{ QueueURL string }
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, fmt.Errorf("read %s: %w", target, err)
	}
	return []Call{{"sqs:" + operation, "arn:aws:sqs:" + Region + ":" + Account + ":" + q.QueueURL[strings.LastIndex(q.QueueURL, "/")+1:]}}, nil
}

func poolCalls(target string, body []byte) ([]Call, error) {
	_, operation, _ := strings.Cut(target, ".")
	var q struct{ UserPoolID string }
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, fmt.Errorf("read %s: %w", target, err)
	}
	return []Call{{"cognito-idp:" + operation, "arn:aws:cognito-idp:" + Region + ":" + Account + ":userpool/" + q.UserPoolID}}, nil
}

func ssmCalls(target string, body []byte) ([]Call, error) {
	_, operation, _ := strings.Cut(target, ".")
	var q struct{ Name string }
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, fmt.Errorf("read %s: %w", target, err)
	}
	return []Call{{"ssm:" + operation, "arn:aws:ssm:" + Region + ":" + Account + ":parameter/" + strings.TrimPrefix(q.Name, "/")}}, nil
}

// appsyncCalls answers the root fields of an operation, each of which is a permission.
func appsyncCalls(body []byte) ([]Call, error) {
	var q struct{ Query string }
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, fmt.Errorf("read a GraphQL request: %w", err)
	}
	document, err := parser.ParseQuery(&ast.Source{Input: q.Query})
	if err != nil {
		return nil, fmt.Errorf("read a GraphQL request: %w", err)
	}
	var calls []Call
	for _, operation := range document.Operations {
		root := strings.ToUpper(string(operation.Operation[:1])) + string(operation.Operation[1:])
		for _, s := range operation.SelectionSet {
			if field, ok := s.(*ast.Field); ok {
				calls = append(calls, Call{"appsync:GraphQL", API + "/types/" + root + "/fields/" + field.Name})
			}
		}
	}
	return calls, nil
}

// API is the ARN of the one AppSync API here.
const API = "arn:aws:appsync:" + Region + ":" + Account + ":apis/local"
