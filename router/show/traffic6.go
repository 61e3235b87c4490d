package show

import (
	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// IPv6Traffic is `show ipv6 traffic`. Its keys are those of `show ip traffic`.
type IPv6Traffic struct {
	IP   IPTraffic     `json:"ip"`
	ICMP ICMPv6Traffic `json:"icmp"`
	UDP  UDPTraffic    `json:"udp"`
}

// ICMPv6Traffic is messages of ICMPv6.
type ICMPv6Traffic struct {
	Short          uint64       `json:"too_short"`
	ChecksumErrors uint64       `json:"checksum_errors"`
	Limited        uint64       `json:"rate_limited"`
	Received       ICMPv6Totals `json:"received"`
	Sent           ICMPv6Totals `json:"sent"`
}

// ICMPv6Totals is messages by type, and errors by code.
type ICMPv6Totals struct {
	All             uint64 `json:"all"`
	NoRoute         uint64 `json:"unreachable_routing"`
	Prohibited      uint64 `json:"unreachable_admin"`
	BeyondScope     uint64 `json:"unreachable_neighbor"`
	Address         uint64 `json:"unreachable_address"`
	Port            uint64 `json:"unreachable_port"`
	Parameter       uint64 `json:"parameter_error"`
	Header          uint64 `json:"parameter_header"`
	Option          uint64 `json:"parameter_option"`
	HopLimit        uint64 `json:"hopcount_expired"`
	Reassembly      uint64 `json:"reassembly_timeout"`
	TooBig          uint64 `json:"too_big"`
	Echo            uint64 `json:"echo_request"`
	EchoReply       uint64 `json:"echo_reply"`
	RouterSolicit   uint64 `json:"router_solicit"`
	RouterAdvert    uint64 `json:"router_advert"`
	NeighborSolicit uint64 `json:"neighbor_solicit"`
	NeighborAdvert  uint64 `json:"neighbor_advert"`
}

// IPv6TrafficOf puts totals in order; limited are errors that did not leave.
func IPv6TrafficOf(t *ip.Totals, limited uint64) IPv6Traffic {
	of := TrafficOf(t)
	of.IP.BadSources = t.Dropped[ip.ImpossibleFrom]
	return IPv6Traffic{IP: of.IP, UDP: of.UDP, ICMP: ICMPv6Traffic{
		Short: t.ICMP.Short, ChecksumErrors: t.ICMP.Sums, Limited: limited, Received: icmp6Of(t.ICMP.In, t.ICMP.Errors[0]), Sent: icmp6Of(t.ICMP.Out, t.ICMP.Errors[1]),
	}}
}

func icmp6Of(types map[uint8]uint64, errors map[[2]uint8]uint64) (c ICMPv6Totals) {
	for _, n := range types {
		c.All += n
	}
	c.Echo, c.EchoReply = types[128], types[129]
	c.RouterSolicit, c.RouterAdvert, c.NeighborSolicit, c.NeighborAdvert = types[133], types[134], types[135], types[136]
	of := map[[2]uint8]*uint64{
		{1, 0}: &c.NoRoute, {1, 1}: &c.Prohibited, {1, 2}: &c.BeyondScope, {1, 3}: &c.Address, {1, 4}: &c.Port, {2, 0}: &c.TooBig,
		{3, 0}: &c.HopLimit, {3, 1}: &c.Reassembly, {4, 0}: &c.Parameter, {4, 1}: &c.Header, {4, 2}: &c.Option,
	}
	for kind, n := range errors {
		if counter := of[kind]; counter != nil {
			*counter += n
		}
	}
	return c
}

// Lines shows protocol by protocol. There is no TCP.
func (s IPv6Traffic) Lines(iosconfig.Generation) []string {
	var p page
	i, f := &s.IP, &s.IP.Fragments
	p.line("IPv6 statistics:")
	p.linef("  Rcvd:  %d total, %d local destination", i.Received, i.Local)
	p.line("         0 source-routed, 0 truncated")
	p.linef("         %d format errors, %d hop count exceeded", i.FormatErrors, i.BadHops)
	p.linef("         0 bad header, 0 unknown option, %d bad source", i.BadSources)
	p.linef("         %d unknown protocol, %d not a router", i.UnknownProtocol, i.NotRouter)
	p.linef("         %d total reassembled", f.Reassembled)
	p.linef("         %d reassembly timeouts, %d reassembly failures", f.Timeouts, f.Failed)
	p.linef("  Sent:  %d generated, %d forwarded", i.Generated, i.Forwarded)
	p.linef("         %d fragmented into %d fragments, 0 failed", f.Fragmented, f.Made)
	p.linef("         %d encapsulation failed, %d no route, %d too big", i.Unencapsulated, i.NoRoute, f.Refused)
	p.linef("  Mcast: %d received", i.MulticastsIn)
	p.line("").line("ICMP statistics:")
	p.linef("  Rcvd: %d input, %d checksum errors, %d too short", s.ICMP.Received.All, s.ICMP.ChecksumErrors, s.ICMP.Short)
	icmp6Lines(&p, &s.ICMP.Received)
	p.linef("  Sent: %d output, %d rate-limited", s.ICMP.Sent.All, s.ICMP.Limited)
	icmp6Lines(&p, &s.ICMP.Sent)
	p.line("").line("UDP statistics:")
	p.linef("  Rcvd: %d input, %d checksum errors, 0 length errors", s.UDP.Received, s.UDP.ChecksumErrors)
	p.linef("        %d no port, 0 dropped", s.UDP.NoPort)
	p.linef("  Sent: %d output", s.UDP.Sent)
	p.add("", "TCP statistics:", "  Rcvd: 0 input, 0 checksum errors", "  Sent: 0 output, 0 retransmitted")
	return p.lines
}

func icmp6Lines(p *page, c *ICMPv6Totals) {
	p.linef("        unreach: %d routing, %d admin, %d neighbor, %d address, %d port", c.NoRoute, c.Prohibited, c.BeyondScope, c.Address, c.Port)
	p.linef("        parameter: %d error, %d header, %d option", c.Parameter, c.Header, c.Option)
	p.linef("        %d hopcount expired, %d reassembly timeout,%d too big", c.HopLimit, c.Reassembly, c.TooBig)
	p.linef("        %d echo request, %d echo reply", c.Echo, c.EchoReply)
	p.line("        0 group query, 0 group report, 0 group reduce")
	p.linef("        %d router solicit, %d router advert, 0 redirects", c.RouterSolicit, c.RouterAdvert)
	p.linef("        %d neighbor solicit, %d neighbor advert", c.NeighborSolicit, c.NeighborAdvert)
}
