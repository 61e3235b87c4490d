package hostlink

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// MaxFrame is the largest frame that fits a datagram over IPv4.
const MaxFrame = 65535 - 20 - 8

// readErrorLimit ends reading after that many errors in a row: a socket that
// only fails must not burn a core. Single errors are a peer that is not there
// yet (Windows reports its port unreachable on the next read).
const readErrorLimit = 1000

// receiveBuffer holds bursts, in octets; the kernel may give less.
const receiveBuffer = 4 << 20

// UDP is a link to one peer.
type UDP struct {
	counters
	conn   *net.UDPConn
	remote netip.AddrPort
	reader sync.WaitGroup
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
	_ = conn.SetReadBuffer(receiveBuffer)
	return &UDP{conn: conn, remote: plain(remote)}, nil
}

// Local is the address bound.
func (u *UDP) Local() netip.AddrPort {
	return plain(u.conn.LocalAddr().(*net.UDPAddr).AddrPort())
}

// Start makes a Link of it. How the peer is, nobody knows.
func (u *UDP) Start(deliver func(frame []byte), tell func(State)) {
	u.reader.Go(func() {
		readDatagrams(u.conn, func(from netip.AddrPort, data []byte) {
			if from != u.remote {
				u.strangers.Add(1)
				return
			}
			u.received.Add(1)
			deliver(append([]byte(nil), data...))
		}, func() { tell(State{Gone: true}) })
	})
}

// readDatagrams hands over what comes until the socket is closed; broken is
// called where it cannot be read any more.
func readDatagrams(conn *net.UDPConn, take func(from netip.AddrPort, data []byte), broken func()) {
	buf := make([]byte, MaxFrame+1)
	for failures := 0; failures < readErrorLimit; {
		n, from, err := conn.ReadFromUDPAddrPort(buf)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			failures++
			continue
		}
		failures = 0
		take(plain(from), buf[:n])
	}
	broken()
}

// Send makes a Link of it. A peer that is not there is no error, as on a cable.
func (u *UDP) Send(frame []byte) error {
	if len(frame) > MaxFrame {
		return u.after("udp", fmt.Errorf("%d octets, at most %d: %w", len(frame), MaxFrame, ErrTooLong))
	}
	_, err := u.conn.WriteToUDPAddrPort(frame, u.remote)
	return u.after("udp", refusal(err))
}

// Carrier makes a Link of it; a datagram socket has none.
func (u *UDP) Carrier(bool) error { return nil }

// Close makes a Link of it.
func (u *UDP) Close() error {
	err := closed("udp", u.conn.Close())
	u.reader.Wait()
	return err
}

// closed is what closing said, unless it was closed before.
func closed(kind string, err error) error {
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("hostlink: %s: %w", kind, err)
	}
	return nil
}

// plain undoes the mapping of IPv4 into IPv6 that a dual-stack socket shows.
func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
