// Package listener keeps connections: how they are accepted, held and ended. The reasons stand in the tuning ledger of the README.
package listener

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	// KeepAlive is how long an idle connection is kept, and one that has not asked anything yet.
	KeepAlive = 75 * time.Second
	// Backlog is how many connections the kernel may hold for us before they are accepted.
	Backlog = 4096
	// StopDeadline is how long requests in flight may take to finish after a stop was asked for.
	StopDeadline = 5 * time.Second
)

// Open listens on an IPv4 address; port 0 picks a free one.
func Open(host string, port int) (*net.TCPListener, error) {
	address := netip.AddrPortFrom(netip.MustParseAddr(host), uint16(port))
	listener, err := net.ListenTCP("tcp4", net.TCPAddrFromAddrPort(address))
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	// The net package always asks for the kernel's own limit; asking again replaces the figure.
	raw, err := listener.SyscallConn()
	if err != nil {
		return nil, err
	}
	var refused error
	if err := raw.Control(func(fd uintptr) { refused = syscall.Listen(int(fd), Backlog) }); err != nil {
		return nil, err
	}
	return listener, refused
}

// Serve answers requests until ctx is done. Then it accepts no more, closes idle connections, lets requests in flight finish within the deadline
// and cuts off the rest. The error is nil unless serving ended by itself.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:                      handler,
		ReadHeaderTimeout:            KeepAlive,
		IdleTimeout:                  KeepAlive,
		DisableGeneralOptionsHandler: true,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), StopDeadline)
	defer cancel()
	if err := server.Shutdown(deadline); errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return nil
}
