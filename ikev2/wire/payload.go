package wire

import "encoding/binary"

// Payload is one payload of a message.
type Payload interface {
	Type() PayloadType
	size() int              // octets behind the generic header
	append(b []byte) []byte // those octets
}

// Len is the length of a payload with its generic header, in octets.
func Len(p Payload) int { return genericLen + p.size() }

// KE is a Key Exchange payload (RFC 7296 3.4).
type KE struct {
	Group uint16
	Data  []byte
}

// ID is an Identification payload, IDi or IDr (RFC 7296 3.5).
type ID struct {
	Initiator bool
	Kind      IDType
	Reserved  [3]byte // which AUTH covers as it was sent (RFC 7296 2.15)
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

// CertHashAndURL is the certificate encoding "Hash and URL of X.509
// certificate" (RFC 7296 3.6).
const CertHashAndURL = 12

// Auth is an Authentication payload (RFC 7296 3.8).
type Auth struct {
	Method AuthMethod
	Data   []byte
}

// Nonce is a Nonce payload, 16 to 256 octets (RFC 7296 3.9).
type Nonce struct{ Data []byte }

// Delete is a Delete payload (RFC 7296 3.11): no SPI for the IKE SA itself,
// SPIs of four octets otherwise.
type Delete struct {
	Protocol ProtocolID
	SPIs     [][]byte
}

// VendorID is a Vendor ID payload (RFC 7296 3.12).
type VendorID struct{ Data []byte }

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

// Unknown is a payload that this package does not read: EAP, and types that it
// does not know. Parse keeps none that is critical.
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

// EncryptedFragment is an Encrypted Fragment payload that was not opened: the
// Numberth of Total (RFC 7383 2.5).
type EncryptedFragment struct {
	Next          PayloadType // type of the first payload inside, in the first fragment
	Number, Total uint16      // from 1 on
	Body          []byte      // IV, ciphertext, ICV
}

// numbersLen is what an Encrypted Fragment payload has more than an Encrypted
// payload: its number and how many there are.
const numbersLen = 4

// Type of each payload.
func (*KE) Type() PayloadType        { return TypeKE }
func (p *ID) Type() PayloadType      { return either(p.Initiator, TypeIDi, TypeIDr) }
func (*Cert) Type() PayloadType      { return TypeCert }
func (*CertReq) Type() PayloadType   { return TypeCertReq }
func (*Auth) Type() PayloadType      { return TypeAuth }
func (*Nonce) Type() PayloadType     { return TypeNonce }
func (*Delete) Type() PayloadType    { return TypeDelete }
func (*VendorID) Type() PayloadType  { return TypeVendorID }
func (*CP) Type() PayloadType        { return TypeCP }
func (p *Unknown) Type() PayloadType { return p.Kind }
func (*Encrypted) Type() PayloadType { return TypeSK }

func (*EncryptedFragment) Type() PayloadType { return TypeSKF }

func either[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func (p *KE) size() int        { return 4 + len(p.Data) }
func (p *ID) size() int        { return 4 + len(p.Data) }
func (p *Cert) size() int      { return 1 + len(p.Data) }
func (p *CertReq) size() int   { return 1 + len(p.Data) }
func (p *Auth) size() int      { return 4 + len(p.Data) }
func (p *Nonce) size() int     { return len(p.Data) }
func (p *VendorID) size() int  { return len(p.Data) }
func (p *Unknown) size() int   { return len(p.Data) }
func (p *Encrypted) size() int { return len(p.Body) }
func (p *Delete) size() int    { return 4 + len(p.SPIs)*p.SPISize() }

func (p *CP) size() int {
	n := 4
	for _, a := range p.Attributes {
		n += 4 + len(a.Value)
	}
	return n
}

func (p *KE) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, p.Group)
	return append(append(b, 0, 0), p.Data...)
}

func (p *ID) append(b []byte) []byte {
	return append(append(append(b, byte(p.Kind)), p.Reserved[:]...), p.Data...)
}

func (p *Auth) append(b []byte) []byte { return append(append(b, byte(p.Method), 0, 0, 0), p.Data...) }

func (p *Cert) append(b []byte) []byte    { return append(append(b, p.Encoding), p.Data...) }
func (p *CertReq) append(b []byte) []byte { return append(append(b, p.Encoding), p.Data...) }

func (p *Nonce) append(b []byte) []byte     { return append(b, p.Data...) }
func (p *VendorID) append(b []byte) []byte  { return append(b, p.Data...) }
func (p *Unknown) append(b []byte) []byte   { return append(b, p.Data...) }
func (p *Encrypted) append(b []byte) []byte { return append(b, p.Body...) }

func (p *EncryptedFragment) size() int { return numbersLen + len(p.Body) }

func (p *EncryptedFragment) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, p.Number)
	return append(binary.BigEndian.AppendUint16(b, p.Total), p.Body...)
}

// SPISize is the size of each SPI; all are equal.
func (p *Delete) SPISize() int {
	if len(p.SPIs) == 0 {
		return 0
	}
	return len(p.SPIs[0])
}

func (p *Delete) append(b []byte) []byte {
	b = append(b, byte(p.Protocol), count8(p.SPISize()))
	b = binary.BigEndian.AppendUint16(b, uint16(len(p.SPIs)))
	for _, spi := range p.SPIs {
		b = append(b, spi...)
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
