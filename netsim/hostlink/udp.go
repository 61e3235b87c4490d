package hostlink

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
)

// MaxFrame is the largest frame that fits a datagram over IPv4.
const MaxFrame = 65535 - 20 - 8

// ErrTooLong is a frame that fits no datagram.
var ErrTooLong = errors.New("frame too long for a datagram")

// readErrorLimit ends reading after that many errors in a row: a socket that
// only fails must not burn a core. Single errors are a peer that is not there
// yet (Windows reports its port unreachable on the next read).
const readErrorLimit = 1000

// UDP is a link to one peer. Send and Close may be called from any goroutine.
type UDP struct {
	conn    *net.UDPConn
	remote  netip.AddrPort
	reader  sync.WaitGroup
	failure atomic.Pointer[error]

	sent, received, strangers, failed atomic.Uint64
}

// UDPCounters count frames.
type UDPCounters struct {
	Sent, Received uint64
	Strangers      uint64 // datagrams not from the peer, ignored
	Failed         uint64 // not sent: the socket refused
}

// OpenUDP binds local (port 0: any) for frames to and from remote.
func OpenUDP(local, remote netip.AddrPort) (*UDP, error) {
	if !remote.IsValid() || remote.Port() == 0 || remote.Addr().IsUnspecified() {
		return nil, fmt.Errorf("hostlink: remote %v is no address and port to send to", remote)
	}
	if !local.IsValid() {
		return nil, fmt.Errorf("hostlink: local address is missing")
	}
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(local))
	if err != nil {
		return nil, fmt.Errorf("hostlink: udp: %w", err)
	}
	return &UDP{conn: conn, remote: plain(remote)}, nil
}

// Local is the address bound.
func (u *UDP) Local() netip.AddrPort {
	return plain(u.conn.LocalAddr().(*net.UDPAddr).AddrPort())
}

// Remote is the peer's address.
func (u *UDP) Remote() netip.AddrPort { return u.remote }

// Counters returns the link's counters.
func (u *UDP) Counters() UDPCounters {
	return UDPCounters{u.sent.Load(), u.received.Load(), u.strangers.Load(), u.failed.Load()}
}

// Start reads frames on a goroutine until Close and hands each to deliver,
// whose property it is. Called once.
func (u *UDP) Start(deliver func(frame []byte)) {
	u.reader.Add(1)
	go func() {
		defer u.reader.Done()
		u.read(deliver)
	}()
}

func (u *UDP) read(deliver func(frame []byte)) {
	buf := make([]byte, MaxFrame+1)
	for failures := 0; failures < readErrorLimit; {
		n, from, err := u.conn.ReadFromUDPAddrPort(buf)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			failures++
			u.failure.Store(&err)
			continue
		}
		failures = 0
		if plain(from) != u.remote {
			u.strangers.Add(1)
			continue
		}
		u.received.Add(1)
		deliver(append([]byte(nil), buf[:n]...))
	}
}

// Send sends a frame to the peer; frame is free afterwards. A peer that is not
// there is no error, as on a cable.
func (u *UDP) Send(frame []byte) error {
	if len(frame) > MaxFrame {
		u.failed.Add(1)
		return fmt.Errorf("hostlink: %d octets, at most %d: %w", len(frame), MaxFrame, ErrTooLong)
	}
	if _, err := u.conn.WriteToUDPAddrPort(frame, u.remote); err != nil {
		u.failed.Add(1)
		return fmt.Errorf("hostlink: udp: %w", err)
	}
	u.sent.Add(1)
	return nil
}

// Err is the last error in reading, nil without.
func (u *UDP) Err() error {
	if err := u.failure.Load(); err != nil {
		return fmt.Errorf("hostlink: udp: %w", *err)
	}
	return nil
}

// Close ends the link and waits until deliver is called no more; so deliver
// must not wait for the caller of Close.
func (u *UDP) Close() error {
	err := u.conn.Close()
	u.reader.Wait()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("hostlink: udp: %w", err)
	}
	return nil
}

// plain undoes the mapping of IPv4 into IPv6 that a dual-stack socket shows.
func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
