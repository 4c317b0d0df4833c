package dynamodb

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"unicode/utf8"
)

const maxBody = 16 << 20 // bytes of a request, AWS's limit

// operation answers one request body with a value to be written as JSON.
type operation func(ctx context.Context, body []byte) (any, error)

// ServeHTTP answers one request of either protocol. Signatures are accepted unread: the engine listens on loopback.
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-amzn-RequestId", rand.Text())
	if r.Method != http.MethodPost {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "healthy: dynamodb."+Region+".amazonaws.com ")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
		return // the client is gone, or has been told
	}
	answer, err := e.dispatch(r.Context(), r.Header.Get("X-Amz-Target"), body)
	status := http.StatusOK
	if err != nil {
		answer, status = e.failure(r, err)
	}
	e.reply(w, status, answer)
}

func (e *Engine) dispatch(ctx context.Context, target string, body []byte) (any, error) {
	if !json.Valid(body) || !utf8.Valid(body) {
		return nil, malformed("")
	}
	do, known := e.operations[target]
	if !known {
		return nil, &apiError{kind: coralService + "UnknownOperationException"}
	}
	return do(ctx, body)
}

// failure turns err into the body and status that the client sees; what is not the client's fault is logged.
func (e *Engine) failure(r *http.Request, err error) (any, int) {
	if api := asAPIError(err); api != nil {
		return api, http.StatusBadRequest
	}
	if r.Context().Err() == nil {
		e.log.Error("dynamodb request", "target", r.Header.Get("X-Amz-Target"), "error", err)
	}
	return refused("InternalServerError", "Internal server error"), http.StatusInternalServerError
}

func (e *Engine) reply(w http.ResponseWriter, status int, answer any) {
	raw, err := e.encode(answer)
	if err != nil {
		e.log.Error("encode dynamodb answer", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(raw)), 10))
	w.WriteHeader(status)
	_, _ = w.Write(raw) // a client that hung up has no use for an error
	e.lent.Put(raw)
}

// encode writes an answer as JSON. Those that hold the most items write themselves.
func (e *Engine) encode(answer any) ([]byte, error) {
	switch a := answer.(type) {
	case *pageAnswer:
		return a.json(), nil
	case *getAnswer:
		return a.appendJSON(e.lent.Get()), nil
	}
	body := bytes.NewBuffer(e.lent.Get())
	encoder := json.NewEncoder(body)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(answer)
	return bytes.TrimSuffix(body.Bytes(), []byte("\n")), err
}

// answering makes an operation of a function that takes the request as a struct. Input types say which
// parameters an operation understands; all others are ignored, as AWS ignores them.
func answering[In, Out any](do func(context.Context, *In) (Out, error)) operation {
	return func(ctx context.Context, body []byte) (any, error) {
		in := new(In)
		if err := decode(body, in); err != nil {
			return nil, err
		}
		return do(ctx, in)
	}
}

// newOperations is the list of all that the engine can do, by X-Amz-Target.
func (e *Engine) newOperations() map[string]operation {
	const tables, streams = "DynamoDB_20120810.", "DynamoDBStreams_20120810."
	return map[string]operation{
		tables + "CreateTable":        answering(e.createTable),
		tables + "DescribeTable":      answering(e.describeTable),
		tables + "ListTables":         answering(e.listTables),
		tables + "UpdateTable":        answering(e.updateTable),
		tables + "DeleteTable":        answering(e.deleteTable),
		tables + "UpdateTimeToLive":   answering(e.updateTimeToLive),
		tables + "DescribeTimeToLive": answering(e.describeTimeToLive),
		tables + "PutItem":            answering(e.putItem),
		tables + "GetItem":            answering(e.getItem),
		tables + "UpdateItem":         answering(e.updateItem),
		tables + "DeleteItem":         answering(e.deleteItem),
		tables + "Query":              answering(e.query),
		tables + "Scan":               answering(e.scan),
		tables + "BatchGetItem":       answering(e.batchGetItem),
		tables + "BatchWriteItem":     answering(e.batchWriteItem),
		tables + "TransactGetItems":   answering(e.transactGetItems),
		tables + "TransactWriteItems": answering(e.transactWriteItems),
		streams + "ListStreams":       answering(e.listStreams),
		streams + "DescribeStream":    answering(e.describeStream),
		streams + "GetShardIterator":  answering(e.getShardIterator),
		streams + "GetRecords":        answering(e.getRecords),
	}
}
