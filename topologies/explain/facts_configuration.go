package explain

import (
	"net/netip"
	"strings"

	"ikelab/ikev2"
	"ikelab/router/record"
	"ikelab/topologies/phrase"
)

// What records say of configuration payloads, and of interfaces that are cloned.

func configurationFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.GroupAuthorized:
		return phrase.Of("tour.fact.authorized", "policy", b.Policy, "list", b.List), b.Policy != ""
	case ikev2.AddressLeased:
		key := "tour.fact.address-given"
		if b.Back {
			key = "tour.fact.address-back"
		}
		return phrase.Phrase{Key: key, With: []any{"address", b.Address, "pool", b.Pool}}, true
	case ikev2.AddressRefused:
		return phrase.Of("tour.fact.address-none", "pool", b.Pool), true
	case ikev2.AddressUnfit:
		return phrase.Of("tour.fact.address-unfit", "entry", b.Entry, "address", b.Address, "interface", b.Interface), true
	case ikev2.MakeAccess:
		return phrase.Of("tour.fact.access", "entry", b.Entry, "template", b.Template, "remote", b.Remote), true
	case ikev2.PeerChosen:
		return phrase.Of("tour.fact.peer-chosen", "entry", b.Entry, "peer", b.Peer), true
	case ikev2.DropAccess:
		return phrase.Of("tour.fact.access-gone", "entry", b.Entry), true
	case ikev2.Configured:
		return configuredFact(b)
	case ikev2.Unconfigured:
		return phrase.Of("tour.fact.unconfigured", "entry", b.Entry), true
	}
	return phrase.Phrase{}, false
}

func configuredFact(b ikev2.Configured) (phrase.Phrase, bool) {
	given := b.Address.IsValid() && b.Initiator
	switch {
	case given && len(b.Subnets) > 0:
		return phrase.Of("tour.fact.configured", "entry", b.Entry, "address", b.Address, "subnets", subnets(b.Subnets)), true
	case given:
		return phrase.Of("tour.fact.configured-address", "entry", b.Entry, "address", b.Address), true
	case len(b.Subnets) > 0:
		return phrase.Of("tour.fact.configured-subnets", "entry", b.Entry, "subnets", subnets(b.Subnets)), true
	}
	return phrase.Phrase{}, false
}

func subnets(list []netip.Prefix) string {
	var names []string
	for _, n := range list {
		names = append(names, n.String())
	}
	return strings.Join(names, ", ")
}
