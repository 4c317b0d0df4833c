package iam

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const bucketARN = "arn:aws:s3:::"

// s3Calls reads a request by path style. What it may do is said by method, path and query; the names of S3's permissions are
// not those of its operations.
func s3Calls(r *http.Request, body []byte) ([]Call, error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	q := r.URL.Query()
	if key == "" {
		return bucketCalls(r.Method, bucket, q, body)
	}
	resource := bucketARN + bucket + "/" + key
	calls := []Call{{"s3:" + objectAction(r.Method, q), resource}}
	if source := r.Header.Get("X-Amz-Copy-Source"); source != "" {
		from, err := url.PathUnescape(strings.TrimPrefix(source, "/"))
		if err != nil {
			return nil, fmt.Errorf("read the source of a copy: %w", err)
		}
		calls = append(calls, Call{"s3:GetObject", bucketARN + from})
	}
	if r.Header.Get("X-Amz-Tagging") != "" {
		calls = append(calls, Call{"s3:PutObjectTagging", resource})
	}
	return calls, nil
}

func objectAction(method string, q url.Values) string {
	inParts := q.Has("uploadId")
	switch {
	case method == http.MethodDelete && inParts:
		return "AbortMultipartUpload"
	case method == http.MethodDelete:
		return "DeleteObject"
	case method == http.MethodPut, method == http.MethodPost:
		return "PutObject"
	case inParts:
		return "ListMultipartUploadParts"
	}
	return "GetObject" // HEAD too
}

func bucketCalls(method, bucket string, q url.Values, body []byte) ([]Call, error) {
	switch {
	case method == http.MethodPost && q.Has("delete"):
		var all struct {
			Objects []struct{ Key string } `xml:"Object"`
		}
		if err := xml.Unmarshal(body, &all); err != nil {
			return nil, fmt.Errorf("read a deletion: %w", err)
		}
		var calls []Call
		for _, o := range all.Objects {
			calls = append(calls, Call{"s3:DeleteObject", bucketARN + bucket + "/" + o.Key})
		}
		return calls, nil
	case method == http.MethodGet && q.Has("uploads"):
		return []Call{{"s3:ListBucketMultipartUploads", bucketARN + bucket}}, nil
	case method == http.MethodGet, method == http.MethodHead:
		return []Call{{"s3:ListBucket", bucketARN + bucket}}, nil
	}
	return []Call{{"s3:" + method, bucketARN + bucket}}, nil
}

// absence is what the answer that an object is not there needs beside the right to read it: who may not list its bucket is
// told that access is denied. (docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, Permissions.)
func absence(r *http.Request, status int) (Call, bool) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	return Call{"s3:ListBucket", bucketARN + bucket}, reads && key != "" && !r.URL.Query().Has("uploadId") && status == http.StatusNotFound
}
