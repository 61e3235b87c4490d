package wire

import (
	"encoding/binary"
	"net/netip"
)

// Payload is one payload of a message.
type Payload interface {
	Type() PayloadType
	append(b []byte) []byte // the octets behind the generic header
}

// Len is the length of a payload with its generic header, in octets.
func Len(p Payload) int { return genericLen + len(p.append(nil)) }

// KE is a Key Exchange payload (RFC 7296 3.4).
type KE struct {
	Group uint16
	Data  []byte
}

// ID is an Identification payload, IDi or IDr (RFC 7296 3.5).
type ID struct {
	Initiator bool
	Kind      IDType
	Data      []byte
}

// Cert is a Certificate payload (RFC 7296 3.6).
type Cert struct {
	Encoding uint8
	Data     []byte
}

// CertReq is a Certificate Request payload (RFC 7296 3.7).
type CertReq struct {
	Encoding uint8
	Data     []byte
}

// Auth is an Authentication payload (RFC 7296 3.8).
type Auth struct {
	Method AuthMethod
	Data   []byte
}

// Nonce is a Nonce payload, 16 to 256 octets (RFC 7296 3.9).
type Nonce struct{ Data []byte }

// Notify is a Notify payload (RFC 7296 3.10).
type Notify struct {
	Protocol ProtocolID
	SPI      []byte
	Kind     NotifyType
	Data     []byte
}

// Delete is a Delete payload (RFC 7296 3.11): no SPI for the IKE SA itself,
// SPIs of equal length otherwise.
type Delete struct {
	Protocol ProtocolID
	SPIs     [][]byte
}

// VendorID is a Vendor ID payload (RFC 7296 3.12).
type VendorID struct{ Data []byte }

// TS is a Traffic Selector payload, TSi or TSr (RFC 7296 3.13).
type TS struct {
	Initiator bool
	Selectors []Selector
}

// Selector is one traffic selector: an inclusive range.
type Selector struct {
	Type               uint8 // TSIPv4AddrRange or TSIPv6AddrRange
	Protocol           uint8
	StartPort, EndPort uint16
	Start, End         netip.Addr
}

// CP is a Configuration payload (RFC 7296 3.15).
type CP struct {
	Kind       CPType
	Attributes []CPAttribute
}

// CPAttribute is one attribute of a Configuration payload.
type CPAttribute struct {
	Type  CPAttrType
	Value []byte
}

// Unknown is a payload of a type that this package does not know.
type Unknown struct {
	Kind     PayloadType
	Critical bool
	Data     []byte
}

// Encrypted is an Encrypted payload that was not opened: IV, ciphertext, ICV.
type Encrypted struct {
	Next PayloadType // type of the first payload inside
	Body []byte
}

// Type of each payload.
func (*KE) Type() PayloadType        { return TypeKE }
func (p *ID) Type() PayloadType      { return either(p.Initiator, TypeIDi, TypeIDr) }
func (*Cert) Type() PayloadType      { return TypeCert }
func (*CertReq) Type() PayloadType   { return TypeCertReq }
func (*Auth) Type() PayloadType      { return TypeAuth }
func (*Nonce) Type() PayloadType     { return TypeNonce }
func (*Notify) Type() PayloadType    { return TypeNotify }
func (*Delete) Type() PayloadType    { return TypeDelete }
func (*VendorID) Type() PayloadType  { return TypeVendorID }
func (p *TS) Type() PayloadType      { return either(p.Initiator, TypeTSi, TypeTSr) }
func (*CP) Type() PayloadType        { return TypeCP }
func (p *Unknown) Type() PayloadType { return p.Kind }
func (*Encrypted) Type() PayloadType { return TypeSK }

func either(first bool, a, b PayloadType) PayloadType {
	if first {
		return a
	}
	return b
}

func (p *KE) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, p.Group)
	return append(append(b, 0, 0), p.Data...)
}
func (p *ID) append(b []byte) []byte { return append(append(b, byte(p.Kind), 0, 0, 0), p.Data...) }
func (p *Cert) append(b []byte) []byte {
	return append(append(b, p.Encoding), p.Data...)
}
func (p *CertReq) append(b []byte) []byte {
	return append(append(b, p.Encoding), p.Data...)
}
func (p *Auth) append(b []byte) []byte {
	return append(append(b, byte(p.Method), 0, 0, 0), p.Data...)
}
func (p *Nonce) append(b []byte) []byte     { return append(b, p.Data...) }
func (p *VendorID) append(b []byte) []byte  { return append(b, p.Data...) }
func (p *Unknown) append(b []byte) []byte   { return append(b, p.Data...) }
func (p *Encrypted) append(b []byte) []byte { return append(b, p.Body...) }

func (p *Notify) append(b []byte) []byte {
	b = append(b, byte(p.Protocol), byte(len(p.SPI)))
	b = binary.BigEndian.AppendUint16(b, uint16(p.Kind))
	return append(append(b, p.SPI...), p.Data...)
}

func (p *Delete) append(b []byte) []byte {
	size := 0
	if len(p.SPIs) > 0 {
		size = len(p.SPIs[0])
	}
	b = append(b, byte(p.Protocol), byte(size))
	b = binary.BigEndian.AppendUint16(b, uint16(len(p.SPIs)))
	for _, spi := range p.SPIs {
		b = append(b, spi...)
	}
	return b
}

func (p *TS) append(b []byte) []byte {
	b = append(b, byte(len(p.Selectors)), 0, 0, 0)
	for _, s := range p.Selectors {
		start := len(b)
		b = append(b, s.Type, s.Protocol, 0, 0)
		b = binary.BigEndian.AppendUint16(b, s.StartPort)
		b = binary.BigEndian.AppendUint16(b, s.EndPort)
		b = append(append(b, s.Start.AsSlice()...), s.End.AsSlice()...)
		binary.BigEndian.PutUint16(b[start+2:], uint16(len(b)-start))
	}
	return b
}

func (p *CP) append(b []byte) []byte {
	b = append(b, byte(p.Kind), 0, 0, 0)
	for _, a := range p.Attributes {
		b = binary.BigEndian.AppendUint16(b, uint16(a.Type))
		b = binary.BigEndian.AppendUint16(b, uint16(len(a.Value)))
		b = append(b, a.Value...)
	}
	return b
}
