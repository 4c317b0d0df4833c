// Package conformance holds DynamoDB endpoints to one suite of tests, which is all that it has.
//
//	go test ./internal/local/dynamodb/conformance
//
// runs the suite against the local engine, and against the oracle, another implementation that npm ci in e2e fetches for
// Linux on x86-64; then it gives both the same random requests and compares what they answer and what their streams tell.
// Where the oracle is not installed, a skipped test says so. What it is known to do wrong is listed in faults_test.go.
//
//	go test ./internal/local/dynamodb/conformance -run Random -seed 7 -steps 100000
//
// repeats a seed, or goes on for longer. Any other endpoint takes the oracle's place with
//
//	go test ./internal/local/dynamodb/conformance -timeout 1h -run Suite -endpoint https://dynamodb.eu-west-1.amazonaws.com \
//	    -streams https://streams.dynamodb.eu-west-1.amazonaws.com -region eu-west-1 -access-key … -secret-key …
//
// Every test makes tables of its own there, and deletes them.
package conformance
