package debug

import (
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
	"ikelab/router/debug/sentence"
	"ikelab/router/operator"
	"ikelab/router/words"
)

// What certificates read like: the messages of PKI, and what debugs of IKEv2 say of them.

// judgedLines are the messages: what is wrong with a certificate, and that the identity is not one
// of it.
func judgedLines(_ View, b ikev2.CertificateJudged) []Line {
	lines := problemLines(b)
	if b.Holds {
		return lines
	}
	id, kind := words.Identity(b.Identity.Kind, b.Identity.Data), int(b.Identity.Kind)
	switch b.Identity.Kind {
	case wire.IDIPv4Addr, wire.IDIPv6Addr:
		var list []string
		for _, a := range b.Addresses {
			list = append(list, a.String())
		}
		return append(lines, message(sentence.NoAddressMatch, id, kind, strings.Join(list, " "))...)
	case wire.IDFQDN:
		return append(lines, message(sentence.NoFQDNMatch, id, kind, strings.Join(b.Hostnames, " "))...)
	case wire.IDDERASN1DN:
		return append(lines, message(sentence.NoDNMatch, id, kind, b.Subject)...)
	}
	return append(lines, message(sentence.NoUserMatch, id, kind, b.Subject)...)
}

func problemLines(b ikev2.CertificateJudged) []Line {
	f := b.Fault
	if f == nil {
		return nil
	}
	switch f.Problem {
	case pki.Expired:
		return message(sentence.CertificateExpired, f.Serial, zulu(f.To))
	case pki.NotYetValid:
		return message(sentence.CertificateEarly, f.Serial, zulu(f.From))
	case pki.Revoked:
		return message(sentence.CertificateRevoked, f.Serial)
	case pki.NoRevocation:
		return append(message(sentence.ListNotFetched, b.Trustpoint), message(sentence.CertificateInvalid)...)
	}
	return message(sentence.CertificateInvalid)
}

// zulu is how instants read in messages of PKI.
func zulu(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

// xeJudgedLines: the newer image tells what it asks PKI, too.
func xeJudgedLines(v View, b ikev2.CertificateJudged) []Line {
	result := sentence.ChainFailed
	if b.Fault == nil || b.Fault.Problem == pki.WrongName {
		result = sentence.ChainPassed
	}
	return append([]Line{about(b.SA, Fact, sentence.ChainJudged), about(b.SA, Fact, result)}, judgedLines(v, b)...)
}

// installedLines: of an authority's certificate nothing is said but to who has asked.
func certificateLines(_ View, b operator.CertificateInstalled) []Line {
	if b.Authority {
		return nil
	}
	return message(sentence.CertificateReceived)
}

func xeCertificateLines(_ View, b operator.CertificateInstalled) []Line {
	what := "An ID"
	if b.Authority {
		what = "A CA"
	}
	return message(sentence.CertificateInstall, what, b.Trustpoint, b.Issuer, b.Subject, b.Serial, zulu(b.Until))
}

func renewalLines(_ View, b operator.RenewalBegun) []Line {
	return message(sentence.RenewalBegun, b.Trustpoint)
}

func keyMissingLines(_ View, b operator.KeyMissing) []Line {
	return message(sentence.KeyMismatch, b.Trustpoint)
}

func notEnrolledLines(_ View, b operator.EnrolmentFailed) []Line {
	return message(sentence.NotEnrolled, b.Trustpoint, b.Reason)
}
