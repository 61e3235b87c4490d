package logs

import (
	"slices"
	"strings"
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
		d.proposal.Transforms = append(d.proposal.Transforms, Transform{p[0][0] - '0', p[2]})
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
var dumps = func() table[meaning] {
	t := table[meaning]{}
	for text, take := range map[string]meaning{
		"Initiator SPI : {} - Responder SPI : {} Message id: {}": spis,
		"IKEv2 {} Exchange {}": exchange,
		"Next payload: {}, version: 2.0 Exchange type: {}, flags: {} Message id: {}, length: {}": header,
		"Payload contents:":                                       contents,
		"last proposal: {}, reserved: {}, length: {}":             nil,
		"Proposal: {}, Protocol id: {}, SPI size: {}, #trans: {}": proposed,
		"last transform: {}, reserved: {}: length: {}":            nil,
		"type: {}, reserved: {}, id: {}":                          transformed,
		"DH group: {}, Reserved: {}":                              grouped,
		"Id type: {}, Reserved: {}":                               identified,
		"Auth method {}, reserved: {}, reserved {}":               proves,
		"Auth data: {}":                                           nil,
		"Security protocol id: {}, spi size: {}, type: {}":        nil,
		"Security protocol id: {}, spi size: {}, num of spi: {}":  nil,
		"Cert encoding {}":                                        nil,
		"Cert data: {}":                                           nil,
		"CertReq data: {}":                                        nil,
		"cfg type: {}, reserved: {}, reserved: {}":                nil,
		"attrib type: {}, length: {}":                             nil,
		"Num of TSs: {}, reserved {}, reserved {}":                nil,
		"TS type: {}, proto id: {}, length: {}":                   nil,
		"start port: {}, end port: {}":                            nil,
		"start addr: {}, end addr: {}":                            selected,
		"Fragment: {}, Total: {}":                                 nil,
		"Num. transforms: {}":                                     nil,
		"Encrypted data: {}":                                      nil,
		"Decrypted packet:...":                                    nil,
		"REAL Decrypted packet:...":                               nil,
		"Data: {} bytes":                                          nil,
		"Adding trusted issuer hash to send. Hash:":               nil,
	} {
		t.add(text, take)
	}
	return t.sorted()
}()

func grouped(r *reader, p []string) {
	if d := r.desk; d.into != nil {
		d.into.Group = p[0]
	}
}
