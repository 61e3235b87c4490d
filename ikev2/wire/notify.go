package wire

import "encoding/binary"

// Notify is a Notify payload (RFC 7296 3.10).
type Notify struct {
	Protocol ProtocolID // of the SPI; IOS fills it in without one, too
	SPI      []byte
	Kind     NotifyType
	Data     []byte
}

// Type is the payload type.
func (*Notify) Type() PayloadType { return TypeNotify }

func (p *Notify) size() int { return 4 + len(p.SPI) + len(p.Data) }

func (p *Notify) append(b []byte) []byte {
	b = append(b, byte(p.Protocol), count8(len(p.SPI)))
	b = binary.BigEndian.AppendUint16(b, uint16(p.Kind))
	return append(append(b, p.SPI...), p.Data...)
}

// notifyData is how many octets of data a notify has, so that nobody who
// reads one needs to look (RFC 7296 2.5, 2.6, 2.23, 3.10.1).
var notifyData = map[NotifyType]struct{ min, max int }{
	UNSUPPORTED_CRITICAL_PAYLOAD: {1, 1},
	INVALID_MESSAGE_ID:           {4, 4},
	INVALID_KE_PAYLOAD:           {2, 2},
	SET_WINDOW_SIZE:              {4, 4},
	NAT_DETECTION_SOURCE_IP:      {20, 20},
	NAT_DETECTION_DESTINATION_IP: {20, 20},
	COOKIE:                       {1, 64},
}

func (p *Notify) parse(b []byte) error {
	if err := atLeast(4, b); err != nil {
		return err
	}
	p.Protocol, p.Kind = ProtocolID(b[0]), NotifyType(binary.BigEndian.Uint16(b[2:]))
	size := int(b[1])
	b = b[4:]
	if size > len(b) {
		return syntax("%v: SPI of %d octets in %d", p.Kind, size, len(b))
	}
	if size > 0 {
		p.SPI = b[:size:size]
	}
	p.Data = b[size:]
	return p.check()
}

// check wants the SPI size that the protocol has, none for the IKE SA, and the
// data that the kind has. REKEY_SA is nothing without an SPI (RFC 7296 1.3.3).
func (p *Notify) check() error {
	size := len(p.SPI)
	switch {
	case p.Protocol == ProtoIKE && size != 0, p.Protocol.child() && size != 0 && size != childSPILen:
		return syntax("%v: SPI of %d octets for protocol %v", p.Kind, size, p.Protocol)
	case p.Kind == REKEY_SA && !(p.Protocol.child() && size == childSPILen):
		return syntax("%v: SPI of %d octets for protocol %v", p.Kind, size, p.Protocol)
	}
	if want, ok := notifyData[p.Kind]; ok && (len(p.Data) < want.min || len(p.Data) > want.max) {
		return syntax("%v: %d octets of data, must be %d to %d", p.Kind, len(p.Data), want.min, want.max)
	}
	return nil
}
