package debug

import (
	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/debug/sentence"
)

// Class says what a line is about and so which switches print it. On the 15.1
// generation the default level prints state machine and packets too; `packet`
// and `internal` narrow it down.
type Class uint8

// The classes.
const (
	Trace    Class = iota // the state machine
	Fact                  // what the negotiation found and decided
	Internal              // talk between IKEv2, its toolkit and IPsec
	Packet                // messages and their payloads
	Error
	IPsec  // the key engine
	Syslog // not a debug: a message of the system
	Packets
	ICMPMessages
	ARPs
	Routes
	NATs
	NATDetails
	DHCPEvents
	DHCPPackets
	DHCPClients
	Tracks
	SixICMP
	SixND
	SixPackets
	NTPMessages
	NTPHappenings
	StandbyErrors
	StandbyEvents
	StandbyPackets
)

// Line is one line of output. Only the first line of what a router prints in
// one go carries a timestamp.
type Line struct {
	Class    Class
	Stamped  bool
	Severity int    // of syslog; 7 for a debug
	Limit    string // a message of this kind appears once a minute; "": always
	Text     string
	voice    voice
	sa       ikev2.Ref
}

// voice says which words of IKEv2 stand before a text: each image has its own, prefix.go.
type voice uint8

const (
	plain    voice = iota // none
	alone                 // those of no SA
	ofSA                  // those of an SA
	engine                // those of an SA, as the crypto engine knows it
	numbered              // its id alone, as 15.1 says of a profile
)

// The syslog severities that a router logs with.
const (
	Informational = sentence.Informational
	Debugging     = 7
)

func stamped(c Class, text string) Line {
	return Line{Class: c, Stamped: true, Severity: Debugging, Text: text}
}

// spoken makes a line that begins with IKEv2's words.
func spoken(v voice, sa ikev2.Ref, c Class, text string) Line {
	l := stamped(c, text)
	if l.voice, l.sa = v, sa; v == ofSA && sa.ID == 0 {
		l.voice = alone
	}
	return l
}

func follows(c Class, text string) Line { return Line{Class: c, Severity: Debugging, Text: text} }

// message is a line of syslog: "%LINK-3-UPDOWN: …".
func message(m *sentence.Message, a ...any) []Line {
	return []Line{{Class: Syslog, Stamped: true, Severity: m.Severity, Text: m.Say(a...)}}
}

// limited is a message that bad packets can provoke: once a minute is enough.
func limited(m *sentence.Message, a ...any) []Line {
	lines := message(m, a...)
	lines[0].Limit = m.Mnemonic()
	return lines
}

// Switches are the debugs that are on.
type Switches struct {
	IKEv2, Packet, Internal, Error, IPsec bool

	topics   uint32 // a bit for each Topic
	Detailed bool   // of packets also what they carry
	List     string // the access list that packets must fit; "": all do
}

// Details says whether a debug is on: those read what a negotiation is full of.
func (s Switches) Details() bool { return s.anyIKE() || s.IPsec || s.topics != 0 }

// perPacket are the topics that each packet is asked about.
const perPacket = 1<<IPPacket | 1<<ICMP | 1<<ARP | 1<<IPNAT | 1<<IPNATDetailed | 1<<IPv6ICMP | 1<<IPv6ND | 1<<IPv6Packet

// PerPacket is where it stands whether what passes is wanted, and by which bits.
func (s *Switches) PerPacket() (word *uint32, which uint32) { return &s.topics, perPacket }

func (s Switches) anyIKE() bool { return s.IKEv2 || s.Packet || s.Internal || s.Error }

// wants says whether lines of a class are printed. On the newer generation each
// level is apart, and the default level tells no more than facts and errors.
func (s Switches) wants(c Class, g iosconfig.Generation) bool {
	older := g != iosconfig.XE17
	switch c {
	case Trace:
		return s.Internal || older && s.IKEv2
	case Fact:
		return s.IKEv2 || older && s.Internal
	case Internal:
		return s.Internal
	case Packet:
		return s.Packet || older && s.IKEv2
	case IPsec:
		return s.IPsec
	case Syslog:
		return true
	case Packets:
		return s.On(IPPacket)
	case ICMPMessages:
		return s.On(ICMP)
	case ARPs:
		return s.On(ARP)
	case Routes:
		return s.On(IPRouting)
	case NATs:
		return s.On(IPNAT)
	case NATDetails:
		return s.On(IPNATDetailed)
	case DHCPEvents:
		return s.On(DHCPServerEvents)
	case DHCPPackets:
		return s.On(DHCPServerPackets)
	case DHCPClients:
		return s.On(DHCPClient)
	case Tracks:
		return s.On(Tracking)
	case SixICMP:
		return s.On(IPv6ICMP)
	case SixND:
		return s.On(IPv6ND)
	case SixPackets:
		return s.On(IPv6Packet)
	case NTPMessages:
		return s.On(NTPPackets)
	case NTPHappenings:
		return s.On(NTPEvents)
	case StandbyErrors:
		return s.On(HSRPErrors)
	case StandbyEvents:
		return s.On(HSRPEvents)
	case StandbyPackets:
		return s.On(HSRPPackets)
	}
	return s.anyIKE()
}

// flag is a switch of `debug crypto ikev2` by its name there.
type flag struct {
	name string
	on   *bool
}

func (s *Switches) flags() []flag {
	return []flag{{"error", &s.Error}, {"default", &s.IKEv2}, {"packet", &s.Packet}, {"internal", &s.Internal}}
}

// SetIKEv2 turns one of error, default, packet and internal on or off.
func (s *Switches) SetIKEv2(name string, on bool) {
	for _, f := range s.flags() {
		if f.name == name {
			*f.on = on
		}
	}
}

// OnIKEv2 are the names of those that are on.
func (s Switches) OnIKEv2() []string {
	on := []string{}
	for _, f := range s.flags() {
		if *f.on {
			on = append(on, f.name)
		}
	}
	return on
}

// View is what lines depend on beside the record.
type View struct {
	Generation iosconfig.Generation
	LogSession bool // crypto logging session
	LogIKEv2   bool // crypto logging ikev2
	LogNTP     bool // ntp logging
	Detailed   bool // debug ip packet detail
}
