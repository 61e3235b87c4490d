package ikev2

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// What all that an engine sends looks like: RFC 7296, sections 2.5 and 3, octet by
// octet behind the cipher.

// audit looks at each datagram of a lab before it leaves.
type audit struct {
	*lab
	t     *testing.T
	seen  map[string]int    // exchanges, and payloads by their type
	nonce map[string]uint64 // whose
	ivs   map[string]bool
	sas   [2]map[uint64]*ikeSA // that each end has had, by its own SPI
}

func newAudit(t *testing.T, edit ...func(*testPolicy)) *audit {
	a := &audit{lab: newLab(t, 3, append([]func(*testPolicy){quick}, edit...)...), t: t, seen: map[string]int{}, nonce: map[string]uint64{}, ivs: map[string]bool{},
		sas: [2]map[uint64]*ikeSA{{}, {}}}
	a.tamper = func(from int, d Datagram) []Datagram {
		a.datagram(a.peers[from], d.Data)
		return []Datagram{d}
	}
	return a
}

// datagram: "Implementations based on this version of IKE MUST set the major version
// to 2." and "MUST set the minor version to 0." (RFC 7296 3.1)
func (a *audit) datagram(p *end, b []byte) {
	h, err := wire.ParseHeader(b)
	require.NoError(a.t, err)
	require.EqualValues(a.t, 0x20, b[17])
	// "'X' bits MUST be cleared when sending and MUST be ignored on receipt."
	require.Zero(a.t, b[19]&^byte(wire.FlagInitiator|wire.FlagResponse), "X bits, and V: \"Implementations of IKEv2 MUST clear this bit when sending\"")
	require.NotZero(a.t, h.SPIi, "the initiator's SPI \"MUST NOT be zero\"")
	for spi, sa := range p.Engine.sas.All() {
		a.sas[p.index][spi] = sa
	}
	own := h.SPIr
	if h.FromInitiator() {
		own = h.SPIi
	}
	sa := a.sas[p.index][own]
	if h.Exchange == wire.IKE_SA_INIT {
		// "This value MUST be zero in the first message of an IKE initial exchange"
		require.True(a.t, h.Response() || h.SPIr == 0)
		require.Equal(a.t, !h.Response(), h.FromInitiator())
		a.chain(h, h.Next, b[wire.HeaderLen:])
		return
	}
	require.NotNil(a.t, sa)
	// "This bit MUST be set in messages sent by the original initiator of the IKE SA and
	// MUST be cleared in messages sent by the original responder."
	require.Equal(a.t, sa.initiator, h.FromInitiator())
	require.Equal(a.t, [2]uint64{sa.spiI, sa.spiR}, [2]uint64{h.SPIi, h.SPIr})
	require.Equal(a.t, wire.TypeSK, h.Next, "the Encrypted payload is the only one")
	c, err := sa.keys.Cipher(sa.initiator, nil)
	require.NoError(a.t, err)
	plain, err := c.Open(nil, b, wire.HeaderLen+4)
	require.NoError(a.t, err)
	iv := string(b[wire.HeaderLen+4 : wire.HeaderLen+4+c.IVLen()])
	require.False(a.t, a.ivs[iv], "\"Senders MUST select a new unpredictable IV for every message\" (3.14)")
	a.ivs[iv] = true
	pad := int(plain[len(plain)-1])
	require.Less(a.t, pad, c.BlockLen(), "\"the minimum value\" (3.14)")
	require.Zero(a.t, b[wire.HeaderLen+1], "critical, reserved")
	a.chain(h, wire.PayloadType(b[wire.HeaderLen]), plain[:len(plain)-1-pad])
}

// chain looks at payloads: "RESERVED (7 bits) - MUST be sent as zero", and critical
// "MUST be set to zero for payload types defined in this document." (RFC 7296 3.2)
func (a *audit) chain(h wire.Header, next wire.PayloadType, b []byte) {
	a.seen[describe(&wire.Message{Header: wire.Header{Exchange: h.Exchange, Flags: h.Flags}})]++
	for next != wire.NoNext {
		require.Zero(a.t, b[1], "%v", next)
		n := int(binary.BigEndian.Uint16(b[2:]))
		a.seen[next.String()]++
		a.payload(h, next, b[4:n])
		next, b = wire.PayloadType(b[0]), b[n:]
	}
	require.Empty(a.t, b)
}

func (a *audit) payload(h wire.Header, t wire.PayloadType, b []byte) {
	zero := func(from, to int) { require.Zero(a.t, [8]byte(append(b[from:to:to], make([]byte, 8)...)), "%v", t) }
	switch t {
	case wire.TypeSA:
		a.proposals(b)
	case wire.TypeKE:
		zero(2, 4)
	case wire.TypeIDi, wire.TypeIDr, wire.TypeAuth:
		zero(1, 4)
	case wire.TypeCP:
		zero(1, 4)
		require.Zero(a.t, b[4]>>7, "\"This bit MUST be set to zero\" (3.15.1)")
	case wire.TypeTSi, wire.TypeTSr:
		zero(1, 4)
		// "Systems that are complying with [IPSECARCH] that wish to indicate "ANY" ports MUST
		// set the start port to 0 and the end port to 65535" (3.13.1)
		require.Equal(a.t, []byte{wire.TSIPv4AddrRange, 0, 0, 16, 0, 0, 255, 255}, b[4:12])
	case wire.TypeNotify:
		a.notify(wire.NotifyType(binary.BigEndian.Uint16(b[2:])), b)
	case wire.TypeNonce:
		// "Nonce values MUST NOT be reused." (3.9) A first request that is made anew keeps
		// what it has besides cookie and key exchange (2.6).
		before, used := a.nonce[string(b)]
		require.True(a.t, !used || before == h.SPIi && h.Exchange == wire.IKE_SA_INIT, "a nonce twice")
		a.nonce[string(b)] = h.SPIi
	case wire.TypeDelete:
		// "It MUST be zero for IKE (SPI is in message header) or four for AH and ESP" (3.11)
		require.Equal(a.t, b[0] == byte(wire.ProtoIKE), b[1] == 0)
	}
}

// notify: "For notifications concerning Child SAs, this field MUST contain either (2) to
// indicate AH or (3) to indicate ESP." and "For a notification concerning the IKE SA, the
// SPI Size MUST be zero and the field must be empty." (RFC 7296 3.10)
func (a *audit) notify(kind wire.NotifyType, b []byte) {
	switch kind {
	case wire.REKEY_SA, wire.CHILD_SA_NOT_FOUND:
		require.Equal(a.t, []byte{byte(wire.ProtoESP), 4}, b[:2])
	case wire.IKEV2_FRAGMENTATION_SUPPORTED:
		// "Protocol ID (1 octet) - MUST be 0." and "SPI Size (1 octet) - MUST be 0, meaning no
		// Security Parameter Index (SPI) is present." (RFC 7383 2.3)
		require.Equal(a.t, []byte{0, 0, 0x40, 0x2e}, b)
	default:
		require.Zero(a.t, b[1], "%v", kind)
	}
	a.seen[kind.String()]++
}

// proposals: "The first Proposal in the initiator's SA payload MUST have a Proposal
// Num of one (1)." (RFC 7296 3.3)
func (a *audit) proposals(b []byte) {
	for number := byte(1); len(b) > 0; number++ {
		require.Zero(a.t, b[1], "reserved")
		require.Equal(a.t, number, b[4])
		n, spi := binary.BigEndian.Uint16(b[2:]), int(b[6])
		for t := b[8+spi : n]; len(t) > 0; t = t[binary.BigEndian.Uint16(t[2:]):] {
			require.Zero(a.t, t[1], "reserved")
			require.Zero(a.t, t[5], "reserved")
			none := binary.BigEndian.Uint16(t[6:]) == 0 && t[4] != byte(wire.TypeESN)
			require.False(a.t, none, "\"Implementations SHOULD omit the whole transform substructure instead of sending value NONE.\" (1.2)")
		}
		b = b[n:]
	}
}

// "Also, for forward compatibility, all fields marked RESERVED MUST be set to zero by
// an implementation running version 2.0" and "Payloads sent in IKE response messages
// MUST NOT have the critical flag set." (RFC 7296 2.5): an hour of two ends that do
// all they can.
func TestOctetsOfEveryMessage(t *testing.T) {
	a := newAudit(t, func(p *testPolicy) {
		p.Profiles[0].Lifetime, p.Children[0].Lifetime, p.Children[0].PFS = 20*time.Minute, 7*time.Minute, 19
		p.DPD = DPD{Interval: 10 * time.Second, Retry: 2 * time.Second}
		p.Proposals[0].Group, p.FragmentMTU = append(p.Proposals[0].Group, 14), 1500
	})
	other := testConfig(1, quick, func(p *testPolicy) { p.Proposals[0].Group, p.Children[0].PFS = []ipsec.Group{14}, 14 })
	a.stubborn = true
	a.acquire(0)
	a.run(time.Hour)
	a.clearChild(1)
	a.run(time.Minute)
	a.acquire(1)
	a.run(time.Minute)
	a.peers[1].configure(other) // groups that the other end does not guess
	a.clearIKE(0)
	a.run(10 * time.Minute)
	for _, what := range []string{"IKE_SA_INIT request 0 { }", "IKE_AUTH response 0 { }", "CREATE_CHILD_SA request 0 { }", "INFORMATIONAL response 0 { }",
		"SA", "KE", "IDi", "IDr", "AUTH", "TSi", "TSr", "CFG", "NOTIFY", "DELETE", "VID", "CERTREQ",
		"REKEY_SA", "INVALID_KE_PAYLOAD", "IKEV2_FRAGMENTATION_SUPPORTED", "SET_WINDOW_SIZE", "INITIAL_CONTACT"} {
		require.NotZero(t, a.seen[what], "%s among %v", what, a.seen)
	}
}
