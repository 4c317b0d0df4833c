package dynamodb_test

import (
	"bytes"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// post sends a request as it is and returns the answer and its body.
func (c *cloud) post(target, body string) (*http.Response, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.server.URL, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", target)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response, string(raw)
}

func TestAnswersHaveTheHeadersOfAWS(t *testing.T) {
	c := newCloud(t)
	response, body := c.post("DynamoDB_20120810.ListTables", "{}")
	if body != `{"TableNames":[]}` || response.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", response.StatusCode, body)
	}
	want := strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(body))), 10)
	if got := response.Header.Get("X-Amz-Crc32"); got != want {
		t.Errorf("got checksum %s, want %s", got, want)
	}
	if response.Header.Get("x-amzn-RequestId") == "" {
		t.Error("there is no request id")
	}
	if got := response.Header.Get("Content-Type"); got != "application/x-amz-json-1.0" {
		t.Errorf("got content type %s", got)
	}
}

func TestBodyTooLargeIsRefused(t *testing.T) {
	c := newCloud(t)
	response, err := http.Post(c.server.URL, "application/x-amz-json-1.0", bytes.NewReader(make([]byte, 16<<20+1)))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d, want 413", response.StatusCode)
	}
}

// TestErrorsAreSpeltAsByAWS looks at what clients do not show: the whole of __type, and the capital of the message.
func TestErrorsAreSpeltAsByAWS(t *testing.T) {
	tests := []struct{ operation, body, want string }{
		{"Fly", `{}`, `{"__type":"com.amazon.coral.service#UnknownOperationException"}`},
		{"PutItem", `{`, `{"__type":"com.amazon.coral.service#SerializationException"}`},
		{"PutItem", `{"TableName":5}`, `{"Message":"NUMBER_VALUE cannot be converted to String",` +
			`"__type":"com.amazon.coral.service#SerializationException"}`},
		{"GetItem", `{"TableName":"nowhere","Key":{"p":{"S":"a"}}}`, `{"__type":` +
			`"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"}`},
		{"Scan", `{"TableName":"nowhere","ScanFilter":{}}`, `{"__type":"com.amazon.coral.validate#ValidationException",` +
			`"message":"One or more parameter values were invalid: ScanFilter is not supported, use expressions"}`},
	}
	c := newCloud(t)
	for _, test := range tests {
		response, body := c.post("DynamoDB_20120810."+test.operation, test.body)
		if response.StatusCode != http.StatusBadRequest || body != test.want {
			t.Errorf("%s %s: got %d\n%s\nwant\n%s", test.operation, test.body, response.StatusCode, body, test.want)
		}
	}
}
