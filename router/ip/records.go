package ip

import "net/netip"

// LinkChanged says that an interface came up or went down.
type LinkChanged struct {
	Interface string
	Up        bool
	Shutdown  bool // it is shut down
	Asked     bool // by `shutdown` or `no shutdown`
	Physical  bool
}

func (LinkChanged) Kind() string { return "ip.link" }

// LineProtocolChanged says that an interface carries packets from now on, or
// no more.
type LineProtocolChanged struct {
	Interface string
	Up        bool
}

func (LineProtocolChanged) Kind() string { return "ip.line_protocol" }

// RouteChanged says that a route came into the table, or left it.
type RouteChanged struct {
	VRF       string // "": the global table
	Code      string // as in `show ip route`: L, C, S
	Prefix    netip.Prefix
	NextHop   netip.Addr // invalid: directly connected
	Interface string     // "": a recursive route
	Distance  int
	Installed bool
}

func (RouteChanged) Kind() string { return "ip.route" }

// NeighbourChanged says that a neighbour's hardware address was learned or
// forgotten.
type NeighbourChanged struct {
	Interface string
	Address   netip.Addr
	MAC       [6]byte
	Known     bool
}

func (NeighbourChanged) Kind() string { return "ip.neighbour" }

// Dropped says that a packet went no further.
type Dropped struct {
	Interface string // where it came in, or should have left
	Leaving   bool   // it should have left
	VRF       string // in whose table it was looked up, or would have been; "": the global one
	From, To  netip.Addr
	Length    int
	Protocol  uint8
	Fragment  bool // it is a fragment of a packet
	Reason    Reason
}

func (Dropped) Kind() string { return "ip.dropped" }

// drop records the end of a packet.
func (s *Stack) drop(i *Interface, b []byte, why Reason) { dropped(s, i, b, Dropped{Reason: why}) }

func dropped(s *Stack, i *Interface, b []byte, d Dropped) {
	totals(s, IsIPv6(b)).drop(b, d.Reason)
	if s.records.Unheard() {
		return
	}
	if i != nil {
		d.Interface, d.VRF = i.Name, i.table.Name
	}
	if len(b) >= HeaderLen && b[0]>>4 == 4 || len(b) >= HeaderLen6 && IsIPv6(b) {
		d.From, d.To, d.Length = Source(b), Destination(b), len(b)
		d.Protocol, _, d.Fragment = Body(b)
	}
	s.records.Emit(d)
}

// dropIn is drop for a packet that came in, which counts at its interface.
func (s *Stack) dropIn(p *Packet, why Reason) {
	if p.In != nil {
		p.In.Counters.InDrops++
	}
	s.drop(p.In, p.Bytes(), why)
}

// DropOut is drop for a packet that should have left.
func (s *Stack) DropOut(i *Interface, b []byte, why Reason) {
	i.Counters.OutDrops++
	dropped(s, i, b, Dropped{Leaving: true, Reason: why})
}

// Refuse is drop for a packet that was not understood.
func (s *Stack) Refuse(p *Packet, why Reason) {
	p.countInError()
	s.drop(p.In, p.Bytes(), why)
}

// watch shows what becomes of a packet to who watches. in is nil where it was made
// here, e where it is delivered.
func watch(s *Stack, how Passage, in *Interface, b []byte, e *Entry) {
	if s.records.Watched() {
		show(s, how, in, b, e)
	}
}

func show(s *Stack, how Passage, in *Interface, b []byte, e *Entry) {
	d := passed(how, b)
	if in != nil {
		d.In = in.Name
	}
	if e != nil && e.Out != nil {
		d.Out, d.NextHop = e.Out.Name, e.nextHop(destination(b)).netip()
	}
	s.records.Pass(d)
}

// DuplicateAddress says that somebody else has an address of an interface.
type DuplicateAddress struct {
	Interface string
	Address   netip.Addr
	MAC       [6]byte // of who has it, where it is one of IPv4
}

func (DuplicateAddress) Kind() string { return "ip.duplicate_address" }
