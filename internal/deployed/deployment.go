package deployed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/local"
	"github.com/darkroom/darkroom/internal/local/iam"
	"github.com/darkroom/darkroom/internal/local/runtimeapi"
	"github.com/darkroom/darkroom/internal/serverless"
)

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// Options say what is deployed, and where.
type Options struct {
	File     string // serverless.yml
	Key      []byte // the private key of the renditions' URLs, in PEM; nil: there is no distribution
	Binaries string // the folder of the functions' binaries, NAME/bootstrap
	Dir      string // absolute; everything is kept in it
	Log      *slog.Logger

	Idle   bool          // whether events start nothing: who wants a function to run invokes it
	Freeze bool          // whether functions stand still between two invocations
	Retry  time.Duration // when a queue gives again what a function did not take; zero: at the end of its visibility timeout
	Output func(function string) io.Writer
	Before func(function string, c iam.Call) // is told what a function is about to do, and may take its time; nil: nobody is
	// Timeout replaces that of a function; zero, or nil: it stays serverless.yml's.
	Timeout func(function string) time.Duration
	// Permissions replaces what a function's role allows; nil: it stays serverless.yml's.
	Permissions func(function string, all []iam.Permission) []iam.Permission
	// Environment is changed before a function gets it; nil: it is not.
	Environment func(function string, env map[string]string)
	Started     func(function string, p runtimeapi.Process)
}

// Deployment is serverless.yml at work.
type Deployment struct {
	Cloud     *local.Cloud
	File      serverless.File
	Names     serverless.Names // what its references stand for
	Functions map[string]*runtimeapi.Function
	Roles     map[string]*iam.Role

	opts       Options
	parameters string // where Systems Manager is
	programs   map[string]runtimeapi.Options
	servers    []*http.Server
	closers    []func(context.Context) error
}

// Disconnect ends every connection to a gate that is not in use, as services do with those that have been idle for a while.
func (d *Deployment) Disconnect() {
	for _, s := range d.servers {
		s.SetKeepAlivesEnabled(false)
		s.SetKeepAlivesEnabled(true)
	}
}

// Start deploys everything. No function's process is started before there is work for it. On an error everything is closed.
func Start(ctx context.Context, o Options) (*Deployment, error) {
	f, err := serverless.Read(o.File)
	if err != nil {
		return nil, err
	}
	r := resourcesOf(f)
	names := r.names()
	names["CDN"] = fmt.Sprint(o.Key != nil)
	d := &Deployment{
		File: f, Names: names, opts: o, Functions: map[string]*runtimeapi.Function{}, Roles: map[string]*iam.Role{},
		programs: map[string]runtimeapi.Options{},
	}
	described, err := r.cloud(o, d.Names)
	if err != nil {
		return nil, err
	}
	if d.Cloud, err = local.Start(ctx, described); err != nil {
		return nil, err
	}
	d.closers = append(d.closers, d.Cloud.Close)
	if err := d.open(ctx, r); err != nil {
		return nil, errors.Join(err, d.Close(ctx))
	}
	return d, nil
}

// Close ends the events, then the functions, then the engines.
func (d *Deployment) Close(ctx context.Context) error {
	var err error
	for _, closing := range d.closers {
		err = errors.Join(err, closing(ctx))
	}
	d.closers = nil
	return err
}

func (d *Deployment) open(ctx context.Context, r resources) error {
	for _, name := range r.byType["AWS::SQS::Queue"] {
		d.Names[name] = d.Cloud.QueueURL(d.Names[name])
	}
	if err := dynamodb.Create(ctx, sdkdynamodb.NewFromConfig(d.Cloud.AWS(d.Cloud.Endpoints.DynamoDB)), d.Tables()); err != nil {
		return err
	}
	var err error
	if d.parameters, err = d.serve(parameters(d.opts.Key)); err != nil {
		return err
	}
	for _, fn := range d.File.Functions() {
		if err := d.deploy(fn); err != nil {
			return fmt.Errorf("deploy function %s: %w", fn.Name, err)
		}
	}
	if d.opts.Idle {
		return nil
	}
	return d.connect()
}

// Tables are the tables here.
func (d *Deployment) Tables() dynamodb.Tables {
	return dynamodb.Tables{
		Images: d.Names["ImagesTable"], Feed: d.Names["FeedTable"], Users: d.Names["UsersTable"], Shares: d.Names["SharesTable"],
	}
}

// deploy makes a function of its zip, with a gate of its own.
func (d *Deployment) deploy(fn serverless.Function) error {
	statements, err := d.File.Role(fn, d.Names)
	if err != nil {
		return err
	}
	var permissions []iam.Permission
	for _, s := range statements {
		permissions = append(permissions, iam.Permission{Sid: s.Sid, Actions: s.Actions, Resources: s.Resources})
	}
	if d.opts.Permissions != nil {
		permissions = d.opts.Permissions(fn.Name, permissions)
	}
	d.Roles[fn.Name] = iam.NewRole(fn.Name, permissions)
	gate, err := d.gate(fn.Name)
	if err != nil {
		return err
	}
	binary := filepath.Join(d.opts.Binaries, fn.Name, bootstrap)
	env, err := d.environment(fn, gate)
	if err != nil {
		return err
	}
	timeout := time.Duration(fn.Timeout) * time.Second
	if d.opts.Timeout != nil {
		timeout = cmp.Or(d.opts.Timeout(fn.Name), timeout)
	}
	o := runtimeapi.Options{
		Name: fn.Name, Command: []string{binary}, Env: env, Dir: filepath.Dir(binary), Timeout: timeout, Memory: fn.Memory,
		Concurrency: 2, Freeze: d.opts.Freeze,
	}
	if d.opts.Output != nil {
		o.Output = d.opts.Output(fn.Name)
	}
	if d.opts.Started != nil {
		o.Started = func(p runtimeapi.Process) { d.opts.Started(fn.Name, p) }
	}
	f, err := runtimeapi.New(o)
	if err == nil {
		d.Functions[fn.Name], d.programs[fn.Name] = f, o
		d.closers = append(d.closers, f.Close)
	}
	return err
}

// gate serves all the endpoints of a function at one address, which it answers.
func (d *Deployment) gate(function string) (string, error) {
	e := d.Cloud.Endpoints
	before := func(iam.Call) {}
	if d.opts.Before != nil {
		before = func(c iam.Call) { d.opts.Before(function, c) }
	}
	g, err := iam.NewGate(d.Roles[function], map[string]string{
		"s3": e.S3, "dynamodb": e.DynamoDB, "sqs": e.SQS, "appsync": strings.TrimSuffix(e.AppSync, "/graphql"), "ssm": d.parameters,
		"cognito-idp": strings.TrimSuffix(e.Cognito, "/"),
	}, before)
	if err != nil {
		return "", err
	}
	return d.serve(g)
}

// serve serves until Close, and answers where.
func (d *Deployment) serve(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", netip.AddrPortFrom(loopback, 0).String())
	if err != nil {
		return "", fmt.Errorf("serve on loopback: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ErrorLog: slog.NewLogLogger(d.opts.Log.Handler(), slog.LevelDebug)}
	go func() { _ = server.Serve(l) }() // until it is closed
	d.servers = append(d.servers, server)
	d.closers = append(d.closers, func(context.Context) error { return server.Close() })
	return "http://" + l.Addr().String(), nil
}

// environment is what serverless.yml sets, and where the engines are.
func (d *Deployment) environment(fn serverless.Function, gate string) ([]string, error) {
	names := serverless.Names{"GraphQlApi.GraphQLUrl": gate + "/graphql"}
	for name, value := range d.Names {
		names[name] = value
	}
	env := map[string]string{
		"AWS_ENDPOINT_URL": gate, "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": gate + "/", "S3_PATH_STYLE": "true",
		"AWS_ACCESS_KEY_ID": d.Cloud.Credentials.AccessKey, "AWS_SECRET_ACCESS_KEY": d.Cloud.Credentials.SecretKey,
	}
	for name, value := range fn.Environment {
		text, err := d.File.Text(value, names)
		if errors.Is(err, serverless.ErrNoValue) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", name, err)
		}
		env[name] = text
	}
	if d.opts.Environment != nil {
		d.opts.Environment(fn.Name, env)
	}
	var all []string
	for name, value := range env {
		all = append(all, name+"="+value)
	}
	return all, nil
}

// Program says how a function's binary is started, for who wants to start one that differs.
func (d *Deployment) Program(function string) runtimeapi.Options { return d.programs[function] }
