package server

import (
	"fmt"
	"net/netip"
	"syscall"
)

// Reserve finds an address of loopback for a server that takes no port 0, and keeps it from everybody else until it is
// released, also while the server uses it: Linux lets a second socket of SO_REUSEADDR, which every server sets, listen where
// the first is only bound, and gives the port to nobody who asks for any.
func Reserve() (address string, release func(), err error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", nil, fmt.Errorf("reserve a port: %w", err)
	}
	release = func() { _ = syscall.Close(fd) } // of a socket without data, which cannot fail
	loopback := [4]byte{127, 0, 0, 1}
	err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: loopback})
	}
	var bound syscall.Sockaddr
	if err == nil {
		bound, err = syscall.Getsockname(fd)
	}
	inet, ok := bound.(*syscall.SockaddrInet4)
	if !ok {
		release()
		return "", nil, fmt.Errorf("reserve a port: %w", err)
	}
	return netip.AddrPortFrom(netip.AddrFrom4(loopback), uint16(inet.Port)).String(), release, nil
}
