// Package config reads the environment of a Lambda, once, for its main.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"github.com/darkroom/darkroom/gallery"
)

// API is the environment of functions/graphql and functions/field.
type API struct {
	ImagesTable, FeedTable, UsersTable string
	SharesTable                        string
	UploadBucket, RenditionBucket      string
	QueueURL                           string
	ShareURL                           string // what share links begin with
	UserPool                           UserPool
	PathStyle, Introspection           bool
	CDN                                CDN // where renditions are fetched from; zero: from the bucket
}

// UserPool is where users sign in.
type UserPool struct{ ID, Region, URL string }

// CDN is the CloudFront distribution in front of the renditions.
type CDN struct {
	URL          string // such as https://d111111abcdef8.cloudfront.net
	KeyID        string // CloudFront's name for the public key
	KeyParameter string // the parameter of Systems Manager that holds the private key
}

// Process is the environment of functions/process and functions/heif.
type Process struct {
	ImagesTable, UsersTable       string
	UploadBucket, RenditionBucket string
	HeifQueueURL                  string // where functions/heif waits; empty: HEIC and AVIF are not developed
	PathStyle                     bool
	MaxPixels                     int64          // 0: the developer's default
	Renditions                    []gallery.Spec // what to make of each picture
}

// Publish is the environment of functions/publish.
type Publish struct {
	FeedTable  string
	AppSyncURL string
	Region     string
}

// Sweep is the environment of functions/sweep.
type Sweep struct {
	ImagesTable, FeedTable, UsersTable string
	SharesTable                        string
	UserPool                           UserPool
	UploadBucket, RenditionBucket      string
	QueueURL                           string
	PathStyle                          bool
}

// Auth is the environment of functions/auth.
type Auth struct {
	UsersTable string
	SignUp     gallery.Membership
}

// Share is the environment of functions/share.
type Share struct {
	ImagesTable, UsersTable, SharesTable string
	RenditionBucket                      string
	PathStyle                            bool
}

// ReadAPI reads the environment of functions/graphql and functions/field. The error names everything that is missing or malformed.
func ReadAPI(getenv func(string) string) (API, error) {
	r := reader{getenv: getenv}
	c := API{
		ImagesTable: r.need("IMAGES_TABLE"), FeedTable: r.need("FEED_TABLE"), UsersTable: r.need("USERS_TABLE"),
		SharesTable:  r.need("SHARES_TABLE"),
		UploadBucket: r.need("UPLOAD_BUCKET"), RenditionBucket: r.need("RENDITION_BUCKET"),
		QueueURL: r.need("PROCESS_QUEUE_URL"), ShareURL: r.need("SHARE_URL"), UserPool: r.userPool(),
		PathStyle: r.flag("S3_PATH_STYLE"), Introspection: r.flag("INTROSPECTION"),
		CDN: r.cdn(),
	}
	return c, r.err
}

// ReadHeif reads the environment of functions/heif, which hands nothing over.
func ReadHeif(getenv func(string) string) (Process, error) {
	r := reader{getenv: getenv}
	return readProcess(&r), r.err
}

// ReadProcess reads the environment of functions/process.
func ReadProcess(getenv func(string) string) (Process, error) {
	r := reader{getenv: getenv}
	c := readProcess(&r)
	c.HeifQueueURL = getenv("HEIF_QUEUE_URL")
	return c, r.err
}

func readProcess(r *reader) Process {
	return Process{
		ImagesTable: r.need("IMAGES_TABLE"), UsersTable: r.need("USERS_TABLE"),
		UploadBucket: r.need("UPLOAD_BUCKET"), RenditionBucket: r.need("RENDITION_BUCKET"),
		PathStyle: r.flag("S3_PATH_STYLE"), MaxPixels: r.number("MAX_PIXELS"),
		Renditions: r.specs("RENDITIONS"),
	}
}

// ReadPublish reads the environment of functions/publish.
func ReadPublish(getenv func(string) string) (Publish, error) {
	r := reader{getenv: getenv}
	c := Publish{FeedTable: r.need("FEED_TABLE"), AppSyncURL: r.need("APPSYNC_URL"), Region: r.need("AWS_REGION")}
	return c, r.err
}

// ReadShare reads the environment of functions/share.
func ReadShare(getenv func(string) string) (Share, error) {
	r := reader{getenv: getenv}
	c := Share{
		ImagesTable: r.need("IMAGES_TABLE"), UsersTable: r.need("USERS_TABLE"), SharesTable: r.need("SHARES_TABLE"),
		RenditionBucket: r.need("RENDITION_BUCKET"), PathStyle: r.flag("S3_PATH_STYLE"),
	}
	return c, r.err
}

// ReadSweep reads the environment of functions/sweep.
func ReadSweep(getenv func(string) string) (Sweep, error) {
	r := reader{getenv: getenv}
	c := Sweep{
		ImagesTable: r.need("IMAGES_TABLE"), FeedTable: r.need("FEED_TABLE"), UsersTable: r.need("USERS_TABLE"),
		SharesTable: r.need("SHARES_TABLE"), UserPool: r.userPool(),
		UploadBucket: r.need("UPLOAD_BUCKET"), RenditionBucket: r.need("RENDITION_BUCKET"),
		QueueURL: r.need("PROCESS_QUEUE_URL"), PathStyle: r.flag("S3_PATH_STYLE"),
	}
	return c, r.err
}

// ReadAuth reads the environment of functions/auth. Who may join must be said: nobody is let in by an oversight.
func ReadAuth(getenv func(string) string) (Auth, error) {
	r := reader{getenv: getenv}
	c := Auth{UsersTable: r.need("USERS_TABLE"), SignUp: r.membership("SIGN_UP")}
	return c, r.err
}

// reader collects what is wrong, so that one start tells of all of it.
type reader struct {
	getenv func(string) string
	err    error
}

func (r *reader) need(name string) string {
	v := r.getenv(name)
	if v == "" {
		r.err = errors.Join(r.err, fmt.Errorf("%s is not set", name))
	}
	return v
}

// flag reads true or false; unset is false.
func (r *reader) flag(name string) bool {
	switch v := r.getenv(name); v {
	case "true":
		return true
	case "", "false":
	default:
		r.err = errors.Join(r.err, fmt.Errorf("%s is %q, neither true nor false", name, v))
	}
	return false
}

// cdn reads where renditions are fetched from: all of it, or nothing.
func (r *reader) cdn() CDN {
	url, id, key := r.getenv("RENDITION_URL"), r.getenv("RENDITION_KEY_ID"), r.getenv("RENDITION_KEY_PARAMETER")
	if url+id+key == "" {
		return CDN{}
	}
	return CDN{URL: r.need("RENDITION_URL"), KeyID: r.need("RENDITION_KEY_ID"), KeyParameter: r.need("RENDITION_KEY_PARAMETER")}
}

// specs reads a table of renditions; unset is the default one.
func (r *reader) specs(name string) []gallery.Spec {
	specs, err := gallery.ParseSpecs(r.getenv(name))
	if err != nil {
		r.err = errors.Join(r.err, fmt.Errorf("%s: %w", name, err))
	}
	return specs
}

// userPool reads where the user pool is: on AWS, or where the SDK would be told to look for it.
func (r *reader) userPool() UserPool {
	p := UserPool{ID: r.need("USER_POOL_ID"), Region: r.need("AWS_REGION")}
	p.URL = cmp.Or(r.getenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"), "https://cognito-idp."+p.Region+".amazonaws.com/")
	return p
}

// membership reads who may join.
func (r *reader) membership(name string) gallery.Membership {
	m, err := gallery.ParseMembership(r.getenv(name))
	if err != nil {
		r.err = errors.Join(r.err, fmt.Errorf("%s: %w", name, err))
	}
	return m
}

// number reads a count; unset is 0.
func (r *reader) number(name string) int64 {
	v := r.getenv(name)
	if v == "" {
		return 0
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 1 {
		r.err = errors.Join(r.err, fmt.Errorf("%s is %q, not a number above 0", name, v))
	}
	return n
}
