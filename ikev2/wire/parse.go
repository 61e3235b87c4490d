package wire

import (
	"encoding/binary"
	"net/netip"
)

// parsePayload reads one payload's body. Payloads of unknown types are kept,
// unless they are critical; the flag on a known type means nothing
// (RFC 7296 2.5).
func parsePayload(t PayloadType, next byte, critical bool, b []byte) (Payload, error) {
	switch t {
	case TypeSA:
		return parseSA(b)
	case TypeKE:
		if len(b) < 4 {
			return nil, short(t, b)
		}
		return &KE{Group: binary.BigEndian.Uint16(b), Data: b[4:]}, nil
	case TypeIDi, TypeIDr:
		if len(b) < 4 {
			return nil, short(t, b)
		}
		return &ID{Initiator: t == TypeIDi, Kind: IDType(b[0]), Data: b[4:]}, nil
	case TypeCert, TypeCertReq:
		return parseCert(t, b)
	case TypeAuth:
		if len(b) < 4 {
			return nil, short(t, b)
		}
		return &Auth{Method: AuthMethod(b[0]), Data: b[4:]}, nil
	case TypeNonce:
		if len(b) < 16 || len(b) > 256 {
			return nil, syntax("nonce of %d octets, 16 to 256 are allowed", len(b))
		}
		return &Nonce{Data: b}, nil
	case TypeNotify:
		return parseNotify(b)
	case TypeDelete:
		return parseDelete(b)
	case TypeVendorID:
		return &VendorID{Data: b}, nil
	case TypeTSi, TypeTSr:
		return parseTS(t == TypeTSi, b)
	case TypeCP:
		return parseCP(b)
	case TypeSK:
		return &Encrypted{Next: PayloadType(next), Body: b}, nil
	}
	if critical {
		return nil, ErrUnsupportedCritical{t}
	}
	return &Unknown{Kind: t, Data: b}, nil
}

func short(t PayloadType, b []byte) error { return syntax("payload %v has only %d octets", t, len(b)) }

func parseCert(t PayloadType, b []byte) (Payload, error) {
	if len(b) < 1 {
		return nil, short(t, b)
	}
	if t == TypeCert {
		return &Cert{Encoding: b[0], Data: b[1:]}, nil
	}
	return &CertReq{Encoding: b[0], Data: b[1:]}, nil
}

func parseNotify(b []byte) (Payload, error) {
	if len(b) < 4 || len(b) < 4+int(b[1]) {
		return nil, short(TypeNotify, b)
	}
	n := &Notify{Protocol: ProtocolID(b[0]), Kind: NotifyType(binary.BigEndian.Uint16(b[2:])), Data: b[4+int(b[1]):]}
	if b[1] > 0 {
		n.SPI = b[4 : 4+int(b[1])]
	}
	return n, nil
}

func parseDelete(b []byte) (Payload, error) {
	if len(b) < 4 {
		return nil, short(TypeDelete, b)
	}
	size, count := int(b[1]), int(binary.BigEndian.Uint16(b[2:]))
	if len(b)-4 != size*count || count > 0 && size == 0 || count == 0 && size != 0 {
		return nil, syntax("delete of %d SPIs of %d octets in %d", count, size, len(b)-4)
	}
	d := &Delete{Protocol: ProtocolID(b[0])}
	for b = b[4:]; len(b) > 0; b = b[size:] {
		d.SPIs = append(d.SPIs, b[:size])
	}
	return d, nil
}

func parseTS(initiator bool, b []byte) (Payload, error) {
	if len(b) < 4 {
		return nil, syntax("traffic selectors in %d octets", len(b))
	}
	ts := &TS{Initiator: initiator}
	count := int(b[0])
	for b = b[4:]; len(b) > 0; {
		s, n, err := parseSelector(b)
		if err != nil {
			return nil, err
		}
		ts.Selectors = append(ts.Selectors, s)
		b = b[n:]
	}
	if len(ts.Selectors) != count || count == 0 {
		return nil, syntax("%d traffic selectors, %d announced", len(ts.Selectors), count)
	}
	return ts, nil
}

func parseSelector(b []byte) (Selector, int, error) {
	size := map[uint8]int{TSIPv4AddrRange: 4, TSIPv6AddrRange: 16}[b[0]]
	n := 8 + 2*size
	if size == 0 || len(b) < n || int(binary.BigEndian.Uint16(b[2:])) != n {
		return Selector{}, 0, syntax("traffic selector of type %d in %d octets", b[0], len(b))
	}
	s := Selector{
		Type: b[0], Protocol: b[1],
		StartPort: binary.BigEndian.Uint16(b[4:]), EndPort: binary.BigEndian.Uint16(b[6:]),
	}
	s.Start, _ = netip.AddrFromSlice(b[8 : 8+size])
	s.End, _ = netip.AddrFromSlice(b[8+size : n])
	return s, n, nil
}

func parseCP(b []byte) (Payload, error) {
	if len(b) < 4 {
		return nil, short(TypeCP, b)
	}
	cp := &CP{Kind: CPType(b[0])}
	for b = b[4:]; len(b) > 0; {
		if len(b) < 4 {
			return nil, short(TypeCP, b)
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		if len(b) < 4+n {
			return nil, syntax("attribute of %d octets in %d", n, len(b)-4)
		}
		// The first bit is reserved (RFC 7296 3.15.1).
		a := CPAttribute{Type: CPAttrType(binary.BigEndian.Uint16(b) & 0x7fff)}
		if n > 0 {
			a.Value = b[4 : 4+n]
		}
		cp.Attributes = append(cp.Attributes, a)
		b = b[4+n:]
	}
	return cp, nil
}
