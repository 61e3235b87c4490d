package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
)

// What a revocation list is a list of (RFC 5280 5.2, RFC 4945 5.2.2).

var (
	oidDeltaCRL     = asn1.ObjectIdentifier{2, 5, 29, 27}
	oidIssuingPoint = asn1.ObjectIdentifier{2, 5, 29, 28}
)

// issuingPoint is the extension IssuingDistributionPoint.
type issuingPoint struct {
	Point         pointName      `asn1:"optional,tag:0"`
	OnlyUsers     bool           `asn1:"optional,tag:1"`
	OnlyCAs       bool           `asn1:"optional,tag:2"`
	Reasons       asn1.BitString `asn1:"optional,tag:3"`
	Indirect      bool           `asn1:"optional,tag:4"`
	OnlyAttribute bool           `asn1:"optional,tag:5"`
}

type pointName struct {
	Full     []asn1.RawValue  `asn1:"optional,tag:0"`
	Relative pkix.RDNSequence `asn1:"optional,tag:1"`
}

// uriTag is that of a URI among GeneralNames.
const uriTag = 6

// covers says whether a list would have a certificate in it if that were revoked. One of changes
// would not: "IKE implementations that do not support delta CRLs MUST reject CRLs that contain the
// DeltaCRLIndicator"; nor would one of another distribution point, "to prevent CRL substitution"
// (RFC 4945 5.2.2.4.1, 5.1.3.13), or one whose scope we cannot read.
func covers(list *x509.RevocationList, c *x509.Certificate) bool {
	for _, e := range list.Extensions {
		switch {
		case e.Id.Equal(oidDeltaCRL):
			return false
		case e.Id.Equal(oidIssuingPoint):
			if !isOfPoint(e.Value, c) {
				return false
			}
		case e.Critical:
			return false
		}
	}
	return true
}

// isOfPoint says whether a list of some distribution point is about a certificate.
func isOfPoint(der []byte, c *x509.Certificate) bool {
	var p issuingPoint
	if rest, err := asn1.Unmarshal(der, &p); err != nil || len(rest) > 0 {
		return false
	}
	if p.OnlyUsers && c.IsCA || p.OnlyCAs && !c.IsCA || p.Reasons.BitLength > 0 || p.Indirect || p.OnlyAttribute || len(p.Point.Relative) > 0 {
		return false
	}
	return len(p.Point.Full) == 0 || slices.ContainsFunc(p.Point.Full, func(n asn1.RawValue) bool {
		return n.Class == asn1.ClassContextSpecific && n.Tag == uriTag && slices.Contains(c.CRLDistributionPoints, string(n.Bytes))
	})
}
