package logs

import (
	"slices"
	"strings"

	"ikelab/router/debug/sentence"
)

// What stands in the lines of a dump.

// proposed begins the transforms of a proposal.
func proposed(r *reader, p []string) {
	d := r.desk
	if d.into == nil || len(d.into.Offers) >= mostPayloads {
		return
	}
	d.into.Offers = append(d.into.Offers, Proposal{Protocol: p[1]})
	d.proposal = &d.into.Offers[len(d.into.Offers)-1]
}

// mostTransforms is how many of a proposal are kept.
const mostTransforms = 256

func transformed(r *reader, p []string) {
	if d := r.desk; d.proposal != nil && len(p[0]) == 1 && len(d.proposal.Transforms) < mostTransforms {
		d.proposal.Transforms = append(d.proposal.Transforms, Transform{p[0][0] - '0', p[1]})
	}
}

// transformNames is the line below "Num. transforms: 3": three blanks between the names.
func (r *reader) transformNames() bool {
	d := r.desk
	p := Proposal{Protocol: d.listing}
	for _, name := range strings.Split(r.line.raw, "   ") {
		if name = strings.TrimSpace(name); name != "" && len(p.Transforms) < mostTransforms {
			p.Transforms = append(p.Transforms, Transform{Name: name})
		}
	}
	d.listing = ""
	if len(p.Transforms) == 0 || len(d.offers) >= mostPayloads {
		return false
	}
	p.settle()
	d.offers = append(d.offers, p)
	return true
}

func selected(r *reader, p []string) {
	d := r.desk
	i := slices.Index([]string{"TSi", "TSr"}, d.payload)
	if d.into == nil || i < 0 || len(d.into.Select[i]) >= mostPayloads {
		return
	}
	text := p[0]
	if p[1] != p[0] {
		text += "-" + p[1]
	}
	d.into.Select[i] = append(d.into.Select[i], text)
}

// identified is the kind of the identity that a message holds.
func identified(r *reader, p []string) {
	if d := r.desk; d.into != nil && (d.payload == "IDi" || d.payload == "IDr") {
		d.into.Kinds[boolCount(d.payload == "IDr")] = p[0]
	}
}

func proves(r *reader, p []string) {
	if m := r.desk.into; m != nil {
		m.Auth = p[0]
	}
}

// dumps are the lines of dumps and summaries.
var dumps = tableOf(true, map[*sentence.Sentence]meaning{
	sentence.SPIs:          spis,
	sentence.ExchangeKind:  exchange,
	sentence.Header:        header,
	sentence.Contents:      contents,
	sentence.EncryptedHead: func(r *reader, _ []string) { r.head("ENCR") },
	sentence.FragmentHead:  func(r *reader, _ []string) { r.head("SKF") },
	sentence.ProposalIs:    proposed,
	sentence.TransformIs:   transformed,
	sentence.KEGroup:       grouped,
	sentence.IDKind:        identified,
	sentence.AuthMethod:    proves,
	sentence.SelectorRange: selected,
	sentence.PolicyIKE:     policy(""),
	sentence.PolicyESP:     policy("ESP: "),
}, nil, append(belowMessages(), []string{
	"Auth data: {}",
	"Cert data: {}",
	"CertReq data: {}",
	"Encrypted data: {}",
	"Decrypted packet:...",
	"REAL Decrypted packet:...",
	"Data: {} bytes",
	"Adding trusted issuer hash to send. Hash:",
	"CONNECTION STATUS: {}... peer: {}, phase1_id: {}",
	"IKEv2 received all requested SPIs from CTM to {}",
}...))

// belowMessages are the lines of messages of syslog below their first.
func belowMessages() (list []string) {
	for _, m := range sentence.Messages() {
		list = append(list, strings.Split(m.Pattern(), "\n")[1:]...)
	}
	return list
}

// heads begin the payloads of a dump.
var heads = newForm[meaning](squeezed(sentence.PayloadHead.Pattern()), nil)

func grouped(r *reader, p []string) {
	if d := r.desk; d.into != nil {
		d.into.Group = p[0]
	}
}
