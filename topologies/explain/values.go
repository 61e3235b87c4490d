package explain

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/words"
	"ikelab/topologies/phrase"
)

// transforms lists transforms by name: "AES-CBC-128, SHA1, SHA96, DH_GROUP_1024_MODP/Group 2".
func transforms(list []wire.Transform) string {
	var names []string
	for _, t := range list {
		names = append(names, words.TransformSized(t))
	}
	return strings.Join(names, ", ")
}

// proposals lists proposals: "1 (IKE): …; 2 (IKE): …".
func proposals(list []wire.Proposal) string {
	var all []string
	for _, p := range list {
		text := transforms(p.Transforms)
		if len(list) > 1 {
			text = fmt.Sprintf("#%d %s", p.Number, text)
		}
		if len(p.SPI) > 0 {
			text += fmt.Sprintf(", SPI 0x%X", p.SPI)
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

// suite is what was chosen.
func suite(b ikev2.ProposalChosen) string {
	parts := []string{words.EncrSized(b.Encr)}
	if b.Integ != ipsec.IntegNone {
		parts = append(parts, words.Integ(b.Integ))
	}
	if b.Protocol == wire.ProtoIKE {
		parts = append(parts, "PRF "+words.PRF(b.PRF))
	}
	if b.Group != 0 {
		parts = append(parts, words.Group(b.Group))
	}
	for _, g := range b.AddKE {
		parts = append(parts, words.Group(g))
	}
	return strings.Join(parts, ", ")
}

// span is a range of addresses as a person writes it.
func span(start, end netip.Addr) string {
	if start == end {
		return start.String()
	}
	for bits := range start.BitLen() + 1 {
		p, err := start.Prefix(bits)
		if err == nil && p.Addr() == start && words.LastOf(p) == end {
			return p.String()
		}
	}
	return start.String() + "-" + end.String()
}

// spans are selectors of the SPD.
func spans(list []spd.Selector) string {
	var all []string
	for _, s := range list {
		all = append(all, selector(s.Start, s.End, s.Proto, s.StartPort, s.EndPort))
	}
	return strings.Join(all, ", ")
}

func selector(start, end netip.Addr, proto uint8, from, to uint16) string {
	text := span(start, end)
	if proto != 0 {
		text += fmt.Sprintf(" protocol %d", proto)
	}
	if from != 0 || to != 65535 {
		text += fmt.Sprintf(" port %d-%d", from, to)
	}
	return text
}

func identity(id ikev2.Identity) string { return words.Identity(id.Kind, id.Data) }

// spiOf is the SPI of an IKE SA.
func spiOf(spi uint64) string { return fmt.Sprintf("%016X", spi) }

// payload is a payload with what is in it and what it is for.
func payload(p wire.Payload) Payload {
	out := Payload{Name: p.Type().String()}
	switch p := p.(type) {
	case *wire.SA:
		out.Value, out.For = proposals(p.Proposals), phrase.Of("tour.payload.sa")
	case *wire.KE:
		out.Value, out.Octets, out.For = words.Group(ipsec.Group(p.Group)), len(p.Data), phrase.Of("tour.payload.ke")
		if ipsec.Group(p.Group).Encapsulates() {
			out.For = phrase.Of("tour.payload.kem")
		}
	case *wire.Nonce:
		out.Octets, out.For = len(p.Data), phrase.Of("tour.payload.nonce")
	case *wire.ID:
		out.Value, out.For = p.Kind.String()+" "+words.Identity(p.Kind, p.Data), phrase.Of("tour.payload.id")
	case *wire.Auth:
		out.Value, out.Octets, out.For = p.Method.String(), len(p.Data), phrase.Of("tour.payload.auth")
	case *wire.TS:
		out.Value, out.For = selectors(p), phrase.Of("tour.payload.tsr")
		if p.Initiator {
			out.For = phrase.Of("tour.payload.tsi")
		}
	case *wire.Delete:
		out.Value, out.For = deleted(p), phrase.Of("tour.payload.delete")
	case *wire.VendorID:
		out.Value, out.For = vendor(p.Data), phrase.Of("tour.payload.vid")
	case *wire.Cert, *wire.CertReq:
		out.For = phrase.Of("tour.payload.cert")
	case *wire.CP:
		out.Value, out.For = p.Kind.String(), phrase.Of("tour.payload.cp")
	case *wire.Notify:
		out.Name, out.Value, out.For = "NOTIFY", notified(p), notify(p.Kind)
		if p.Kind == wire.COOKIE || p.Kind == wire.NO_PPK_AUTH {
			out.Octets = len(p.Data)
		}
	default:
		out.For = phrase.Of("tour.payload.other")
	}
	return out
}

// notified is a notify with what is in it.
func notified(p *wire.Notify) string {
	text := p.Kind.String()
	if len(p.SPI) > 0 {
		text += fmt.Sprintf(", SPI 0x%X", p.SPI)
	}
	switch {
	case p.Kind == wire.INVALID_KE_PAYLOAD && len(p.Data) == 2:
		text += ", " + wantedGroup(p)
	case p.Kind == wire.SET_WINDOW_SIZE && len(p.Data) == 4:
		text += fmt.Sprintf(", %d", binary.BigEndian.Uint32(p.Data))
	case p.Kind == wire.INVALID_SPI && len(p.Data) == 4:
		text += fmt.Sprintf(", SPI 0x%X", p.Data)
	case p.Kind == wire.PPK_IDENTITY && len(p.Data) > 1 && words.Printable(string(p.Data[1:])):
		text += ", " + string(p.Data[1:])
	}
	return text
}

func selectors(p *wire.TS) string {
	var all []string
	for _, s := range p.Selectors {
		if s.Start.IsValid() {
			all = append(all, selector(s.Start, s.End, s.Protocol, s.StartPort, s.EndPort))
		}
	}
	return strings.Join(all, ", ")
}

func deleted(p *wire.Delete) string {
	text := p.Protocol.String()
	for _, spi := range p.SPIs {
		text += fmt.Sprintf(" 0x%X", spi)
	}
	return text
}

// vendor is a vendor id: a word where it is one.
func vendor(data []byte) string {
	if words.Printable(string(data)) {
		return string(data)
	}
	return fmt.Sprintf("0x%X", data[:min(16, len(data))])
}

// notifies are the purposes of notifies.
var notifies = map[wire.NotifyType]string{
	wire.NAT_DETECTION_SOURCE_IP: "tour.notify.nat-source", wire.NAT_DETECTION_DESTINATION_IP: "tour.notify.nat-destination",
	wire.COOKIE: "tour.notify.cookie", wire.REKEY_SA: "tour.notify.rekey", wire.INITIAL_CONTACT: "tour.notify.initial-contact",
	wire.SET_WINDOW_SIZE: "tour.notify.window", wire.ESP_TFC_PADDING_NOT_SUPPORTED: "tour.notify.tfc", wire.NON_FIRST_FRAGMENTS_ALSO: "tour.notify.fragments-also",
	wire.USE_TRANSPORT_MODE: "tour.notify.transport", wire.IKEV2_FRAGMENTATION_SUPPORTED: "tour.notify.fragmentation",
	wire.NO_PROPOSAL_CHOSEN: "tour.notify.no-proposal", wire.INVALID_KE_PAYLOAD: "tour.notify.invalid-ke", wire.AUTHENTICATION_FAILED: "tour.notify.auth-failed",
	wire.TS_UNACCEPTABLE: "tour.notify.ts", wire.NO_ADDITIONAL_SAS: "tour.notify.no-additional", wire.TEMPORARY_FAILURE: "tour.notify.temporary",
	wire.CHILD_SA_NOT_FOUND: "tour.notify.not-found", wire.INVALID_SPI: "tour.notify.invalid-spi", wire.INVALID_SYNTAX: "tour.notify.syntax",
	wire.USE_PPK: "tour.notify.use-ppk", wire.PPK_IDENTITY: "tour.notify.ppk-identity", wire.NO_PPK_AUTH: "tour.notify.no-ppk-auth",
	wire.SIGNATURE_HASH_ALGORITHMS:       "tour.notify.signature-hashes",
	wire.INTERMEDIATE_EXCHANGE_SUPPORTED: "tour.notify.intermediate", wire.ADDITIONAL_KEY_EXCHANGE: "tour.notify.additional-ke",
	wire.HTTP_CERT_LOOKUP_SUPPORTED: "tour.notify.http-cert",
}

func notify(k wire.NotifyType) phrase.Phrase {
	switch key, known := notifies[k]; {
	case known:
		return phrase.Phrase{Key: key}
	case k.IsError():
		return phrase.Of("tour.notify.error")
	}
	return phrase.Of("tour.notify.status")
}
