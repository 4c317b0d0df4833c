// Package appsync holds what AWS AppSync itself runs: its schema and its resolvers.
package appsync

import "embed"

// Files are schema.graphql, the schema in AppSync's form (generated, never edited), publish.graphqls, the publishing
// mutation that it was merged from, and resolvers, one APPSYNC_JS file for each field that AppSync resolves without a
// function, named TypeName.fieldName.js.
//
//go:embed schema.graphql publish.graphqls resolvers/*.js
var Files embed.FS
