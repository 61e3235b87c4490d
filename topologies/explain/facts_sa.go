package explain

import (
	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/operator"
	"ikelab/router/record"
	"ikelab/router/words"
	"ikelab/topologies/phrase"
)

// What records say of SAs, and of the way between the two ends.

func saFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.SAUp:
		key := "tour.fact.sa-up"
		if b.Rekeys != 0 {
			key = "tour.fact.sa-rekeyed"
		}
		return phrase.Phrase{Key: key, With: []any{"spi_i", spiOf(b.Info.SPIi), "spi_r", spiOf(b.Info.SPIr), "seconds", int(b.Info.Lifetime.Seconds())}}, true
	case ikev2.SADown:
		return phrase.Of("tour.fact.sa-down", "spi_i", spiOf(b.Info.SPIi), "reason", reason(b.Reason)), true
	case ikev2.EntryDown:
		return phrase.Of("tour.fact.entry-down", "entry", b.Entry, "reason", reason(b.Reason)), true
	case ikev2.DeleteReceived:
		if b.Protocol == wire.ProtoIKE {
			return phrase.Of("tour.fact.delete-ike"), true
		}
		return phrase.Of("tour.fact.delete-child", "known", b.Known), true
	case ikev2.LivenessAsked:
		return phrase.Of("tour.fact.liveness"), true
	case ikev2.ErrorHeard:
		return phrase.Of("tour.fact.error-heard", "notify", b.Notify.String()), true
	case ikev2.InitialContact:
		return phrase.Of("tour.fact.initial-contact"), true
	case ikev2.DeleteQueued:
		return phrase.Of("tour.fact.delete-queued", "spi_i", spiOf(b.SA.SPIi), "reason", reason(b.Reason)), true
	}
	return phrase.Phrase{}, false
}

func rekeyFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.Rekeying:
		switch {
		case b.Anew:
			return phrase.Of("tour.fact.reauthenticating"), true
		case b.In == 0:
			return phrase.Of("tour.fact.rekeying-ike"), true
		}
		return phrase.Of("tour.fact.rekeying-child", "entry", b.Entry, "spi", words.SPI(b.In)), true
	case ikev2.Collision:
		switch {
		case b.To == "both run":
			return phrase.Of("tour.fact.both-rekey"), true
		case b.To == "settled" && (b.From == "own waits" || b.From == "peer waits") && b.On != "peer fails" && b.On != "own fails":
			return phrase.Of("tour.fact.rekeys-settled"), true
		}
	}
	return phrase.Phrase{}, false
}

func pairFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case crypto.Requested:
		return phrase.Of("tour.fact.requested", "entry", b.Entry, "remote", b.Remote), true
	case ikev2.AddChild:
		with := []any{"in", words.SPI(b.In.SPI), "out", words.SPI(b.Out.SPI), "transforms", words.TypedESP(b.Encr, b.Integ),
			"local", spans(b.Local), "remote", spans(b.Remote)}
		if b.PFS != ipsec.GroupNone {
			return phrase.Phrase{Key: "tour.fact.pair-pfs", With: append(with, "group", words.Group(b.PFS))}, true
		}
		return phrase.Phrase{Key: "tour.fact.pair", With: with}, true
	case crypto.Removed:
		return phrase.Of("tour.fact.removed", "entry", b.Entry, "in", words.SPI(b.Pair.In.SPI), "out", words.SPI(b.Pair.Out.SPI)), true
	case crypto.WentIdle:
		return phrase.Of("tour.fact.idle", "entry", b.Entry, "time", b.After), true
	case crypto.Exhausted:
		return phrase.Of("tour.fact.exhausted", "entry", b.Entry, "spi", words.SPI(b.SPI)), true
	case ikev2.ModeDeclined:
		return phrase.Of("tour.fact.mode"), true
	case ip.LineProtocolChanged:
		if b.Up {
			return phrase.Of("tour.fact.line-up", "interface", b.Interface), true
		}
		return phrase.Of("tour.fact.line-down", "interface", b.Interface), true
	}
	return phrase.Phrase{}, false
}

func wayFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.NATChecked:
		switch {
		case b.Source && b.Destination:
			return phrase.Of("tour.fact.nat-none"), true
		case b.Source:
			return phrase.Of("tour.fact.nat-before-us"), true
		case b.Destination:
			return phrase.Of("tour.fact.nat-before-peer"), true
		}
		return phrase.Of("tour.fact.nat-both"), true
	case ikev2.PortsFloated:
		return phrase.Of("tour.fact.floated", "local", b.Local, "remote", b.Remote), true
	case ikev2.PeerMoved:
		return phrase.Of("tour.fact.moved", "remote", b.Remote), true
	case ikev2.CookieWanted:
		return phrase.Of("tour.fact.cookie"), true
	case ikev2.Keepalive:
		return phrase.Of("tour.fact.keepalive", "local", b.Local, "remote", b.Remote), true
	case crypto.PathNarrowed:
		return phrase.Of("tour.fact.path", "from", b.From, "mtu", b.MTU, "entry", b.Entry), true
	case ip.Recursive:
		return phrase.Of("tour.fact.recursive", "interface", b.Interface), true
	case operator.Restarted:
		return phrase.Of("tour.fact.restarted"), true
	}
	return phrase.Phrase{}, false
}

// refusalFact is what an end does not take.
func refusalFact(b record.Body) (phrase.Phrase, bool) {
	switch b := b.(type) {
	case ikev2.Refused:
		return phrase.Of("tour.fact.refused", "reason", refused(b.Reason)), true
	case ikev2.Repeated:
		return phrase.Of("tour.fact.again"), true
	case ikev2.Strayed:
		return phrase.Of("tour.fact.strayed", "spi", words.SPI(b.SPI), "remote", b.Remote), true
	case crypto.Refused:
		switch b.Why {
		case crypto.Replayed:
			return phrase.Of("tour.fact.replayed", "sequence", b.Sequence, "spi", words.SPI(b.SPI)), true
		case crypto.InvalidSPI:
			return phrase.Of("tour.fact.unknown-spi", "spi", words.SPI(b.SPI), "from", b.From), true
		case crypto.NotAuthentic:
			return phrase.Of("tour.fact.altered", "spi", words.SPI(b.SPI), "from", b.From), true
		case crypto.NotIPsec:
			return phrase.Of("tour.fact.clear", "from", b.From, "to", b.To, "interface", b.Interface), true
		}
		return phrase.Of("tour.fact.unacceptable", "from", b.From, "to", b.To, "reason", b.Reason), true
	}
	return phrase.Phrase{}, false
}
