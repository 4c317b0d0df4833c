package cognito

import (
	"bytes"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// poolOfMany opens a pool in which hundreds have signed up, and whose inbox is full or not.
func poolOfMany(t *testing.T, letters int, log *bytes.Buffer) *Pool {
	t.Helper()
	p, err := Open(filepath.Join(t.TempDir(), "users.db"), Options{
		PoolID: "local_Cost", ClientID: "web", Issuer: "http://127.0.0.1/local_Cost", Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	for n := range 300 {
		u := user{Sub: fmt.Sprintf("%08d-0000-4000-8000-000000000000", n), Email: fmt.Sprintf("%d@example.com", n),
			Salt: make([]byte, saltSize), Verifier: make([]byte, 384), Created: time.Unix(0, 0)}
		u.Username, u.Confirmed = u.Sub, n%2 == 0
		u.Verified = u.Confirmed
		if err := p.add(u); err != nil {
			t.Fatal(err)
		}
	}
	err = p.db.Update(func(tx *bbolt.Tx) error {
		for n := range letters {
			l := letter{Sent: time.Unix(int64(n), 0), To: "somebody@example.com", Subject: "Confirm your sign-up", Code: "123456"}
			if err := post(tx, l, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// cost is what the file and the log were made to do.
type cost struct{ pages, pageBytes, writes, lines int64 }

func costOf(p *Pool, log *bytes.Buffer) cost {
	s := p.db.Stats().TxStats
	return cost{s.GetPageCount(), s.GetPageAlloc(), s.GetWrite(), int64(strings.Count(log.String(), "\n"))}
}

func (c cost) since(b cost) cost {
	return cost{c.pages - b.pages, c.pageBytes - b.pageBytes, c.writes - b.writes, c.lines - b.lines}
}

// TestACodeCostsTheSameWhoeverAsks counts pages written, rather than time: whether there is such a user, and in what
// state, must not be seen from how much is done before the answer.
func TestACodeCostsTheSameWhoeverAsks(t *testing.T) {
	const confirmed, unconfirmed, unknown = "100@example.com", "101@example.com", "eve@example.com"
	for _, letters := range []int{0, 3, maxLetters, 3 * maxLetters} {
		var log bytes.Buffer
		p := poolOfMany(t, letters, &log)
		for operation, ask := range map[string]func(string) error{
			"ForgotPassword": func(name string) error {
				_, err := p.forgotPassword(t.Context(), usernameInput{"web", name})
				return err
			},
			"ResendConfirmationCode": func(name string) error {
				_, err := p.resendConfirmationCode(t.Context(), usernameInput{"web", name})
				return err
			},
		} {
			spent := map[string]cost{}
			for _, name := range []string{confirmed, unconfirmed, unknown} {
				if err := ask(name); err != nil { // the first code makes a record longer
					t.Fatal(err)
				}
				before := costOf(p, &log)
				if err := ask(name); err != nil {
					t.Fatal(err)
				}
				spent[name] = costOf(p, &log).since(before)
			}
			if spent[unknown].pages == 0 || spent[confirmed] != spent[unknown] || spent[unconfirmed] != spent[unknown] {
				t.Errorf("%s, %d letters before: the costs are %+v", operation, letters, spent)
			}
		}
	}
}

func TestACodeThatIsNotDueLeavesNothing(t *testing.T) {
	var log bytes.Buffer
	p := poolOfMany(t, maxLetters+1, &log)
	state := func() (all []letter, u user) {
		all, err := p.letters()
		if err != nil {
			t.Fatal(err)
		}
		u, _, err = p.userNamed("100@example.com")
		if err != nil {
			t.Fatal(err)
		}
		if _, found, err := p.userNamed("eve@example.com"); found || err != nil {
			t.Fatalf("who never signed up is found: %t, %v", found, err)
		}
		return all, u
	}
	letters, u := state()
	for _, name := range []string{"100@example.com", "eve@example.com"} {
		if _, err := p.resendConfirmationCode(t.Context(), usernameInput{"web", name}); err != nil {
			t.Fatal(err)
		}
		stillLetters, stillU := state()
		if len(letters) != maxLetters || !reflect.DeepEqual(stillLetters, letters) || !reflect.DeepEqual(stillU, u) {
			t.Errorf("%s: %d letters and %+v, before %d and %+v", name, len(stillLetters), stillU, len(letters), u)
		}
	}
	who, err := p.account("eve@example.com")
	if err != nil {
		t.Fatal(err)
	}
	if _, found, err := p.userBySub(who.Sub); found || err != nil {
		t.Errorf("the stand-in has a record: %t, %v", found, err)
	}
	if strings.Contains(log.String(), "code=") {
		t.Errorf("a code was told that nobody was sent:\n%s", &log)
	}
}
