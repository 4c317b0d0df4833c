package graphql_test

import (
	"fmt"
	"sync"
	"testing"

	awslambda "github.com/aws/aws-lambda-go/lambda"
)

func TestAQuotaLetsInWhatFits(t *testing.T) {
	for name, c := range map[string]struct {
		attribute string
		limit     int
	}{
		"images": {"quotaImages", 3}, "bytes": {"quotaBytes", 3999}, "in flight": {"quotaInFlight", 3},
	} {
		t.Run(name, func(t *testing.T) {
			a := open(t, false)
			err := a.images.DB.Table("users").Update("owner", "ann").Range("key", "account").
				Set(c.attribute, c.limit).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			a.batch("ann", picture(1))
			got, code := a.batch("ann", picture(2), picture(1), picture(3), picture(4), picture(5))
			types := ""
			for _, g := range got {
				types += " " + g.Type + g.Code
			}
			const want = " UploadTarget UploadTarget UploadTarget UploadFailureQUOTA_EXCEEDED UploadFailureQUOTA_EXCEEDED"
			if code != "" || types != want {
				t.Errorf("got%s %s, want%s", types, code, want)
			}
			if got, want := a.usage("ann"), `{"images":3,"bytes":3000,"inFlight":3}`; got != want {
				t.Errorf("usage: got %s, want %s", got, want)
			}
			one := `mutation { createUpload(filename: "x", contentType: "image/png", bytes: 1000, sha256: "` + fmt.Sprintf("%064x", 9) + `") { __typename } }`
			if got := a.query("ann", one).code(); got != "QUOTA_EXCEEDED" {
				t.Errorf("createUpload: got %s", got)
			}
		})
	}
}

func TestAManyTabsQuotaIsNotOverdrawn(t *testing.T) {
	a := open(t, false)
	err := a.images.DB.Table("users").Update("owner", "ann").Range("key", "account").Set("quotaImages", 10).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for tab := range 6 {
		group.Go(func() {
			own := a
			own.handler = awslambda.NewHandler(a.handle)
			got, code := own.batch("ann", picture(tab*10), picture(tab*10+1), picture(tab*10+2), picture(tab*10+3))
			if code != "" || len(got) != 4 {
				t.Errorf("got %+v %s", got, code)
			}
		})
	}
	group.Wait()
	if got, want := a.usage("ann"), `{"images":10,"bytes":10000,"inFlight":10}`; got != want {
		t.Errorf("usage: got %s, want %s", got, want)
	}
}
