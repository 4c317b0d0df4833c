// Package appsync holds what AWS AppSync itself runs: its schema and its resolvers.
package appsync

import "embed"

// Files are schema.graphql, the schema in AppSync's form (generated, never edited), publish.graphqls, the publishing
// mutation that it was merged from, and resolvers in APPSYNC_JS: a file TypeName.fieldName.js for each field that AppSync
// resolves without a function, and one shared by all others.
//
//go:embed schema.graphql publish.graphqls resolvers/*.js
var Files embed.FS

// Shared is the resolver of every field of Query and Mutation that has no file of its own. It asks functions/field;
// fields.yml (generated) says so to serverless.yml.
const Shared = "field.js"

// ResolverLimit is how many fields of Query and Mutation one request may ask for, each an invocation of a function, as
// serverless.yml says too.
const ResolverLimit = 20
