package dynamodb_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// TestNobodyWaitsForAScan begins scans whose answers nobody reads, which leaves them under way for good. Readers and writers
// go on meanwhile: were they to wait, the test would not end.
func TestNobodyWaitsForAScan(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	for n := range 30 {
		c.put("tbl", row{"p": str(fmt.Sprint(n)), "fill": str(strings.Repeat("x", 40_000))})
	}
	for range 16 {
		conn, err := net.Dial("tcp", c.server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		const body = `{"TableName":"tbl"}`
		_, err = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: DynamoDB_20120810.Scan\r\n"+
			"Content-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, make([]byte, 100)); err != nil { // it has begun to answer
			t.Fatal(err)
		}
	}
	for n := range 30 {
		key := row{"p": str(fmt.Sprint(n))}
		c.put("tbl", row{"p": str(fmt.Sprint(n)), "n": num(fmt.Sprint(n))})
		if got := c.get("tbl", key); got["n"] == nil {
			t.Errorf("item %d is %v", n, got)
		}
	}
}
