package fault

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"ikelab/ikev2/wire"
	"ikelab/netsim"
	"ikelab/router/ip"
	"ikelab/topologies/form"
)

// copied is the packet's frame for later.
func (p *Packet) copied() []byte { return slices.Clone(p.Frame.Data) }

// changed is the frame with another body, lengths and checksums made right:
// what is wrong is for IKE or ESP to find. UDP goes without a checksum
// (RFC 768: all zero).
func (p *Packet) changed(change func(body []byte) []byte) []byte {
	frame := p.copied()
	at := len(frame) - p.padding() - len(p.body)
	body := change(frame[at : at+len(p.body) : at+len(p.body)])
	frame = append(frame[:at:at], body...)
	packet := frame[p.start:]
	if p.Src.Is6() {
		changedSix(packet, p.Protocol)
		return frame
	}
	binary.BigEndian.PutUint16(packet[2:], uint16(len(packet)))
	head := int(packet[0]&15) * 4
	if p.Protocol == protoUDP && len(packet) >= head+udpLen {
		binary.BigEndian.PutUint16(packet[head+4:], uint16(len(packet)-head))
		packet[head+6], packet[head+7] = 0, 0
	}
	ip.SetHeaderChecksum(packet)
	return frame
}

// changedSix makes an IPv6 packet's lengths right, and the checksum of UDP, which it cannot go
// without (RFC 8200 8.1), unless it is a fragment.
func changedSix(packet []byte, protocol uint8) {
	binary.BigEndian.PutUint16(packet[4:], uint16(len(packet)-sixLen))
	udp := packet[sixLen:]
	if protocol != protoUDP || packet[6] == protoCut || len(udp) < udpLen {
		return
	}
	binary.BigEndian.PutUint16(udp[4:], uint16(len(udp)))
	udp[6], udp[7] = 0, 0
	sum := ip.Sum(ip.Sum(uint32(protoUDP)+uint32(len(udp)), packet[8:sixLen]), udp)
	binary.BigEndian.PutUint16(udp[6:], cmp.Or(ip.Fold(sum), 0xffff))
}

// padding is what follows the IP packet in its frame.
func (p *Packet) padding() int {
	return len(p.Frame.Data) - p.start - p.octets
}

// Forgery is what somebody makes who sees a packet and knows no key.
type Forgery struct {
	as     string
	notify wire.NotifyType
	data   []byte
}

// Keys are what a file may say of it.
func (f *Forgery) Keys() []form.Key {
	return []form.Key{
		{Name: "as", Help: "of forge: an unprotected notify, an unprotected delete of the IKE SA, or the packet itself under a wrong SPI or an old sequence number: 1 of ESP, message id 0 of IKE",
			Value: form.Choice(&f.as, "as", "notify", "delete", "wrong-spi", "old-sequence")},
		{Name: "notify", Help: "which, such as AUTHENTICATION_FAILED", Value: form.Parsed(&f.notify, "notify", "notify", func(s string) (wire.NotifyType, error) {
			for t := range 1 << 16 {
				if wire.NotifyType(t).String() == s {
					return wire.NotifyType(t), nil
				}
			}
			return 0, fmt.Errorf("%q is no notify%s", s, form.Hint(s, payloads))
		})},
	}
}

const messageIDAt = 20 // in the header of IKE (RFC 7296 3.1)

// forge sends the forgery, and then the packet.
func (f *Fault) forge(w *Wire, p *Packet, v netsim.Verdict) netsim.Verdict {
	w.injecting = true
	defer func() { w.injecting = false }()
	netsim.Inject(p.Port, p.changed(func(body []byte) []byte { return f.body(p, body) }))
	return v
}

func (f *Forgery) body(p *Packet, body []byte) []byte {
	switch f.as {
	case "wrong-spi":
		body[3] ^= 0xff // the last octet of ESP's SPI, an inner one of IKE's
	case "old-sequence":
		if p.ESP {
			binary.BigEndian.PutUint32(body[4:], 1)
		} else {
			binary.BigEndian.PutUint32(body[messageIDAt:], 0)
		}
	case "delete":
		return f.clear(p, &wire.Delete{Protocol: wire.ProtoIKE})
	default:
		return f.clear(p, &wire.Notify{Kind: f.notify, Data: f.data})
	}
	return body
}

// clear is an unprotected message with the packet's header.
func (f *Forgery) clear(p *Packet, payload wire.Payload) []byte {
	m := &wire.Message{Header: p.Header, Payloads: []wire.Payload{payload}}
	return m.Append(nil)
}
