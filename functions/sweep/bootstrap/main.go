// Command bootstrap is the binary that AWS Lambda starts for functions/sweep.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/darkroom/darkroom/internal/cloudwatch"
)

func main() {
	log := cloudwatch.NewLog(os.Stdout, os.Getenv("AWS_LAMBDA_FUNCTION_NAME"))
	h, err := handler(context.Background(), os.Getenv, log)
	if err != nil {
		log.Error("start", "error", err)
		os.Exit(1)
	}
	lambda.Start(h.Handle)
}
