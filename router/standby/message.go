package standby

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"time"
)

// Op is what a message is for.
type Op uint8

// The operations.
const (
	Hello Op = iota
	Coup
	Resign
	advertise // of version 1, by which interfaces tell where they are passive: nothing follows from it
)

var opNames = [...]string{"Hello", "Coup", "Resign", "Advertise"}

// String is its name.
func (o Op) String() string { return opNames[o] }

// MarshalText is String.
func (o Op) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// message is one of either version.
type message struct {
	op          Op
	state       State
	group       int
	priority    int
	hello, hold time.Duration // 0: not said
	address     netip.Addr
	text        string // of authentication
	digest      *digest
}

const (
	length1 = 20 // of a message of version 1
	textLen = 8
)

// wireStates are the states as version 1 writes them.
var wireStates = map[State]byte{Initial: 0, Learn: 1, Listen: 2, Speak: 4, Standby: 8, Active: 16}

// parse1 reads a message of version 1. What may follow is authentication by MD5.
func parse1(b []byte) (m message, ok bool) {
	if len(b) < length1 || b[0] != 0 || b[1] > byte(Resign) {
		return m, false
	}
	m = message{
		op: Op(b[1]), hello: time.Duration(b[3]) * time.Second, hold: time.Duration(b[4]) * time.Second, priority: int(b[5]), group: int(b[6]),
		text: text(b[8:16]), address: netip.AddrFrom4([4]byte(b[16:20])), state: states,
	}
	for s, n := range wireStates {
		if b[2] == n {
			m.state = s
		}
	}
	if m.digest, ok = parseDigest(b[length1:]); !ok || m.state == states {
		return m, false
	}
	return m, true
}

// marshal1 writes a message of version 1, without a digest. Times that are no whole seconds are not said: they
// "are not advertised" (Cisco, of version 1).
func (m *message) marshal1() []byte {
	b := make([]byte, length1)
	b[1], b[2], b[5], b[6] = byte(m.op), wireStates[m.state], byte(m.priority), byte(m.group)
	if m.hello%time.Second == 0 && m.hold%time.Second == 0 {
		b[3], b[4] = byte(m.hello/time.Second), byte(m.hold/time.Second)
	}
	copy(b[8:16], m.text)
	copy(b[16:], m.address.AsSlice())
	return b
}

// text is a text that is filled up with zeros.
func text(b []byte) string { return strings.TrimRight(string(b), "\x00") }

// The TLVs of version 2.
const (
	tlvGroup = 1
	tlvText  = 3

	groupLen = 40
	version2 = 2
	family4  = 4
)

// parse2 reads a message of version 2: TLVs, of which one says how the group stands.
func parse2(b []byte) (m message, ok bool) {
	for len(b) > 0 {
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			return m, false
		}
		kind, v := b[0], b[2:2+int(b[1])]
		switch {
		case kind == tlvGroup && (ok || !parseGroup(v, &m)):
			return m, false // one for each message, and it is whole
		case kind == tlvGroup:
			ok = true
		case kind == tlvText && len(v) != textLen:
			return m, false
		case kind == tlvText:
			m.text = text(v)
		case kind == tlvMD5:
			if m.digest, _ = parseDigest(b[:2+len(v)]); m.digest == nil {
				return m, false
			}
		}
		b = b[2+len(v):]
	}
	return m, ok
}

// parseGroup reads the state of a group of IPv4.
func parseGroup(v []byte, m *message) bool {
	if len(v) != groupLen || v[0] != version2 || v[1] > byte(Resign) || v[2] == 0 || v[2] > byte(states) || v[3] != family4 {
		return false
	}
	m.op, m.state, m.group = Op(v[1]), State(v[2]-1), int(binary.BigEndian.Uint16(v[4:]))
	m.priority = int(min(binary.BigEndian.Uint32(v[12:]), 255))
	m.hello, m.hold = millis(v[16:]), millis(v[20:])
	m.address = netip.AddrFrom4([4]byte(v[24:28]))
	return true
}

// millis reads a time, of which more is as good as the most that can be configured.
func millis(b []byte) time.Duration {
	return min(time.Duration(binary.BigEndian.Uint32(b))*time.Millisecond, mostHold)
}

// marshal2 writes a message of version 2, without a digest. from is the hardware address that tells who sends it.
func (m *message) marshal2(from [6]byte) []byte {
	b := make([]byte, 2+groupLen)
	b[0], b[1] = tlvGroup, groupLen
	v := b[2:]
	v[0], v[1], v[2], v[3] = version2, byte(m.op), byte(m.state)+1, family4
	binary.BigEndian.PutUint16(v[4:], uint16(m.group))
	copy(v[6:], from[:])
	binary.BigEndian.PutUint32(v[12:], uint32(m.priority))
	binary.BigEndian.PutUint32(v[16:], uint32(m.hello/time.Millisecond))
	binary.BigEndian.PutUint32(v[20:], uint32(m.hold/time.Millisecond))
	copy(v[24:], m.address.AsSlice())
	if m.text != "" {
		b = append(b, tlvText, textLen)
		b = append(b, make([]byte, textLen)...)
		copy(b[len(b)-textLen:], m.text)
	}
	return b
}
