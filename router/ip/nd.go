package ip

import "time"

// Neighbour discovery (RFC 4861) and the detection of addresses that somebody else has
// (RFC 4862 section 5.4). Advertisements of routers are advertise.go's and autoconf.go's.

const (
	routerSolicitation     = 133
	routerAdvertisement    = 134
	neighbourSolicitation  = 135
	neighbourAdvertisement = 136

	ndLimit      = 255 // the hop limit of what has not crossed a router
	ndLen        = 24  // octets of a message without options
	optionLen    = 8   // of a hardware address
	optionSource = 1
	optionTarget = 2

	flagRouter    = 0x80
	flagSolicited = 0x40
	flagOverride  = 0x20

	reachableTime = 30 * time.Second
	delayTime     = 5 * time.Second
	detectTime    = time.Second
	askTries6     = 3 // requests, to all or to the one that was there
)

// reach is what is known of a neighbour of IPv6 whose hardware address is known (RFC 4861
// section 7.3.2).
type reach uint8

const (
	reachable reach = iota
	stale           // it was there, some time ago
	delayed         // something was sent since: it is asked soon
	probed          // it is being asked
)

// message is a solicitation or an advertisement.
type message struct {
	kind, flags uint8
	target      address
	mac         [6]byte // of the option that it may have
	has         bool
}

// parse reads a message as RFC 4861 sections 7.1.1 and 7.1.2 ask, but for what is said of
// addresses; b is behind a good checksum.
func parseND(b []byte) (m message, ok bool) {
	if len(b) < ndLen || b[1] != 0 {
		return m, false
	}
	m = message{kind: b[0], flags: b[4], target: readV6(b[8:])}
	want := byte(optionSource)
	if m.kind == neighbourAdvertisement {
		want = optionTarget
	}
	for o := b[ndLen:]; len(o) > 0; {
		if len(o) < 2 || o[1] == 0 || int(o[1])*8 > len(o) {
			return m, false
		}
		if o[0] == want && o[1] == 1 {
			m.mac, m.has = [6]byte(o[2:8]), o[2]&1 == 0
		}
		o = o[int(o[1])*8:]
	}
	return m, !m.target.group6()
}
