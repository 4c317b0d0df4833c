package client

import (
	"io"
	"os"
	"sync"
)

// meter is a request's body that counts what is read of it. The transport may go on reading for a moment after it has
// answered; once the meter is closed that comes to nothing, and nobody is told of it.
type meter struct {
	mu    sync.Mutex
	file  *os.File // nil once closed
	from  io.Reader
	sent  int64
	moved func(sent int64)
}

func (m *meter) Read(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil {
		return 0, os.ErrClosed
	}
	n, err := m.from.Read(p)
	if n > 0 {
		m.sent += int64(n)
		m.moved(m.sent)
	}
	return n, err
}

// Close may be called more than once.
func (m *meter) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil {
		return nil
	}
	err := m.file.Close()
	m.file = nil
	return err
}

var _ io.ReadCloser = (*meter)(nil)
