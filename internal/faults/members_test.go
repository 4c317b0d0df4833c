package faults

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	engine "github.com/darkroom/darkroom/internal/local/cognito"
)

const poolID = "us-east-1_Faults"

// members are the user pool of all worlds: each has its own users there.
type members struct {
	*engine.Pool
	mu     sync.Mutex
	random io.Reader
}

func openMembers(t *testing.T, dir string) *members {
	t.Helper()
	m := &members{random: rand.NewChaCha8([32]byte{})}
	var err error
	m.Pool, err = engine.Open(filepath.Join(dir, "pool"), engine.Options{
		PoolID: poolID, ClientID: "faults", Issuer: "http://pool/" + poolID, AccessKey: "key", SecretKey: "secret-secret", Region: "us-east-1",
		Now: func() time.Time { return noon }, Random: readerFunc(func(b []byte) (int, error) { return m.random.Read(b) }),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

type readerFunc func(b []byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// join makes a user, whose id the seed decides. Nothing else that is asked of the pool takes chance.
func (m *members) join(t *testing.T, seed uint64) gallery.Owner {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	var chance [32]byte
	binary.BigEndian.PutUint64(chance[:], seed)
	m.random = rand.NewChaCha8(chance)
	sub, err := m.Seed(fmt.Sprintf("cat-%d@darkroom.example", seed), "a password of theirs")
	if err != nil {
		t.Fatal(err)
	}
	return gallery.Owner(sub)
}
