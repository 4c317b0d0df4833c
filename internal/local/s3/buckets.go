package s3

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// corsMaxAge is how many seconds a browser may remember a preflight.
const corsMaxAge = 3000

// createBuckets makes the buckets that are missing and gives each its CORS
// rules, through the front door.
func createBuckets(ctx context.Context, o Options, endpoint string) error {
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(endpoint),
		Region:       o.Region,
		UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: o.AccessKey, SecretAccessKey: o.SecretKey}, nil
		}),
	})
	for _, b := range o.Buckets {
		if err := createBucket(ctx, client, o.Region, b.Name); err != nil {
			return fmt.Errorf("create bucket %s: %w", b.Name, err)
		}
		if err := setCORS(ctx, client, b); err != nil {
			return fmt.Errorf("set the CORS rules of bucket %s: %w", b.Name, err)
		}
	}
	return nil
}

func createBucket(ctx context.Context, client *s3.Client, region, name string) error {
	in := &s3.CreateBucketInput{Bucket: aws.String(name)}
	if region != defaultRegion {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(region),
		}
	}
	_, err := client.CreateBucket(ctx, in)
	// The bucket of an earlier run may have been made with another access key;
	// whoever holds the keys of this run may use it.
	if _, ok := errors.AsType[*types.BucketAlreadyOwnedByYou](err); ok {
		return nil
	}
	if _, ok := errors.AsType[*types.BucketAlreadyExists](err); ok {
		return nil
	}
	return err
}

// setCORS lets pages of the bucket's origins use signed URLs: write with the
// headers that a signed PUT carries, read, and see the ETag, which a multipart
// upload has to repeat.
func setCORS(ctx context.Context, client *s3.Client, b Bucket) error {
	if len(b.CORSOrigins) == 0 {
		_, err := client.DeleteBucketCors(ctx, &s3.DeleteBucketCorsInput{Bucket: aws.String(b.Name)})
		return err
	}
	_, err := client.PutBucketCors(ctx, &s3.PutBucketCorsInput{
		Bucket: aws.String(b.Name),
		CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{{
			AllowedOrigins: b.CORSOrigins,
			AllowedMethods: []string{"PUT", "GET", "HEAD"},
			AllowedHeaders: []string{"content-type", "if-none-match", "x-amz-checksum-sha256"},
			ExposeHeaders:  []string{"ETag"},
			MaxAgeSeconds:  aws.Int32(corsMaxAge),
		}}},
	})
	return err
}
