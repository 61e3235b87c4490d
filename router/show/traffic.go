package show

import (
	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// Traffic is `show ip traffic`: what the device has carried. What can only be zero
// here has no key.
type Traffic struct {
	IP   IPTraffic   `json:"ip"`
	ICMP ICMPTraffic `json:"icmp"`
	UDP  UDPTraffic  `json:"udp"`
	ARP  ARPTraffic  `json:"arp"`
}

// IPTraffic is packets of IPv4.
type IPTraffic struct {
	Received        uint64        `json:"received"`
	Local           uint64        `json:"local_destination"`
	FormatErrors    uint64        `json:"format_errors"`
	ChecksumErrors  uint64        `json:"checksum_errors"`
	BadHops         uint64        `json:"bad_hop_count"`
	UnknownProtocol uint64        `json:"unknown_protocol"`
	WithOptions     uint64        `json:"with_options"`
	Options         IPOptions     `json:"options"`
	Fragments       FragmentTotal `json:"fragments"`
	BroadcastsIn    uint64        `json:"broadcasts_received"`
	BroadcastsOut   uint64        `json:"broadcasts_sent"`
	MulticastsIn    uint64        `json:"multicasts_received"`
	Generated       uint64        `json:"generated"`
	Forwarded       uint64        `json:"forwarded"`
	Unencapsulated  uint64        `json:"encapsulation_failed"`
	NoRoute         uint64        `json:"no_route"`
	FromZero        uint64        `json:"source_zero"`
	FromLoopback    uint64        `json:"source_loopback"`
	BadSources      uint64        `json:"bad_source,omitempty"`   // of IPv6
	NotRouter       uint64        `json:"not_a_router,omitempty"` // of IPv6
}

// IPOptions is options by their type.
type IPOptions struct {
	End              uint64 `json:"end"`
	Nop              uint64 `json:"nop"`
	BasicSecurity    uint64 `json:"basic_security"`
	LooseRoute       uint64 `json:"loose_source_route"`
	Timestamp        uint64 `json:"timestamp"`
	ExtendedSecurity uint64 `json:"extended_security"`
	RecordRoute      uint64 `json:"record_route"`
	StreamID         uint64 `json:"stream_id"`
	StrictRoute      uint64 `json:"strict_source_route"`
	Alert            uint64 `json:"alert"`
	CIPSO            uint64 `json:"cipso"`
	Other            uint64 `json:"other"`
}

// FragmentTotal is packets that were cut, and put together.
type FragmentTotal struct {
	Reassembled uint64 `json:"reassembled"`
	Timeouts    uint64 `json:"timeouts"`
	Failed      uint64 `json:"not_reassembled"`
	Fragmented  uint64 `json:"fragmented"`
	Made        uint64 `json:"fragments"`
	Refused     uint64 `json:"not_fragmented"`
}

// ICMPTraffic is messages of ICMP, by type.
type ICMPTraffic struct {
	FormatErrors   uint64     `json:"format_errors"`
	ChecksumErrors uint64     `json:"checksum_errors"`
	Received       ICMPTotals `json:"received"`
	Sent           ICMPTotals `json:"sent"`
}

// ICMPTotals is messages by type.
type ICMPTotals struct {
	Echo           uint64 `json:"echo"`
	EchoReply      uint64 `json:"echo_reply"`
	Unreachable    uint64 `json:"unreachable"`
	Redirect       uint64 `json:"redirect"`
	Quench         uint64 `json:"quench"`
	TimeExceeded   uint64 `json:"time_exceeded"`
	Parameter      uint64 `json:"parameter"`
	Timestamp      uint64 `json:"timestamp"`
	TimestampReply uint64 `json:"timestamp_reply"`
	InfoRequest    uint64 `json:"info_request"`
	InfoReply      uint64 `json:"info_reply"`
	MaskRequest    uint64 `json:"mask_request"`
	MaskReply      uint64 `json:"mask_reply"`
	Advertisements uint64 `json:"irdp_advertisements"`
	Solicitations  uint64 `json:"irdp_solicitations"`
	Other          uint64 `json:"other"`
}

// UDPTraffic is datagrams.
type UDPTraffic struct {
	Received       uint64 `json:"received"`
	ChecksumErrors uint64 `json:"checksum_errors"`
	NoPort         uint64 `json:"no_port"`
	Sent           uint64 `json:"sent"`
}

// ARPTraffic is packets of ARP.
type ARPTraffic struct {
	RequestsIn  uint64 `json:"requests_received"`
	RepliesIn   uint64 `json:"replies_received"`
	RequestsOut uint64 `json:"requests_sent"`
	RepliesOut  uint64 `json:"replies_sent"`
}

// TrafficOf puts totals in order.
func TrafficOf(t *ip.Totals) Traffic {
	d := t.Dropped
	return Traffic{
		IP: IPTraffic{
			Received: t.Received, Local: t.Local, FormatErrors: d[ip.BadHeader] - t.HeaderSums, ChecksumErrors: t.HeaderSums, BadHops: d[ip.TTLExceeded],
			UnknownProtocol: d[ip.NoProtocol], WithOptions: t.WithOptions, Options: optionsOf(t.Options),
			Fragments:    FragmentTotal{t.Reassembled, d[ip.FragmentsAbsent], d[ip.BadFragments], t.Fragmented, t.Fragments, d[ip.TooLong]},
			BroadcastsIn: t.Broadcasts, BroadcastsOut: t.Sent, MulticastsIn: t.Multicasts, Generated: t.Generated, Forwarded: t.Forwarded,
			Unencapsulated: d[ip.Unresolved] + d[ip.Superseded] + d[ip.TooMany], NoRoute: d[ip.NoRoute], FromZero: t.FromZero, FromLoopback: t.FromLoopback,
			NotRouter: d[ip.NotRouter],
		},
		ICMP: ICMPTraffic{FormatErrors: t.ICMP.Short, ChecksumErrors: t.ICMP.Sums, Received: icmpOf(t.ICMP.In), Sent: icmpOf(t.ICMP.Out)},
		UDP:  UDPTraffic{Received: t.UDP.In, ChecksumErrors: t.UDP.Sums, NoPort: d[ip.NoPort], Sent: t.UDP.Out},
		ARP:  ARPTraffic{RequestsIn: t.ARPIn.Requests, RepliesIn: t.ARPIn.Replies, RequestsOut: t.ARPOut.Requests, RepliesOut: t.ARPOut.Replies},
	}
}

// optionsOf sorts options by the types of RFC 791, 1108, 2113 and of CIPSO.
func optionsOf(m map[uint8]uint64) (o IPOptions) {
	for kind, n := range m {
		switch kind {
		case 0:
			o.End += n
		case 1:
			o.Nop += n
		case 130:
			o.BasicSecurity += n
		case 131:
			o.LooseRoute += n
		case 68:
			o.Timestamp += n
		case 133:
			o.ExtendedSecurity += n
		case 7:
			o.RecordRoute += n
		case 136:
			o.StreamID += n
		case 137:
			o.StrictRoute += n
		case 148:
			o.Alert += n
		case 134:
			o.CIPSO += n
		default:
			o.Other += n
		}
	}
	return o
}

func icmpOf(m map[uint8]uint64) (c ICMPTotals) {
	of := map[uint8]*uint64{
		0: &c.EchoReply, 3: &c.Unreachable, 4: &c.Quench, 5: &c.Redirect, 8: &c.Echo, 9: &c.Advertisements, 10: &c.Solicitations, 11: &c.TimeExceeded,
		12: &c.Parameter, 13: &c.Timestamp, 14: &c.TimestampReply, 15: &c.InfoRequest, 16: &c.InfoReply, 17: &c.MaskRequest, 18: &c.MaskReply,
	}
	for kind, n := range m {
		if counter := of[kind]; counter != nil {
			*counter += n
		} else {
			c.Other += n
		}
	}
	return c
}

// Lines shows protocol by protocol. There is no TCP.
func (s Traffic) Lines(iosconfig.Generation) []string {
	var p page
	i, o, f := &s.IP, &s.IP.Options, &s.IP.Fragments
	p.line("IP statistics:")
	p.linef("  Rcvd:  %d total, %d local destination", i.Received, i.Local)
	p.linef("         %d format errors, %d checksum errors, %d bad hop count", i.FormatErrors, i.ChecksumErrors, i.BadHops)
	p.linef("         %d unknown protocol, 0 not a gateway", i.UnknownProtocol)
	p.linef("         0 security failures, 0 bad options, %d with options", i.WithOptions)
	p.linef("  Opts:  %d end, %d nop, %d basic security, %d loose source route", o.End, o.Nop, o.BasicSecurity, o.LooseRoute)
	p.linef("         %d timestamp, %d extended security, %d record route", o.Timestamp, o.ExtendedSecurity, o.RecordRoute)
	p.linef("         %d stream ID, %d strict source route, %d alert, %d cipso, 0 ump", o.StreamID, o.StrictRoute, o.Alert, o.CIPSO)
	p.linef("         %d other", o.Other)
	p.linef("  Frags: %d reassembled, %d timeouts, %d couldn't reassemble", f.Reassembled, f.Timeouts, f.Failed)
	p.linef("         %d fragmented, %d fragments, %d couldn't fragment", f.Fragmented, f.Made, f.Refused)
	p.linef("  Bcast: %d received, %d sent", i.BroadcastsIn, i.BroadcastsOut)
	p.linef("  Mcast: %d received, 0 sent", i.MulticastsIn)
	p.linef("  Sent:  %d generated, %d forwarded", i.Generated, i.Forwarded)
	p.linef("  Drop:  %d encapsulation failed, 0 unresolved, 0 no adjacency", i.Unencapsulated)
	p.linef("         %d no route, 0 unicast RPF, 0 forced drop", i.NoRoute)
	p.line("         0 options denied")
	p.linef("  Drop:  %d packets with source IP address zero", i.FromZero)
	p.linef("  Drop:  %d packets with internal loop back IP address", i.FromLoopback)
	p.line("")
	icmpLines(&p, &s.ICMP)
	p.add("TCP statistics:", "  Rcvd: 0 total, 0 checksum errors, 0 no port", "  Sent: 0 total", "", "UDP statistics:")
	p.linef("  Rcvd: %d total, %d checksum errors, %d no port", s.UDP.Received, s.UDP.ChecksumErrors, s.UDP.NoPort)
	p.linef("  Sent: %d total, 0 forwarded broadcasts", s.UDP.Sent)
	p.add("", "ARP statistics:")
	p.linef("  Rcvd: %d requests, %d replies, 0 reverse, 0 other", s.ARP.RequestsIn, s.ARP.RepliesIn)
	p.linef("  Sent: %d requests, %d replies (0 proxy), 0 reverse", s.ARP.RequestsOut, s.ARP.RepliesOut)
	p.line("  Drop due to input queue full: 0")
	return p.lines
}

func icmpLines(p *page, s *ICMPTraffic) {
	in, out := &s.Received, &s.Sent
	p.line("ICMP statistics:")
	p.linef("  Rcvd: %d format errors, %d checksum errors, %d redirects, %d unreachable", s.FormatErrors, s.ChecksumErrors, in.Redirect, in.Unreachable)
	p.linef("        %d echo, %d echo reply, %d mask requests, %d mask replies, %d quench", in.Echo, in.EchoReply, in.MaskRequest, in.MaskReply, in.Quench)
	p.linef("        %d parameter, %d timestamp, %d timestamp replies, %d info request, %d other", in.Parameter, in.Timestamp, in.TimestampReply, in.InfoRequest, in.Other)
	p.linef("        %d irdp solicitations, %d irdp advertisements", in.Solicitations, in.Advertisements)
	p.linef("        %d time exceeded, %d info replies", in.TimeExceeded, in.InfoReply)
	p.linef("  Sent: %d redirects, %d unreachable, %d echo, %d echo reply", out.Redirect, out.Unreachable, out.Echo, out.EchoReply)
	p.linef("        %d mask requests, %d mask replies, %d quench, %d timestamp, %d timestamp replies", out.MaskRequest, out.MaskReply, out.Quench, out.Timestamp, out.TimestampReply)
	p.linef("        %d info reply, %d time exceeded, %d parameter problem", out.InfoReply, out.TimeExceeded, out.Parameter)
	p.linef("        %d irdp solicitations, %d irdp advertisements", out.Solicitations, out.Advertisements)
	p.line("")
}
