package graphql_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/resolvers"
)

const (
	cat = "11111111-2222-4333-8444-555555555555" // a user whom admins look after
	dan = "11111111-2222-4333-8444-666666666666"
)

// queryAs is query by a member of groups, as an HTTP API writes them.
func (a api) queryAs(sub, groups, query string) answer {
	a.t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	c := claims(sub)
	c["cognito:groups"] = groups
	var got answer
	if err := json.Unmarshal([]byte(a.send(c, string(body), nil).Body), &got); err != nil {
		a.t.Fatal(err)
	}
	return got
}

func TestAdminsReadAnyImageAndNobodyElseCanTellThatItIsThere(t *testing.T) {
	a := open(t, false)
	hers, own := a.shareable(cat, 1), a.shareable(dan, 2)
	none := gallery.ID("01900000-0000-7000-8000-000000000000")
	for name, c := range map[string]struct {
		groups, owner string
		id            gallery.ID
		want          string
	}{
		"an admin":                           {"[editors admin]", cat, hers, ""},
		"an admin, of themselves":            {"[admin]", dan, own, ""},
		"an admin without naming her":        {"[admin]", "", hers, "NOT_FOUND"},
		"an admin, an id she has not":        {"[admin]", cat, none, "NOT_FOUND"},
		"an admin, what is no user":          {"[admin]", "jobs", hers, "NOT_FOUND"},
		"a user":                             {"", cat, hers, "NOT_FOUND"},
		"a user, an id she has not":          {"", cat, none, "NOT_FOUND"},
		"a user, their own as if it were":    {"", cat, own, "NOT_FOUND"},
		"a user, of themselves":              {"[editors]", dan, own, ""},
		"a user of a group that sounds like": {"[Admin administrators]", cat, hers, "NOT_FOUND"},
	} {
		arg := fmt.Sprintf(`, owner: "%s"`, c.owner)
		if c.owner == "" {
			arg = ""
		}
		got := a.queryAs(dan, c.groups, fmt.Sprintf(`{ image(id: "%s"%s) { id } }`, c.id, arg))
		if code := got.code(); len(got.Errors) > 0 && code != c.want || len(got.Errors) == 0 && c.want != "" {
			t.Errorf("%s: got %+v, want %s", name, got, c.want)
		}
	}
	list := `{ images(owner: "` + cat + `") { edges { node { id } } } }`
	if got := a.queryAs(dan, "[admin]", list); !strings.Contains(string(got.Data["images"]), string(hers)) {
		t.Errorf("an admin lists: %+v", got)
	}
	if got := a.queryAs(dan, "", list).code(); got != "NOT_FOUND" {
		t.Errorf("a user lists: %s", got)
	}
}

func TestAdminsSetQuotasAndSuspend(t *testing.T) {
	a := open(t, false)
	for _, query := range []string{
		`setQuota(user: "` + cat + `", images: 2) { id }`, `suspendUser(user: "` + cat + `") { id }`, `setQuota(user: "x", images: 0) { id }`,
	} {
		if got := a.query(dan, "mutation { "+query+" }").code(); got != "NOT_FOUND" {
			t.Errorf("%s by a user: %s", query, got)
		}
	}
	set := a.queryAs(dan, "[admin]", `mutation { setQuota(user: "`+cat+`", images: 2, bytes: 1073741824) { quota { images bytes inFlight } } }`)
	if got, want := string(set.Data["setQuota"]), `{"quota":{"images":2,"bytes":1.073741824e+09,"inFlight":1000}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for query, want := range map[string]string{
		`setQuota(user: "` + cat + `") { id }`: "images", `setQuota(user: "` + cat + `", images: 0) { id }`: "images",
		`setQuota(user: "` + cat + `", bytes: 0.5) { id }`:   "bytes",
		`setQuota(user: "` + cat + `", bytes: 1e300) { id }`: "bytes",
		`setQuota(user: "` + cat + `", inFlight: -1) { id }`: "inFlight",
		`suspendUser(user: "` + dan + `") { id }`:            "user",
	} {
		if got := a.queryAs(dan, "[admin]", "mutation { "+query+" }"); got.code() != "INVALID_INPUT" || got.Errors[0].Extensions.Field != want {
			t.Errorf("%s: got %+v, want INVALID_INPUT %s", query, got, want)
		}
	}
	id := a.shareable(cat, 1)
	for range 2 {
		got := a.queryAs(dan, "[admin]", `mutation { suspendUser(user: "`+cat+`") { suspendedAt usage { images } } }`)
		if want := `{"suspendedAt":"2026-11-23T12:00:00Z","usage":{"images":1}}`; string(got.Data["suspendUser"]) != want {
			t.Errorf("suspend: got %s %+v, want %s", got.Data["suspendUser"], got.Errors, want)
		}
	}
	if pool := a.members(); !slices.Equal(pool.signedOut, []gallery.Owner{cat, cat}) {
		t.Errorf("signed out: %v, want cat each time", pool.signedOut)
	}
	if got := a.query(cat, upload); got.code() != "CONFLICT" || got.Errors[0].Message != "Your account is suspended." {
		t.Errorf("an upload of who is suspended: %+v", got)
	}
	if _, got := a.share(cat, id, ""); got != "CONFLICT" {
		t.Errorf("a share of who is suspended: %s", got)
	}
	if got := a.queryAs(dan, "[admin]", `mutation { suspendUser(user: "`+cat+`", suspended: false) { suspendedAt } }`); len(got.Errors) > 0 {
		t.Errorf("%+v", got)
	}
	a.uploaded(cat)
}

func TestAnAccountIsClosedFromTheMomentThatItsDeletionBegins(t *testing.T) {
	a := open(t, false)
	id := a.shareable(cat, 1)
	if got := a.query(cat, `mutation { deleteAccount(confirm: "`+dan+`") { startedAt } }`); got.code() != "INVALID_INPUT" || got.Errors[0].Extensions.Field != "confirm" {
		t.Errorf("confirmed by another id: %+v", got)
	}
	if got := a.query(cat, `{ me { deletion { startedAt } } }`); string(got.Data["me"]) != `{"deletion":null}` {
		t.Errorf("nothing was confirmed: %s", got.Data["me"])
	}
	const want = `{"startedAt":"2026-11-23T12:00:00Z","images":1,"erasedAt":null}`
	for range 2 {
		got := a.query(cat, `mutation { deleteAccount(confirm: "`+cat+`") { startedAt images erasedAt } }`)
		if string(got.Data["deleteAccount"]) != want {
			t.Errorf("got %s %+v, want %s", got.Data["deleteAccount"], got.Errors, want)
		}
		*a.later++ // later, nothing begins anew
	}
	if got := a.query(cat, upload); got.code() != "CONFLICT" || got.Errors[0].Message != "Your account is being deleted." {
		t.Errorf("an upload meanwhile: %+v", got)
	}
	if _, got := a.share(cat, id, ""); got != "CONFLICT" {
		t.Errorf("a share meanwhile: %s", got)
	}
	if err := a.images.Create(t.Context(), gallery.New(cat, "new", gallery.Upload{SHA256: "x", Bytes: 1}, noon), gallery.DefaultQuota()); err == nil {
		t.Error("who had read the account before it was closed gets in")
	}
}

func TestAnExportHasEverythingAndGoesOnWhereItStopped(t *testing.T) {
	a := open(t, false)
	want := ""
	for n := range 5 {
		id := a.shareable("ann", n)
		want += " " + string(id)
		if n == 2 {
			a.query("ann", fmt.Sprintf(`mutation { deleteImage(id: "%s") { id } }`, id))
		}
	}
	a.shareable("ben", 1)
	got, after := "", ""
	for page := 0; ; page++ {
		res := a.query("ann", fmt.Sprintf(`{ exportAccount(first: 2, after: "%s") {
			account { id usage { images } } images { id sha256 original { url } renditions { url } } pageInfo { hasNextPage endCursor } } }`, after))
		var e struct {
			Account struct{ Usage gallery.Usage }
			Images  []struct {
				ID         gallery.ID
				Original   struct{ URL string }
				Renditions []struct{ URL string }
			}
			PageInfo struct {
				HasNextPage bool
				EndCursor   string
			}
		}
		if err := json.Unmarshal(res.Data["exportAccount"], &e); err != nil || e.Account.Usage.Images != 5 {
			t.Fatalf("%+v: %v", res, err)
		}
		for _, i := range e.Images {
			got += " " + string(i.ID)
			if i.Original.URL == "" || len(i.Renditions) != 2 {
				t.Errorf("without links: %+v", i)
			}
		}
		if after = e.PageInfo.EndCursor; !e.PageInfo.HasNextPage || page > 9 {
			break
		}
	}
	if got != want {
		t.Errorf("got%s, want%s", got, want)
	}
	for args, field := range map[string]string{`first: 0`: "first", `first: 101`: "first", `after: "x"`: "after"} {
		if res := a.query("ann", `{ exportAccount(`+args+`) { images { id } } }`); res.code() != "INVALID_INPUT" || res.Errors[0].Extensions.Field != field {
			t.Errorf("%s: %+v", args, res)
		}
	}
}

// members are those who were signed out, by a pool that can be down. Everybody is in it but who is gone.
type members struct {
	down      error
	gone      gallery.Owner
	signedOut []gallery.Owner
}

func (m *members) Has(_ context.Context, owner gallery.Owner) (bool, error) {
	return owner != m.gone, m.down
}

func (m *members) SignOut(_ context.Context, owner gallery.Owner) error {
	if m.down == nil {
		m.signedOut = append(m.signedOut, owner)
	}
	return m.down
}

func (a api) members() *members {
	a.t.Helper()
	root, _ := a.resolvers.(*resolvers.Resolver)
	return root.Members.(*members)
}

func TestASuspensionWhoseSignOutFailedIsAskedForAgain(t *testing.T) {
	a := open(t, false)
	if err := (dynamodb.Users{DB: a.images.DB, Tables: a.images.Tables}).Warm(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	pool := a.members()
	pool.down = errors.New("the pool is down")
	const suspend = `mutation { suspendUser(user: "` + cat + `") { suspendedAt } }`
	if got := a.queryAs(dan, "[admin]", suspend).code(); got != "INTERNAL" {
		t.Errorf("while the pool is down: %s", got)
	}
	if got := a.query(cat, upload).code(); got != "CONFLICT" {
		t.Errorf("the account is open meanwhile: %s", got)
	}
	pool.down = nil
	if got := a.queryAs(dan, "[admin]", suspend); len(got.Errors) > 0 || len(pool.signedOut) != 1 {
		t.Errorf("asked again: %+v, signed out %v", got, pool.signedOut)
	}
}

// TestWhoHasBeenRemovedIsMadeNoAccountAgain: an admin's word comes after the removal has ended.
func TestWhoHasBeenRemovedIsMadeNoAccountAgain(t *testing.T) {
	a := open(t, false)
	pool := a.members()
	changes := []string{`suspendUser(user: "` + cat + `") { id }`, `setQuota(user: "` + cat + `", images: 2) { id }`}
	users := dynamodb.Users{DB: a.images.DB, Tables: a.images.Tables}
	d := dynamodb.Deletions(users)
	if err := d.Begin(t.Context(), cat, noon); err != nil {
		t.Fatal(err)
	}
	pool.gone = cat
	for _, change := range changes { // the account is still there
		if got := a.queryAs(dan, "[admin]", "mutation { "+change+" }"); len(got.Errors) > 0 {
			t.Errorf("%s, while they are removed: %+v", change, got)
		}
	}
	running, err := d.Running(t.Context(), "", 1)
	if err != nil || len(running) != 1 {
		t.Fatal(running, err)
	}
	if err := d.End(t.Context(), running[0]); err != nil {
		t.Fatal(err)
	}
	for _, down := range []error{nil, errors.New("the pool is down")} {
		pool.down = down
		want := map[bool]string{true: "NOT_FOUND", false: "INTERNAL"}[down == nil]
		for _, change := range changes {
			if got := a.queryAs(dan, "[admin]", "mutation { "+change+" }").code(); got != want {
				t.Errorf("%s: got %s, want %s", change, got, want)
			}
		}
	}
	if err := errors.Join(users.Suspend(t.Context(), cat, noon), users.Suspend(t.Context(), cat, time.Time{})); !errors.Is(err, gallery.ErrNoUser) {
		t.Errorf("past the resolvers: got %v", err)
	}
	if n, err := users.DB.Table("users").Scan().Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d rows are left, %v", n, err)
	}
}
