package fault

import (
	"fmt"
	"slices"
	"strings"

	"ikelab/ikev2/wire"
	"ikelab/topologies/form"
)

// Match is which packets are meant. What is not said is any.
type Match struct {
	Node     string // of the router that sends
	Port     string // by which it leaves, such as R1:Ethernet0/0
	exchange string
	message  string // request or response
	payload  string
	fragment int
	esp      bool
	sequence int
}

// exchanges are those that may be named.
var exchanges = []string{wire.IKE_SA_INIT.String(), wire.IKE_AUTH.String(), wire.CREATE_CHILD_SA.String(), wire.INFORMATIONAL.String()}

// payloads are the names of payloads and of notifies.
var payloads = func() (list []string) {
	for t := range 256 {
		if name := wire.PayloadType(t).String(); strings.Trim(name, "0123456789") != "" {
			list = append(list, name)
		}
	}
	for t := range 1 << 16 {
		if name := wire.NotifyType(t).String(); strings.Trim(name, "0123456789") != "" {
			list = append(list, name)
		}
	}
	return list
}()

// Keys are what a file may say of it.
func (m *Match) Keys() []form.Key {
	return []form.Key{
		{Name: "node", Help: "the router that sends", Value: form.Word(&m.Node, "node")},
		{Name: "exchange", Help: "of an IKE message", Value: form.Choice(&m.exchange, "exchange", exchanges...)},
		{Name: "message", Help: "which of the two", Value: form.Choice(&m.message, "message", "request", "response")},
		{Name: "payload", Help: "that the IKE message has: KE, DELETE, or a notify such as REKEY_SA", Value: form.Parsed(&m.payload, "payload", "payload", func(s string) (string, error) {
			if !slices.Contains(payloads, s) {
				return "", fmt.Errorf("%q is no payload and no notify%s", s, form.Hint(s, payloads))
			}
			return s, nil
		})},
		{Name: "fragment", Help: "the nth fragment of an IKE message (RFC 7383)", Value: form.Number(&m.fragment, "fragment", 1, 1<<16-1)},
		{Name: "esp", Help: "an ESP packet", Value: form.Flag(&m.esp, "esp")},
		{Name: "sequence", Help: "of the ESP packet", Value: form.Number(&m.sequence, "sequence", 1, 1<<32-1)},
	}
}

// Fits says whether a packet is meant.
func (m *Match) Fits(p *Packet) bool {
	ike := m.exchange != "" || m.message != "" || m.payload != "" || m.fragment > 0
	switch {
	case m.Node != "" && m.Node != p.Node, m.Port != "" && m.Port != p.Port.Name(), ike && !p.IKE:
	case m.exchange != "" && m.exchange != p.Header.Exchange.String():
	case m.message != "" && (m.message == "response") != p.Header.Response():
	case m.payload != "" && !slices.Contains(p.payloads, m.payload):
	case m.fragment > 0 && m.fragment != int(p.Fragment):
	case (m.esp || m.sequence > 0) && !p.ESP:
	case m.sequence > 0 && uint32(m.sequence) != p.Seq:
	default:
		return p.IPv4
	}
	return false
}

// String tells which packets are meant.
func (m *Match) String() string {
	var words []string
	for _, w := range []string{m.exchange, m.message} {
		if w != "" {
			words = append(words, w)
		}
	}
	if m.payload != "" {
		words = append(words, "with "+m.payload)
	}
	if m.fragment > 0 {
		words = append(words, fmt.Sprint("fragment ", m.fragment))
	}
	if m.esp || m.sequence > 0 {
		words = append(words, "ESP")
	}
	if m.sequence > 0 {
		words = append(words, fmt.Sprint(m.sequence))
	}
	if len(words) == 0 {
		words = append(words, "packet")
	}
	if m.Node != "" {
		words = append(words, "of "+m.Node)
	}
	return strings.Join(words, " ")
}
