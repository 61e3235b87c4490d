package dhcp

import (
	"encoding/binary"
	"net/netip"
)

// The UDP ports (RFC 2131 4.1).
const (
	ServerPort = 67
	ClientPort = 68
)

// Type is the type of a message (RFC 2132 9.6).
type Type uint8

// The types.
const (
	Discover Type = iota + 1
	Offer
	Request
	Decline
	Ack
	Nak
	Release
	Inform
)

// String is the type's name in RFC 2131.
func (t Type) String() string {
	names := [...]string{"", "DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPDECLINE", "DHCPACK", "DHCPNAK", "DHCPRELEASE", "DHCPINFORM"}
	if int(t) < len(names) {
		return names[t]
	}
	return "?"
}

// Forever is the lifetime of a lease that never ends, in seconds (RFC 2131 3.3).
const Forever = 0xffffffff

// Message is a DHCP message. Addresses that are not said are invalid.
type Message struct {
	Type      Type
	Reply     bool // from a server
	XID       uint32
	Hops      uint8
	Broadcast bool // the client cannot take what is sent to its address yet
	Client    netip.Addr
	Your      netip.Addr
	Relay     netip.Addr
	Hardware  [6]byte
	Options
}

// Options are those that somebody here reads (RFC 2132).
type Options struct {
	Mask         int // length of the prefix; 0: not said
	Routers, DNS []netip.Addr
	Domain       string
	Hostname     string
	ClientID     string // octets, with the type before them
	Requested    netip.Addr
	Server       netip.Addr
	Lease        uint32 // seconds; 0: not said
	T1, T2       uint32
	Wanted       []byte // codes of options
}

// The codes of options.
const (
	codePad       = 0
	codeMask      = 1
	codeRouter    = 3
	codeDNS       = 6
	codeHostname  = 12
	codeDomain    = 15
	codeRequested = 50
	codeLease     = 51
	codeOverload  = 52
	codeType      = 53
	codeServer    = 54
	codeWanted    = 55
	codeT1        = 58
	codeT2        = 59
	codeClientID  = 61
	codeEnd       = 255
)

// Where the fields are (RFC 2131 2).
const (
	atName    = 44
	atFile    = 108
	atCookie  = 236
	atOptions = 240
	least     = 300 // octets of a BOOTP message (RFC 1542 2.1)
	cookie    = 0x63825363
	ethernet  = 1
	flagBcast = 0x8000
)

// Append adds the octets of a message.
func (m *Message) Append(b []byte) []byte {
	at := len(b)
	b = append(b, make([]byte, atOptions)...)
	h := b[at:]
	h[0], h[1], h[2], h[3] = 1, ethernet, 6, m.Hops
	if m.Reply {
		h[0] = 2
	}
	binary.BigEndian.PutUint32(h[4:], m.XID)
	if m.Broadcast {
		binary.BigEndian.PutUint16(h[10:], flagBcast)
	}
	for at, a := range map[int]netip.Addr{12: m.Client, 16: m.Your, 24: m.Relay} {
		if a.Is4() {
			copy(h[at:], a.AsSlice())
		}
	}
	copy(h[28:], m.Hardware[:])
	binary.BigEndian.PutUint32(h[atCookie:], cookie)
	b = m.appendOptions(b)
	for len(b)-at < least {
		b = append(b, codePad)
	}
	return b
}

func (m *Message) appendOptions(b []byte) []byte {
	b = append(b, codeType, 1, byte(m.Type))
	b = appendOption(b, codeClientID, []byte(m.ClientID))
	b = appendAddresses(b, codeRequested, m.Requested)
	b = appendAddresses(b, codeServer, m.Server)
	b = appendSeconds(b, codeLease, m.Lease)
	b = appendSeconds(b, codeT1, m.T1)
	b = appendSeconds(b, codeT2, m.T2)
	if m.Mask != 0 {
		b = appendOption(b, codeMask, binary.BigEndian.AppendUint32(nil, ^uint32(0)<<(32-m.Mask)))
	}
	b = appendAddresses(b, codeRouter, m.Routers...)
	b = appendAddresses(b, codeDNS, m.DNS...)
	b = appendOption(b, codeHostname, []byte(m.Hostname))
	b = appendOption(b, codeDomain, []byte(m.Domain))
	b = appendOption(b, codeWanted, m.Wanted)
	return append(b, codeEnd)
}

// appendOption adds one that says something, of which there is room for 255 octets.
func appendOption(b []byte, code byte, value []byte) []byte {
	if value = value[:min(len(value), 255)]; len(value) == 0 {
		return b
	}
	return append(append(b, code, byte(len(value))), value...)
}

func appendSeconds(b []byte, code byte, n uint32) []byte {
	if n == 0 {
		return b
	}
	return appendOption(b, code, binary.BigEndian.AppendUint32(nil, n))
}

func appendAddresses(b []byte, code byte, list ...netip.Addr) []byte {
	var value []byte
	for _, a := range list {
		if a.Is4() {
			value = append(value, a.AsSlice()...)
		}
	}
	return appendOption(b, code, value[:min(len(value), 252)])
}

// Parse reads a message; false: it is none, or is not about Ethernet.
func Parse(b []byte) (*Message, bool) {
	if len(b) < atOptions || b[0] != 1 && b[0] != 2 || b[1] != ethernet || b[2] != 6 || binary.BigEndian.Uint32(b[atCookie:]) != cookie {
		return nil, false
	}
	m := &Message{
		Reply: b[0] == 2, Hops: b[3], XID: binary.BigEndian.Uint32(b[4:]), Broadcast: binary.BigEndian.Uint16(b[10:])&flagBcast != 0,
		Client: addressIn(b[12:16]), Your: addressIn(b[16:20]), Relay: addressIn(b[24:28]), Hardware: [6]byte(b[28:34]),
	}
	values := map[byte][]byte{}
	if !collect(values, b[atOptions:]) {
		return nil, false
	}
	if where := values[codeOverload]; len(where) == 1 { // RFC 2131 4.1: file first, then sname
		if where[0]&1 != 0 && !collect(values, b[atFile:atCookie]) || where[0]&2 != 0 && !collect(values, b[atName:atFile]) {
			return nil, false
		}
	}
	return m, m.read(values)
}

// collect gathers options; what comes twice is one, in parts (RFC 3396).
func collect(values map[byte][]byte, b []byte) bool {
	for len(b) > 0 && b[0] != codeEnd {
		if b[0] == codePad {
			b = b[1:]
			continue
		}
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			return false
		}
		values[b[0]] = append(values[b[0]], b[2:2+int(b[1])]...)
		b = b[2+int(b[1]):]
	}
	return true
}

// read takes what options say; false: one has a length that it cannot have.
func (m *Message) read(values map[byte][]byte) bool {
	good := true
	fixed := func(code byte, n int) []byte {
		v := values[code]
		if good = good && (len(v) == 0 || len(v) == n); len(v) != n {
			return nil
		}
		return v
	}
	addresses := func(code byte) (list []netip.Addr) {
		v := values[code]
		for good = good && len(v)%4 == 0; len(v) >= 4; v = v[4:] {
			if a := addressIn(v[:4]); a.IsValid() {
				list = append(list, a)
			}
		}
		return list
	}
	seconds := func(code byte) uint32 {
		if v := fixed(code, 4); v != nil {
			return binary.BigEndian.Uint32(v)
		}
		return 0
	}
	if v := fixed(codeType, 1); v != nil {
		m.Type = Type(v[0])
	}
	if v := fixed(codeMask, 4); v != nil {
		m.Mask = prefixLength(binary.BigEndian.Uint32(v))
		good = good && m.Mask > 0
	}
	m.Requested, m.Server = addressIn(fixed(codeRequested, 4)), addressIn(fixed(codeServer, 4))
	m.Lease, m.T1, m.T2 = seconds(codeLease), seconds(codeT1), seconds(codeT2)
	m.Routers, m.DNS = addresses(codeRouter), addresses(codeDNS)
	m.Hostname, m.Domain, m.ClientID, m.Wanted = string(values[codeHostname]), string(values[codeDomain]), string(values[codeClientID]), values[codeWanted]
	return good && m.Type >= Discover && m.Type <= Inform && len(m.ClientID) <= 255
}

// prefixLength is that of a mask; 0: it has holes, or is none.
func prefixLength(mask uint32) int {
	for n := 1; n <= 32; n++ {
		if mask == ^uint32(0)<<(32-n) {
			return n
		}
	}
	return 0
}

// addressIn is an address; invalid where there is none, or 0.0.0.0.
func addressIn(b []byte) netip.Addr {
	a, ok := netip.AddrFromSlice(b)
	if !ok || a.IsUnspecified() {
		return netip.Addr{}
	}
	return a
}
