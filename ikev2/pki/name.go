package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Distinguished names, in DER and as IOS writes them: the most specific part first, the
// types in lower case ("cn=r1.example.com,ou=lab,c=CH"), the reverse of the order in DER.

// ErrName says that a text is no distinguished name.
var ErrName = errors.New("pki: not a distinguished name")

// attributeTypes are the types of attributes by their names in IOS.
var attributeTypes = map[string]asn1.ObjectIdentifier{
	"cn": {2, 5, 4, 3}, "serialNumber": {2, 5, 4, 5}, "c": {2, 5, 4, 6}, "l": {2, 5, 4, 7}, "st": {2, 5, 4, 8}, "o": {2, 5, 4, 10}, "ou": {2, 5, 4, 11},
	"e":  {1, 2, 840, 113549, 1, 9, 1},
	"dc": {0, 9, 2342, 19200300, 100, 1, 25},
	// unstructuredName and unstructuredAddress of PKCS #9.
	"hostname": oidHostname, "ipaddress": oidIPAddress,
}

var (
	oidHostname  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 2}
	oidIPAddress = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 8}
)

// otherTypes are further spellings that people use.
var otherTypes = map[string]string{"email": "e", "emailaddress": "e", "s": "st", "serialnumber": "serialNumber", "unstructuredname": "hostname", "unstructuredaddress": "ipaddress"}

// ParseName reads a name as `subject-name` has it: parts by commas, types by their short names.
func ParseName(text string) (pkix.RDNSequence, error) {
	var name pkix.RDNSequence
	if strings.TrimSpace(text) == "" {
		return name, nil
	}
	for _, part := range split(text, ',') {
		var set pkix.RelativeDistinguishedNameSET
		for _, one := range split(part, '+') {
			key, value, ok := strings.Cut(one, "=")
			oid := typeOf(strings.TrimSpace(key))
			if value = strings.TrimSpace(value); !ok || oid == nil || value == "" {
				return nil, fmt.Errorf("%w: %q", ErrName, strings.TrimSpace(one))
			}
			set = append(set, pkix.AttributeTypeAndValue{Type: oid, Value: strings.ReplaceAll(value, `\`, "")})
		}
		name = append(name, set)
	}
	slices.Reverse(name)
	return name, nil
}

func typeOf(key string) asn1.ObjectIdentifier {
	key = strings.ToLower(key)
	if other, ok := otherTypes[key]; ok {
		key = other
	}
	return attributeTypes[key]
}

// split splits a text at a separator that has no backslash before it.
func split(text string, at byte) (parts []string) {
	from := 0
	for i := range len(text) {
		if text[i] == at && (i == 0 || text[i-1] != '\\') {
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

// derOf is a name as a certificate has it.
func derOf(name pkix.RDNSequence) []byte {
	der, err := asn1.Marshal(name)
	if err != nil { // text of no string type: a control character
		return []byte{0x30, 0}
	}
	return der
}

// Name is a name in DER as IOS writes it, its parts joined by a separator; "": it is none.
func Name(der []byte, separator string) string {
	name, ok := sequence(der)
	if !ok {
		return ""
	}
	parts := make([]string, 0, len(name))
	for _, set := range slices.Backward(name) {
		var ones []string
		for _, a := range set {
			ones = append(ones, typeName(a.Type)+"="+printable(fmt.Sprint(a.Value)))
		}
		parts = append(parts, strings.Join(ones, "+"))
	}
	return strings.Join(parts, separator)
}

// sequence reads a name in DER.
func sequence(der []byte) (pkix.RDNSequence, bool) {
	var name pkix.RDNSequence
	rest, err := asn1.Unmarshal(der, &name)
	return name, err == nil && len(rest) == 0
}

func typeName(oid asn1.ObjectIdentifier) string {
	for name, known := range attributeTypes {
		if known.Equal(oid) {
			return name
		}
	}
	return oid.String()
}

// printable is a text without what would move a terminal's cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || 0x7f <= r && r < 0xa0 {
			return '?'
		}
		return r
	}, text)
}

// sameName compares two names in DER attribute by attribute: "Two distinguished names DN1 and DN2
// match if they have the same number of RDNs, for each RDN in DN1 there is a matching RDN in DN2,
// and the matching RDNs appear in the same order in both DNs." (RFC 5280 7.1) The text that people
// read would not do: a comma in a value looks there like the next RDN.
func sameName(a, b []byte) bool {
	x, ok := sequence(a)
	y, known := sequence(b)
	return ok && known && len(x) > 0 && slices.EqualFunc(x, y, func(x, y pkix.RelativeDistinguishedNameSET) bool { return slices.Equal(foldedSet(x), foldedSet(y)) })
}

// foldedSet are the attributes of an RDN for comparison, in order: "Two relative distinguished names
// RDN1 and RDN2 match if they have the same number of naming attributes and for each naming
// attribute in RDN1 there is a matching naming attribute in RDN2" (RFC 5280 7.1), without regard to
// case and to how much white space there is.
func foldedSet(set pkix.RelativeDistinguishedNameSET) []string {
	list := make([]string, 0, len(set))
	for _, a := range set {
		value := strings.ToLower(strings.Join(strings.Fields(fmt.Sprint(a.Value)), " "))
		list = append(list, a.Type.String()+"="+value)
	}
	slices.Sort(list)
	return list
}

// attributes are the values of a type in the subject of a certificate that was parsed.
func attributes(c *x509.Certificate, oid asn1.ObjectIdentifier) (values []string) {
	for _, a := range c.Subject.Names {
		if text, ok := a.Value.(string); ok && a.Type.Equal(oid) {
			values = append(values, text)
		}
	}
	return values
}
