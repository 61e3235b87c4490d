package ip

// Totals are what a device has carried since it was started, or since they were
// cleared, of all interfaces together.
type Totals struct {
	Received, Local      uint64 // packets that came in, and those for this device
	Generated, Forwarded uint64
	WithOptions          uint64
	Options              map[uint8]uint64 // by type

	Reassembled           uint64
	Fragmented, Fragments uint64 // packets cut, and what came of it
	Broadcasts, Sent      uint64 // to all on a link: in, out
	Multicasts            uint64

	HeaderSums             uint64 // checksums that were wrong
	FromZero, FromLoopback uint64 // dropped for their source
	Dropped                map[Reason]uint64

	ICMP          ICMPTotals
	UDP           UDPTotals
	ARPIn, ARPOut ARPTotals
}

// ICMPTotals are messages of ICMP, by type.
type ICMPTotals struct {
	In, Out     map[uint8]uint64
	Short, Sums uint64 // without a whole header, with a wrong checksum

	Errors [2]map[[2]uint8]uint64 // of ICMPv6, in and out, by type and code
}

// UDPTotals are datagrams.
type UDPTotals struct{ In, Out, Sums uint64 }

// ARPTotals are ARP packets that were understood.
type ARPTotals struct{ Requests, Replies uint64 }

// add counts in a map that is made when it is needed.
func add[K comparable](m *map[K]uint64, key K) {
	if *m == nil {
		*m = map[K]uint64{}
	}
	(*m)[key]++
}

// received4 counts an IPv4 packet that is to many, or has options.
func (t *Totals) received4(b []byte, group bool) {
	switch {
	case group && b[16]&0xf0 == 0xe0:
		t.Multicasts++
	case group:
		t.Broadcasts++
	}
	if n := int(b[0]&15) * 4; n > HeaderLen {
		t.WithOptions++
		t.options(b[HeaderLen:n])
	}
}

// options counts the options of a header, up to one that is broken.
func (t *Totals) options(o []byte) {
	for i := 0; i < len(o); {
		kind, n := o[i], 1
		if kind > 1 {
			if i+1 >= len(o) || o[i+1] < 2 || i+int(o[i+1]) > len(o) {
				return
			}
			n = int(o[i+1])
		}
		if add(&t.Options, kind); kind == 0 {
			return
		}
		i += n
	}
}

// made counts a packet that is sent from here.
func (t *Totals) made(b []byte) {
	t.Generated++
	switch protocol(b) {
	case ProtoUDP:
		t.UDP.Out++
	case ProtoICMP, ProtoICMPv6:
		if at := headerLen(b); at < len(b) {
			add(&t.ICMP.Out, b[at])
			t.error6(1, b, at)
		}
	}
}

// error6 counts an error of ICMPv6 that came, or, 1, left.
func (t *Totals) error6(way int, b []byte, at int) {
	if IsIPv6(b) && at+1 < len(b) && b[at] < echoRequest6 {
		add(&t.ICMP.Errors[way], [2]uint8{b[at], b[at+1]})
	}
}

// arp counts an ARP packet.
func (t *ARPTotals) arp(reply bool) {
	if reply {
		t.Replies++
		return
	}
	t.Requests++
}

// drop counts a packet that went no further.
func (t *Totals) drop(b []byte, why Reason) {
	add(&t.Dropped, why)
	switch {
	case IsIPv6(b):
	case why == BadHeader && wellFormed(b):
		t.HeaderSums++
	case why == ImpossibleFrom && b[12] == 0:
		t.FromZero++
	case why == ImpossibleFrom && b[12] == 127:
		t.FromLoopback++
	}
}
