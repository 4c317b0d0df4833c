package cloudfront

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// ReadKey reads the private key from a parameter of AWS Systems Manager, where it lies encrypted. A main asks once, at its
// start. Nothing of what the parameter holds gets into an error.
func ReadKey(ctx context.Context, cfg aws.Config, parameter string) (*rsa.PrivateKey, error) {
	out, err := ssm.NewFromConfig(cfg).GetParameter(ctx, &ssm.GetParameterInput{Name: &parameter, WithDecryption: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("read the signing key from parameter %s: %w", parameter, err)
	}
	key, err := ParseKey([]byte(aws.ToString(out.Parameter.Value)))
	if err != nil {
		return nil, fmt.Errorf("read the signing key from parameter %s: %w", parameter, err)
	}
	return key, nil
}

// keyBits is what CloudFront takes.
const keyBits = 2048

// ParseKey reads a private key as `openssl genrsa` writes it, in either of its forms.
func ParseKey(text []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it is not PEM")
	}
	key, err := parse(block)
	if err != nil {
		return nil, fmt.Errorf("it is %.40q, want an RSA private key", block.Type)
	}
	if bits := key.N.BitLen(); bits != keyBits {
		return nil, fmt.Errorf("it has %d bits, CloudFront wants %d", bits, keyBits)
	}
	return key, nil
}

func parse(block *pem.Block) (*rsa.PrivateKey, error) {
	if block.Type == "RSA PRIVATE KEY" {
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := any.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("not RSA")
	}
	return key, nil
}
