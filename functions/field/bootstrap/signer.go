package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/darkroom/darkroom/internal/cloudfront"
	env "github.com/darkroom/darkroom/internal/config"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/resolvers"
)

// newSigner makes the signer of all that clients fetch and send themselves: by S3, and where there is a key for it, the
// renditions by CloudFront.
func newSigner(ctx context.Context, cfg aws.Config, c env.API) (resolvers.Signer, error) {
	signer, err := s3.NewSigner(ctx, s3.Open(cfg, c.PathStyle), c.UploadBucket, c.RenditionBucket)
	if err != nil || c.CDN == (env.CDN{}) {
		return signer, err
	}
	key, err := cloudfront.ReadKey(ctx, cfg, c.CDN.KeyParameter)
	if err != nil {
		return nil, err
	}
	return cloudfront.New(cloudfront.Options{
		URL: c.CDN.URL, KeyID: c.CDN.KeyID, Key: key, Folder: s3.RenditionFolder, Path: s3.RenditionKey,
	}, signer)
}
