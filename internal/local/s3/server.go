package s3

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3api"
)

const (
	defaultRegion  = "us-east-1"
	maxConnections = 4096
	maxRequests    = 1024
	maxParts       = 10000 // of a multipart upload, as on S3
	portAttempts   = 10
)

// server is the embedded gateway, listening.
type server struct {
	addr string // as clients reach it
	stop context.CancelFunc
	done chan struct{} // closed when the gateway has returned
	err  error         // why it returned; read after done
}

// serve starts the gateway and returns once its socket is bound. The gateway
// takes addresses, not listeners, so a free port is found first and then asked
// for; should somebody else take it in between, the next one is tried.
func serve(ctx context.Context, o Options, be backend.Backend) (*server, error) {
	want, err := parseAddr(o.Addr)
	if err != nil {
		return nil, err
	}
	for range portAttempts {
		addr := want
		if want.Port() == 0 {
			if addr, err = freePort(want.Addr()); err != nil {
				return nil, err
			}
		}
		s, err := listen(ctx, o, be, addr)
		if err == nil {
			return s, nil
		}
		if want.Port() != 0 || !errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("serve on %s: %w", addr, err)
		}
	}
	return nil, fmt.Errorf("serve on %s: every free port was taken before it was bound", want.Addr())
}

func listen(ctx context.Context, o Options, be backend.Backend, addr netip.AddrPort) (*server, error) {
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &server{addr: reachable(addr).String(), stop: stop, done: make(chan struct{})}
	bound := make(chan struct{})
	go func() {
		defer close(s.done)
		s.err = embedgw.RunVersityGW(run, keepOpen{be}, &embedgw.Config{
			RootUserAccess:    o.AccessKey,
			RootUserSecret:    o.SecretKey,
			Region:            o.Region,
			Ports:             []string{addr.String()},
			MaxConnections:    maxConnections,
			MaxRequests:       maxRequests,
			MultipartMaxParts: maxParts,
			KeepAlive:         true,
			Quiet:             true,
			DisableACLs:       true,
			IAMService: auth.NewIAMServiceSingle(auth.Account{
				Access: o.AccessKey, Secret: o.SecretKey, Role: auth.RoleAdmin,
			}),
			S3Options: []s3api.Option{s3api.WithOnListen(func() { close(bound) })},
		})
	}()
	select {
	case <-bound:
		return s, nil
	case <-s.done:
		stop()
		return nil, s.err
	case <-ctx.Done():
		stop()
		<-s.done
		return nil, ctx.Err()
	}
}

// close stops the gateway, which gives its requests ten seconds to end.
func (s *server) close(ctx context.Context) error {
	s.stop()
	select {
	case <-s.done:
		return s.err
	case <-ctx.Done():
		return fmt.Errorf("close s3 on %s: %w", s.addr, ctx.Err())
	}
}

// keepOpen leaves the backend open when the gateway ends: whoever opened it
// closes it, and another attempt to listen needs it.
type keepOpen struct{ backend.Backend }

// Shutdown does nothing.
func (keepOpen) Shutdown() {}

func parseAddr(addr string) (netip.AddrPort, error) {
	if addr == "" {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0), nil
	}
	parsed, err := netip.ParseAddrPort(addr)
	if err != nil {
		return parsed, fmt.Errorf("listen on %q: a numeric address is required: %w", addr, err)
	}
	return parsed, nil
}

// freePort asks the kernel for a port of host that nobody listens on.
func freePort(host netip.Addr) (netip.AddrPort, error) {
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(host, 0)))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("find a free port of %s: %w", host, err)
	}
	port := l.Addr().(*net.TCPAddr).AddrPort().Port()
	if err := l.Close(); err != nil {
		return netip.AddrPort{}, fmt.Errorf("release port %d: %w", port, err)
	}
	return netip.AddrPortFrom(host, port), nil
}

// reachable replaces "every address" by loopback, which a client can dial.
func reachable(addr netip.AddrPort) netip.AddrPort {
	switch host := addr.Addr(); {
	case !host.IsUnspecified():
		return addr
	case host.Is4():
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), addr.Port())
	default:
		return netip.AddrPortFrom(netip.IPv6Loopback(), addr.Port())
	}
}
