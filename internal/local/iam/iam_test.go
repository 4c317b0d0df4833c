package iam

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const tables = "arn:aws:dynamodb:us-east-1:000000000000:table/"

func TestARequestIsTheCallsItMakes(t *testing.T) {
	for name, c := range map[string]struct {
		service, method, url, target, body string
		want                               []Call
	}{
		"an item": {"dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", `{"TableName":"images"}`,
			[]Call{{"dynamodb:GetItem", tables + "images"}}},
		"a table by its ARN": {"dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", `{"TableName":"` + tables + `images"}`,
			[]Call{{"dynamodb:GetItem", tables + "images"}}},
		"an index": {"dynamodb", "POST", "/", "DynamoDB_20120810.Query", `{"TableName":"images","IndexName":"open"}`,
			[]Call{{"dynamodb:Query", tables + "images/index/open"}}},
		"a batch": {"dynamodb", "POST", "/", "DynamoDB_20120810.BatchGetItem", `{"RequestItems":{"a":{},"b":{}}}`,
			[]Call{{"dynamodb:BatchGetItem", tables + "a"}, {"dynamodb:BatchGetItem", tables + "b"}}},
		"a transaction": {"dynamodb", "POST", "/", "DynamoDB_20120810.TransactWriteItems",
			`{"TransactItems":[{"Put":{"TableName":"a"}},{"Update":{"TableName":"b"}},{"Delete":{"TableName":"c"}},{"ConditionCheck":{"TableName":"d"}}]}`,
			[]Call{{"dynamodb:ConditionCheckItem", tables + "d"}, {"dynamodb:DeleteItem", tables + "c"}, {"dynamodb:PutItem", tables + "a"}, {"dynamodb:UpdateItem", tables + "b"}}},
		"no table at all": {"dynamodb", "POST", "/", "DynamoDB_20120810.ListTables", `{}`, []Call{{"dynamodb:ListTables", "*"}}},
		"a message": {"sqs", "POST", "/", "AmazonSQS.SendMessage", `{"QueueUrl":"http://127.0.0.1/000000000000/work"}`,
			[]Call{{"sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:work"}}},
		"a parameter": {"ssm", "POST", "/", "AmazonSSM.GetParameter", `{"Name":"/darkroom/key"}`,
			[]Call{{"ssm:GetParameter", "arn:aws:ssm:us-east-1:000000000000:parameter/darkroom/key"}}},
		"a mutation": {"appsync", "POST", "/graphql", "", `{"query":"mutation($e: E!) { publishImageEvent(event: $e) { id } }"}`,
			[]Call{{"appsync:GraphQL", API + "/types/Mutation/fields/publishImageEvent"}}},
		"a GET":             {"s3", "GET", "/b/a/b%20c.jpg", "", "", []Call{{"s3:GetObject", "arn:aws:s3:::b/a/b c.jpg"}}},
		"a HEAD":            {"s3", "HEAD", "/b/k", "", "", []Call{{"s3:GetObject", "arn:aws:s3:::b/k"}}},
		"a PUT":             {"s3", "PUT", "/b/k?x-id=PutObject", "", "", []Call{{"s3:PutObject", "arn:aws:s3:::b/k"}}},
		"a part":            {"s3", "PUT", "/b/k?partNumber=1&uploadId=u", "", "", []Call{{"s3:PutObject", "arn:aws:s3:::b/k"}}},
		"parts begun":       {"s3", "POST", "/b/k?uploads=", "", "", []Call{{"s3:PutObject", "arn:aws:s3:::b/k"}}},
		"parts listed":      {"s3", "GET", "/b/k?uploadId=u", "", "", []Call{{"s3:ListMultipartUploadParts", "arn:aws:s3:::b/k"}}},
		"parts given up":    {"s3", "DELETE", "/b/k?uploadId=u", "", "", []Call{{"s3:AbortMultipartUpload", "arn:aws:s3:::b/k"}}},
		"a deletion":        {"s3", "DELETE", "/b/k", "", "", []Call{{"s3:DeleteObject", "arn:aws:s3:::b/k"}}},
		"a list":            {"s3", "GET", "/b?list-type=2&prefix=x", "", "", []Call{{"s3:ListBucket", "arn:aws:s3:::b"}}},
		"a list of uploads": {"s3", "GET", "/b/?uploads", "", "", []Call{{"s3:ListBucketMultipartUploads", "arn:aws:s3:::b"}}},
		"several deletions": {"s3", "POST", "/b?delete=", "", "<Delete><Object><Key>x</Key></Object><Object><Key>y</Key></Object></Delete>", []Call{{"s3:DeleteObject", "arn:aws:s3:::b/x"}, {"s3:DeleteObject", "arn:aws:s3:::b/y"}}},
		"a bucket made":     {"s3", "PUT", "/b", "", "", []Call{{"s3:PUT", "arn:aws:s3:::b"}}},
		"a user": {"cognito-idp", "POST", "/", "AWSCognitoIdentityProviderService.AdminGetUser", `{"UserPoolId":"p"}`,
			[]Call{{"cognito-idp:AdminGetUser", "arn:aws:cognito-idp:us-east-1:000000000000:userpool/p"}}},
		"another kind of service": {"kms", "POST", "/", "TrentService.Decrypt", "{}", []Call{{"kms:Decrypt", "*"}}},
	} {
		r := httptest.NewRequest(c.method, c.url, nil)
		r.Header.Set("X-Amz-Target", c.target)
		got, err := callsOf(c.service, r, []byte(c.body))
		slices.SortFunc(got, func(a, b Call) int { return strings.Compare(a.Action+a.Resource, b.Action+b.Resource) })
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, c.want)
		}
	}
	copying := httptest.NewRequest("PUT", "/b/k", nil)
	copying.Header.Set("X-Amz-Copy-Source", "/from/a%20b")
	copying.Header.Set("X-Amz-Tagging", "a=b")
	want := []Call{{"s3:PutObject", "arn:aws:s3:::b/k"}, {"s3:GetObject", "arn:aws:s3:::from/a b"}, {"s3:PutObjectTagging", "arn:aws:s3:::b/k"}}
	if got, err := s3Calls(copying, nil); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("a copy: got %v, %v, want %v", got, err, want)
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	for service, body := range map[string]string{"dynamodb": "[", "sqs": "[", "appsync": `{"query":"mutation {"}`} {
		if got, err := callsOf(service, httptest.NewRequest("POST", "/", nil), []byte(body)); err == nil {
			t.Errorf("%s: got %v", service, got)
		}
	}
}

func TestAPatternMatchesAsIAMsDo(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"s3:GetObject", "s3:GetObject", true}, {"s3:GetObject", "s3:GetObjects", false}, {"*", "", true}, {"*", "x", true},
		{"arn:b/originals/*", "arn:b/originals/a/b", true}, {"arn:b/originals/*", "arn:b/others/a", false},
		{"a*c*e", "abcde", true}, {"a*c*e", "abde", false}, {"a*a", "a", false},
	} {
		if got := matches(c.pattern, c.text); got != c.want {
			t.Errorf("%s, %s: got %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

// gate has one engine, of a service, that finds nothing.
func gate(t *testing.T, service string, permissions ...Permission) (*Role, *httptest.Server, *[]Call) {
	t.Helper()
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Host+" "+string(body))
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(engine.Close)
	role, done := NewRole("sender", permissions), &[]Call{}
	g, err := NewGate(role, map[string]string{service: engine.URL}, func(c Call) { *done = append(*done, c) })
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return role, server, done
}

func ask(t *testing.T, method, url, service, target, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	if service != "" {
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=KEY/20261123/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	}
	r.Header.Set("X-Amz-Target", target)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(answer)
}

func TestWhatIsAllowedPassesAndIsRemembered(t *testing.T) {
	role, server, done := gate(t, "dynamodb", Permission{Sid: "Read", Actions: []string{"dynamodb:GetItem", "dynamodb:Query"}, Resources: []string{tables + "images"}})
	body := `{"TableName":"images"}`
	res, _ := ask(t, "POST", server.URL, "dynamodb", "DynamoDB_20120810.GetItem", body)
	if want := strings.TrimPrefix(server.URL, "http://") + " " + body; res.StatusCode != 404 || res.Header.Get("X-Seen") != want {
		t.Errorf("got %d, and the engine saw %s, want %s", res.StatusCode, res.Header.Get("X-Seen"), want)
	}
	if want := []string{"dynamodb:Query on " + tables + "images (statement Read)"}; !reflect.DeepEqual(role.Unused(), want) {
		t.Errorf("unused: got %v, want %v", role.Unused(), want)
	}
	if len(role.Refused()) != 0 || len(*done) != 1 {
		t.Errorf("refused %v, done %v", role.Refused(), *done)
	}
}

func TestWhatIsNotAllowedIsRefusedAsTheServiceDoes(t *testing.T) {
	for service, c := range map[string]struct {
		method, path, body string
		status             int
		want               string
	}{
		"dynamodb": {"POST", "/", `{"TableName":"images"}`, 400, `"__type":"com.amazon.coral.service#AccessDeniedException"`},
		"sqs":      {"POST", "/", `{"QueueUrl":"http://x/1/work"}`, 400, "AccessDeniedException"},
		"s3":       {"GET", "/b/k", "", 403, "<Code>AccessDenied</Code><Message>User: arn:aws:sts::000000000000:assumed-role/sender/sender is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because"},
		"appsync":  {"POST", "/graphql", `{"query":"{ a }"}`, 401, "UnauthorizedException"},
	} {
		role, server, done := gate(t, service)
		res, answer := ask(t, c.method, server.URL+c.path, service, "X.GetItem", c.body)
		if res.StatusCode != c.status || !strings.Contains(answer, c.want) || len(*done) != 0 {
			t.Errorf("%s: got %d %s, done %v, want %d %s", service, res.StatusCode, answer, *done, c.status, c.want)
		}
		if len(role.Refused()) != 1 {
			t.Errorf("%s: refused %v", service, role.Refused())
		}
	}
	_, server, _ := gate(t, "s3")
	for _, service := range []string{"", "sqs"} {
		if res, _ := ask(t, "GET", server.URL+"/b/k", service, "", ""); res.StatusCode != 403 {
			t.Errorf("signed for %q: got %d", service, res.StatusCode)
		}
	}
}

func TestWhoMayNotListIsNotToldWhatIsMissing(t *testing.T) {
	read := Permission{Sid: "Read", Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/*"}}
	list := Permission{Sid: "List", Actions: []string{"s3:ListBucket"}, Resources: []string{"arn:aws:s3:::b"}}
	_, blind, _ := gate(t, "s3", read)
	role, seeing, _ := gate(t, "s3", read, list)
	for _, method := range []string{"GET", "HEAD"} {
		if res, answer := ask(t, method, blind.URL+"/b/k", "s3", "", ""); res.StatusCode != 403 {
			t.Errorf("%s: got %d %s", method, res.StatusCode, answer)
		}
		if res, _ := ask(t, method, seeing.URL+"/b/k", "s3", "", ""); res.StatusCode != 404 {
			t.Errorf("%s: got %d for one who may list", method, res.StatusCode)
		}
	}
	if len(role.Unused()) != 0 {
		t.Errorf("unused: %v", role.Unused())
	}
}
