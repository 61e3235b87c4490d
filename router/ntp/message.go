package ntp

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// Port is that of NTP.
const Port = 123

// headerLen is the length of a message without extensions and authentication, in octets
// (RFC 5905 7.3).
const headerLen = 48

// Mode is what a message is.
type Mode uint8

// The modes that are spoken here.
const (
	Client Mode = 3
	Reply  Mode = 4
)

// unsynchronized is the leap indicator of a clock that follows nothing, and the stratum
// behind the last one that may be followed.
const (
	unsynchronized = 3
	noStratum      = 16
)

// Timestamp is seconds since 1900, modulo 136 years, and 32 bits of their fraction.
type Timestamp uint64

// epoch is how many seconds 1970 is behind 1900.
const epoch = 2208988800

// StampOf is an instant as messages say it.
func StampOf(t time.Time) Timestamp {
	return Timestamp(uint64(t.Unix()+epoch)<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second))
}

// since is how much later one is than another, which is less than 68 years away.
func (s Timestamp) since(t Timestamp) time.Duration { return spanOf(int64(s - t)) }

// near is the instant closest to another that a timestamp may mean; zero: it says none.
func (s Timestamp) near(t time.Time) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return t.Add(s.since(StampOf(t)))
}

// spanOf reads a number with 32 bits of fraction as seconds, to the next nanosecond.
func spanOf(n int64) time.Duration {
	fraction := (uint64(uint32(n))*uint64(time.Second) + 1<<31) >> 32
	return time.Duration(n>>32)*time.Second + time.Duration(fraction)
}

// message is one (RFC 5905 7.3).
type message struct {
	Leap           uint8
	Version        uint8
	Mode           Mode
	Stratum        uint8 // 0: not said; with a code as the reference it is a kiss of death
	Poll           int8  // of the interval, as a power of two
	Precision      int8
	RootDelay      time.Duration
	RootDispersion time.Duration
	Reference      [4]byte
	ReferenceTime  Timestamp
	Origin         Timestamp
	Receive        Timestamp
	Transmit       Timestamp
}

// parse reads a message; false: it is none. What stands behind the header is not looked at.
func parse(b []byte) (m message, ok bool) {
	if len(b) < headerLen || len(b)%4 != 0 {
		return m, false
	}
	m = message{
		Leap: b[0] >> 6, Version: b[0] >> 3 & 7, Mode: Mode(b[0] & 7), Stratum: b[1], Poll: int8(b[2]), Precision: int8(b[3]),
		RootDelay: short(b[4:]), RootDispersion: short(b[8:]), Reference: [4]byte(b[12:16]),
		ReferenceTime: Timestamp(binary.BigEndian.Uint64(b[16:])), Origin: Timestamp(binary.BigEndian.Uint64(b[24:])),
		Receive: Timestamp(binary.BigEndian.Uint64(b[32:])), Transmit: Timestamp(binary.BigEndian.Uint64(b[40:])),
	}
	return m, m.Version >= 1 && m.Version <= 4
}

// marshal writes the message.
func (m *message) marshal(b []byte) []byte {
	b = append(b, m.Leap<<6|m.Version<<3|uint8(m.Mode), m.Stratum, uint8(m.Poll), uint8(m.Precision))
	b = binary.BigEndian.AppendUint32(b, shortOf(m.RootDelay))
	b = binary.BigEndian.AppendUint32(b, shortOf(m.RootDispersion))
	b = append(b, m.Reference[:]...)
	for _, t := range []Timestamp{m.ReferenceTime, m.Origin, m.Receive, m.Transmit} {
		b = binary.BigEndian.AppendUint64(b, uint64(t))
	}
	return b
}

// short reads seconds with 16 bits of fraction, to the next nanosecond.
func short(b []byte) time.Duration {
	return time.Duration((uint64(binary.BigEndian.Uint32(b))*uint64(time.Second) + 1<<15) >> 16)
}

// shortOf is a span as such a number, the largest where it is longer.
func shortOf(d time.Duration) uint32 {
	n := (uint64(max(d, 0))/1000<<16 + 500_000) / 1_000_000
	return uint32(min(n, 1<<32-1))
}

// referenceText is how people read a reference: a name of stratum 1 and of kisses, above an address
// of IPv4, or what stands for one of IPv6.
func referenceText(stratum uint8, r [4]byte) string {
	if stratum > 1 {
		return netip.AddrFrom4(r).String()
	}
	n := 0
	for n < len(r) && r[n] > ' ' && r[n] < 0x7f {
		n++
	}
	return "." + string(r[:n]) + "."
}
