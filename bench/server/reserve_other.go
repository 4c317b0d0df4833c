//go:build !linux

package server

import (
	"fmt"
	"net"
)

// Reserve finds an address of loopback that nobody listens on just now. Somebody may before the server does.
func Reserve() (address string, release func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), func() {}, l.Close()
}
