package gallery

import (
	"fmt"
	"strings"
)

// Membership says who may join. Its zero value lets nobody in.
type Membership struct {
	open  bool
	known map[string]bool // addresses, and domains as "@example.com", in lower case
}

// maxMembers bounds the list: it is a variable of a function's environment, 4 KB in all.
const maxMembers = 500

// ParseMembership reads "open", which lets anybody in, or a list of e-mail addresses and of domains, such as
// "@example.com, ann@example.org". A domain does not stand for those below it.
func ParseMembership(s string) (Membership, error) {
	entries := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	if len(entries) == 1 && entries[0] == "open" {
		return Membership{open: true}, nil
	}
	if len(entries) == 0 || len(entries) > maxMembers {
		return Membership{}, fmt.Errorf(`%d entries, not "open" nor 1 to %d addresses and domains`, len(entries), maxMembers)
	}
	m := Membership{known: make(map[string]bool, len(entries))}
	for _, e := range entries {
		if _, domain, ok := strings.Cut(e, "@"); !ok || domain == "" || strings.Contains(domain, "@") {
			return Membership{}, fmt.Errorf(`%q is neither an address nor a domain such as "@example.com"`, e)
		}
		m.known[e] = true
	}
	return m, nil
}

// Admits tells whether the owner of an e-mail address may join. That the address is theirs is proven elsewhere.
func (m Membership) Admits(email string) bool {
	if m.open {
		return true
	}
	email = strings.ToLower(email)
	at := strings.LastIndexByte(email, '@') // a quoted name may hold more of them
	return at > 0 && (m.known[email] || m.known[email[at:]])
}
