// Package deployed runs serverless.yml on the small cloud: its functions are the binaries that AWS would start, each behind
// a gate that holds it to its role. Tests and benchmarks of what is deployed use it.
package deployed
