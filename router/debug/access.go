package debug

import (
	"fmt"

	"ikelab/iosconfig"
	"ikelab/router/debug/sentence"
	"ikelab/router/ip"
)

// The messages of access lists' lines with `log`.

func accessLoggedLines(_ View, b ip.AccessLogged) []Line {
	did, from := "permitted", ""
	if b.Denied {
		did = "denied"
	}
	switch {
	case b.Interface != "" && b.MAC != [6]byte{}:
		from = fmt.Sprintf("(%s %s) ", b.Interface, ip.MAC(b.MAC))
	case b.Interface != "":
		from = fmt.Sprintf("(%s) ", b.Interface)
	}
	switch {
	case b.From.Is6():
		return accessLogged6(b, did, from)
	case b.Standard:
		return message(sentence.LoggedSource, b.List, did, b.From, packets(b.Packets))
	case b.Protocol == ip.ProtoTCP:
		return message(sentence.LoggedPorts, b.List, did, "tcp", b.From, b.FromPort, from, b.To, b.ToPort, packets(b.Packets))
	case b.Protocol == ip.ProtoUDP:
		return message(sentence.LoggedPorts, b.List, did, "udp", b.From, b.FromPort, from, b.To, b.ToPort, packets(b.Packets))
	case b.Protocol == ip.ProtoICMP:
		return message(sentence.LoggedICMP, b.List, did, b.From, from, b.To, b.Type, b.Code, packets(b.Packets))
	}
	return message(sentence.LoggedOther, b.List, did, b.Protocol, b.From, from, b.To, packets(b.Packets))
}

// accessLogged6: lists of IPv6 tell the line too.
func accessLogged6(b ip.AccessLogged, did, in string) []Line {
	from, to := iosconfig.Upper(b.From), iosconfig.Upper(b.To)
	switch b.Protocol {
	case ip.ProtoTCP:
		return message(sentence.LoggedPorts6, b.List, b.Line, did, "tcp", from, b.FromPort, in, to, b.ToPort, packets(b.Packets))
	case ip.ProtoUDP:
		return message(sentence.LoggedPorts6, b.List, b.Line, did, "udp", from, b.FromPort, in, to, b.ToPort, packets(b.Packets))
	case ip.ProtoICMPv6:
		return message(sentence.LoggedICMP6, b.List, b.Line, did, from, in, to, b.Type, b.Code, packets(b.Packets))
	}
	return message(sentence.LoggedOther6, b.List, b.Line, did, b.Protocol, from, in, to, packets(b.Packets))
}

func accessMissedLines(_ View, b ip.AccessMissed) []Line {
	return message(sentence.LoggedMissed, packets(b.Packets))
}

func packets(n uint64) string {
	if n == 1 {
		return "1 packet"
	}
	return fmt.Sprintf("%d packets", n)
}
