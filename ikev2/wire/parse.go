package wire

import "encoding/binary"

// criticalFlag is the high bit of a generic header's second octet.
const criticalFlag = 0x80

// Nonces have 16 to 256 octets (RFC 7296 3.9).
const (
	minNonce = 16
	maxNonce = 256
)

// parsePayload reads one payload; b begins with its generic header. Payloads
// of unknown types are kept, unless they are critical; the flag on a known
// type means nothing (RFC 7296 2.5). Reserved octets are ignored.
func parsePayload(t PayloadType, b []byte, at *places) (Payload, error) {
	body := b[genericLen:]
	switch t {
	case TypeSA:
		return parseSA(body, at)
	case TypeKE:
		return parseKE(body, at)
	case TypeIDi, TypeIDr:
		return parseID(t == TypeIDi, body, at)
	case TypeCert, TypeCertReq:
		return parseCert(t, body)
	case TypeAuth:
		return parseAuth(body, at)
	case TypeNonce:
		if len(body) < minNonce || len(body) > maxNonce {
			return nil, syntax("%d octets, a nonce has %d to %d", len(body), minNonce, maxNonce)
		}
		return put(&at.nonces, Nonce{Data: body}), nil
	case TypeNotify:
		n := &some(&at.notifies, 1)[0]
		return n, n.parse(body)
	case TypeDelete:
		return parseDelete(body)
	case TypeVendorID:
		return put(&at.vendors, VendorID{Data: body}), nil
	case TypeTSi, TypeTSr:
		return parseTS(t == TypeTSi, body, at)
	case TypeCP:
		return parseCP(body, at)
	case TypeSK:
		return &Encrypted{Next: PayloadType(b[0]), Body: body}, nil
	case TypeSKF:
		return parseFragment(PayloadType(b[0]), body)
	}
	if b[1]&criticalFlag != 0 && t != TypeEAP { // EAP is known, though we do nothing with it
		return nil, ErrUnsupportedCritical{t}
	}
	return &Unknown{Kind: t, Data: body}, nil
}

// atLeast says that b is shorter than the fixed fields of its structure.
func atLeast(n int, b []byte) error {
	if len(b) < n {
		return syntax("%d octets, at least %d are needed", len(b), n)
	}
	return nil
}

func parseKE(b []byte, at *places) (Payload, error) {
	if err := atLeast(4, b); err != nil {
		return nil, err
	}
	return put(&at.kes, KE{Group: binary.BigEndian.Uint16(b), Data: b[4:]}), nil
}

// parseID wants address identities to be addresses (RFC 7296 3.5).
func parseID(initiator bool, b []byte, at *places) (Payload, error) {
	if err := atLeast(4, b); err != nil {
		return nil, err
	}
	id := put(&at.ids, ID{Initiator: initiator, Kind: IDType(b[0]), Reserved: [3]byte(b[1:4]), Data: b[4:]})
	if id.Kind == IDIPv4Addr && len(id.Data) != 4 || id.Kind == IDIPv6Addr && len(id.Data) != 16 {
		return nil, syntax("%v of %d octets", id.Kind, len(id.Data))
	}
	return id, nil
}

func parseAuth(b []byte, at *places) (Payload, error) {
	if err := atLeast(4, b); err != nil {
		return nil, err
	}
	return put(&at.auths, Auth{Method: AuthMethod(b[0]), Data: b[4:]}), nil
}

func parseCert(t PayloadType, b []byte) (Payload, error) {
	if err := atLeast(1, b); err != nil {
		return nil, err
	}
	if t == TypeCert {
		return &Cert{Encoding: b[0], Data: b[1:]}, nil
	}
	return &CertReq{Encoding: b[0], Data: b[1:]}, nil
}

// parseDelete wants SPIs of the size that the protocol has: none for the IKE
// SA, four octets for AH and ESP (RFC 7296 3.11).
func parseDelete(b []byte) (Payload, error) {
	if err := atLeast(4, b); err != nil {
		return nil, err
	}
	d := &Delete{Protocol: ProtocolID(b[0])}
	size, count := int(b[1]), int(binary.BigEndian.Uint16(b[2:]))
	b = b[4:]
	switch {
	case len(b) != size*count, size == 0 && count > 0, size > 0 && count == 0:
		return nil, syntax("%d SPIs of %d octets in %d", count, size, len(b))
	case !d.Protocol.known(), d.Protocol == ProtoIKE && size != 0, d.Protocol != ProtoIKE && size != childSPILen:
		return nil, syntax("SPIs of %d octets for protocol %v", size, d.Protocol)
	case count == 0:
		return d, nil
	}
	d.SPIs = make([][]byte, count)
	for i := range d.SPIs {
		d.SPIs[i], b = b[:size:size], b[size:]
	}
	return d, nil
}

func parseCP(b []byte, at *places) (Payload, error) {
	if err := atLeast(4, b); err != nil {
		return nil, err
	}
	cp := put(&at.cps, CP{Kind: CPType(b[0])})
	b = b[4:]
	if n := countAttributes(b); n > 0 {
		cp.Attributes = make([]CPAttribute, 0, n)
	}
	for len(b) > 0 {
		place := len(cp.Attributes) + 1
		if err := atLeast(4, b); err != nil {
			return nil, in(err, "attribute %d", place)
		}
		n := 4 + int(binary.BigEndian.Uint16(b[2:]))
		if n > len(b) {
			return nil, syntax("attribute %d: length %d, at most %d fit", place, n-4, len(b)-4)
		}
		// The first bit is reserved (RFC 7296 3.15.1).
		a := CPAttribute{Type: CPAttrType(binary.BigEndian.Uint16(b) & 0x7fff)}
		if n > 4 {
			a.Value = b[4:n:n]
		}
		cp.Attributes = append(cp.Attributes, a)
		b = b[n:]
	}
	return cp, nil
}

// countAttributes is how many attributes b has, if it is whole.
func countAttributes(b []byte) (n int) {
	for ; len(b) >= 4; n++ {
		b = b[min(len(b), 4+int(binary.BigEndian.Uint16(b[2:]))):]
	}
	return n
}

// parseFragment wants numbers that make sense: "Current Fragment message number,
// starting from 1. This field MUST be less than or equal to the next field (Total
// Fragments). This field MUST NOT be zero." (RFC 7383 2.5)
func parseFragment(next PayloadType, b []byte) (Payload, error) {
	if err := atLeast(numbersLen, b); err != nil {
		return nil, err
	}
	p := &EncryptedFragment{Next: next, Number: binary.BigEndian.Uint16(b), Total: binary.BigEndian.Uint16(b[2:]), Body: b[numbersLen:]}
	if p.Number == 0 || p.Number > p.Total {
		return nil, syntax("fragment %d of %d", p.Number, p.Total)
	}
	return p, nil
}

// places are where the payloads of a message are put.
type places struct {
	list       []Payload
	notifies   []Notify
	vendors    []VendorID
	ids        []ID
	sas        []SA
	proposals  []Proposal
	transforms []Transform
	kes        []KE
	nonces     []Nonce
	auths      []Auth
	cps        []CP
	tss        []TS
	selectors  []Selector
}

// whole is a message that makes SAs with what it mostly has: one piece of memory, not twenty.
type whole struct {
	Message
	list       [11]Payload
	notifies   [4]Notify
	vendors    [2]VendorID
	ids        [1]ID
	sas        [1]SA
	proposals  [1]Proposal
	transforms [4]Transform
	kes        [1]KE
	nonces     [1]Nonce
	auths      [1]Auth
	cps        [1]CP
	tss        [2]TS
	selectors  [2]Selector
}

// places are those of the message.
func (w *whole) places() places {
	return places{
		w.list[:], w.notifies[:], w.vendors[:], w.ids[:], w.sas[:], w.proposals[:], w.transforms[:], w.kes[:], w.nonces[:],
		w.auths[:], w.cps[:], w.tss[:], w.selectors[:],
	}
}

// some takes n places of those that are left, or makes them.
func some[T any](left *[]T, n int) []T {
	if n > len(*left) {
		return make([]T, n)
	}
	taken := (*left)[:n:n]
	*left = (*left)[n:]
	return taken
}

// put puts a payload into one of the places that are left, or into one of its own.
func put[T any](left *[]T, payload T) *T {
	p := &some(left, 1)[0]
	*p = payload
	return p
}
