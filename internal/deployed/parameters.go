package deployed

import (
	"encoding/json"
	"io"
	"net/http"
)

// maxParameter bounds a request to Systems Manager.
const maxParameter = 64 << 10

// parameters is as much of AWS Systems Manager as functions use: every parameter holds the key; without one there is none.
func parameters(key []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Name string }
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxParameter))
		if err != nil || json.Unmarshal(body, &q) != nil || r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" {
			http.Error(w, `{"__type":"ValidationException"}`, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if key == nil {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"ParameterNotFound"}`)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]string{ // who is gone has no use for an error
			"Name": q.Name, "Type": "SecureString", "Value": string(key),
		}})
	})
}
