package deployed

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	deployedapi "github.com/darkroom/darkroom/appsync"
	"github.com/darkroom/darkroom/internal/local"
	"github.com/darkroom/darkroom/internal/local/iam"
	"github.com/darkroom/darkroom/internal/local/s3"
	"github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/serverless"
)

// What there is one of here.
const (
	distribution = "d111111abcdef8.cloudfront.net"
	poolID       = "local_Deployed"
	clientID     = "deployedwebclient"
)

// resources are the names of serverless.yml's resources by their types. A resource is called here as it is there, in lower
// case: buckets know no other.
type resources struct {
	file   serverless.File
	byType map[string][]string
}

func resourcesOf(f serverless.File) resources {
	r := resources{file: f, byType: map[string][]string{}}
	all, _ := f.At("resources", "Resources").(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		kind := fmt.Sprint(r.at(name, "Type"))
		r.byType[kind] = append(r.byType[kind], name)
	}
	return r
}

func (r resources) at(name string, path ...string) any {
	return serverless.At(r.file.Resource(name), path...)
}

// names say what the template's references stand for here.
func (r resources) names() serverless.Names {
	n := serverless.Names{
		"AWS::Region": iam.Region, "AWS::AccountId": iam.Account, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com",
		"Distribution": "EDFDVBD6EXAMPLE", "Distribution.DomainName": distribution, "SigningKey": "K2JCJMDEHXQW5F",
		"HttpApi.ApiEndpoint": "https://api.example.com", "sls:stage": "here", "UserPool": poolID,
		"UserPool.Arn": "arn:aws:cognito-idp:" + iam.Region + ":" + iam.Account + ":userpool/" + poolID, "UserPoolClient": clientID, "GraphQlApi.Arn": iam.API,
	}
	for kind, prefix := range map[string]string{
		"AWS::DynamoDB::Table": "arn:aws:dynamodb:" + iam.Region + ":" + iam.Account + ":table/",
		"AWS::S3::Bucket":      "arn:aws:s3:::",
		"AWS::SQS::Queue":      "arn:aws:sqs:" + iam.Region + ":" + iam.Account + ":",
	} {
		for _, name := range r.byType[kind] {
			own := strings.ToLower(name)
			n[name], n[name+".Arn"], n[name+".StreamArn"] = own, prefix+own, prefix+own+"/stream/latest"
		}
	}
	for _, fn := range r.file.Functions() {
		// osls names a function's log group, and the function, by the function's own name.
		title := strings.ToUpper(fn.Name[:1]) + fn.Name[1:]
		arn := "arn:aws:logs:" + iam.Region + ":" + iam.Account + ":log-group:/aws/lambda/" + fn.Name
		n[title+"LogGroup"], n[title+"LogGroup.Arn"] = "/aws/lambda/"+fn.Name, arn+":*"
		n[title+"LambdaFunction"] = fn.Name
		n[title+"LambdaFunction.Arn"] = "arn:aws:lambda:" + iam.Region + ":" + iam.Account + ":function:" + fn.Name
	}
	return n
}

// cloud describes the resources to the small cloud.
func (r resources) cloud(o Options, names serverless.Names) (local.Options, error) {
	schema, err := fs.ReadFile(deployedapi.Files, "schema.graphql")
	if err != nil {
		return local.Options{}, fmt.Errorf("read AppSync's schema: %w", err)
	}
	resolvers, err := fs.Sub(deployedapi.Files, "resolvers")
	if err != nil {
		return local.Options{}, fmt.Errorf("read AppSync's resolvers: %w", err)
	}
	c := local.Options{
		Dir: o.Dir, Host: loopback, PoolID: poolID, ClientID: clientID, Events: map[string]string{},
		Schema: string(schema), Resolvers: resolvers, SharedResolver: deployedapi.Shared, ResolverLimit: deployedapi.ResolverLimit,
		Now: time.Now, NewID: uuid.NewString, Log: o.Log,
	}
	for _, name := range r.byType["AWS::S3::Bucket"] {
		queues, _ := r.at(name, "Properties", "NotificationConfiguration", "QueueConfigurations").([]any)
		for _, q := range queues {
			arn, err := r.file.Text(serverless.At(q, "Queue"), names)
			if err != nil {
				return c, fmt.Errorf("bucket %s: %w", name, err)
			}
			c.Events[names[name]] = last(arn)
		}
		c.Buckets = append(c.Buckets, s3.Bucket{Name: names[name], Notify: len(queues) > 0, CORSOrigins: []string{"*"}})
	}
	length, _ := r.at("UserPool", "Properties", "Policies", "PasswordPolicy", "MinimumLength").(uint64)
	c.MinPassword = int(length)
	for _, name := range r.byType["AWS::Cognito::UserPoolGroup"] {
		c.Groups = append(c.Groups, fmt.Sprint(r.at(name, "Properties", "GroupName")))
	}
	c.Queues, err = r.queues(names)
	return c, err
}

// queues lists the dead-letter queues first.
func (r resources) queues(names serverless.Names) ([]sqs.Queue, error) {
	var plain, others []sqs.Queue
	for _, name := range r.byType["AWS::SQS::Queue"] {
		q := sqs.Queue{Name: names[name]}
		seconds, _ := r.at(name, "Properties", "VisibilityTimeout").(uint64)
		q.Visibility = time.Duration(seconds) * time.Second
		dead := r.at(name, "Properties", "RedrivePolicy", "deadLetterTargetArn")
		if dead == nil {
			plain = append(plain, q)
			continue
		}
		arn, err := r.file.Text(dead, names)
		if err != nil {
			return nil, fmt.Errorf("queue %s: %w", name, err)
		}
		receives, _ := r.at(name, "Properties", "RedrivePolicy", "maxReceiveCount").(uint64)
		q.DeadLetter, q.MaxReceives = last(arn), int(receives)
		others = append(others, q)
	}
	return append(plain, others...), nil
}

// last is the last part of an ARN, the name of what it is of.
func last(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }
