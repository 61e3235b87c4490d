package debug

import (
	"net/netip"

	"ikelab/router/crypto"
	"ikelab/router/debug/sentence"
	"ikelab/router/words"
)

// What the key engine says with `debug crypto ipsec`.

// block is what the key engine prints in one go.
func block(lines ...string) []Line {
	var out []Line
	for i, l := range lines {
		if i == 0 {
			out = append(out, stamped(IPsec, l))
		} else {
			out = append(out, follows(IPsec, l))
		}
	}
	return out
}

// requestedLines is what the key engine asks IKE for.
func requestedLines(_ View, b crypto.Requested) []Line {
	mode := "Tunnel"
	if b.Transport {
		mode = "Transport"
	}
	return block(
		sentence.KeyRequest.Say(),
		sentence.KeyEnds.Say("OUTBOUND", b.Local, 500, b.Remote, 500),
		sentence.KeyLocal.Say(proxyText(b.LocalIdent)),
		sentence.KeyRemote.Say(proxyText(b.RemoteIdent)),
		sentence.KeyTransform.Say(words.TypedESP(b.Encr, b.Integ), mode),
		sentence.KeyLifetime.Say(words.Seconds(b.Lifetime), b.Kilobytes),
		sentence.KeyFlags.Say(0, 0, 0, b.Encr.KeyBits))
}

// proxyText is a selector; none selects everything.
func proxyText(s crypto.Selector) string {
	if !s.Start.IsValid() {
		return words.AnyIdent
	}
	return words.Ident(s.Start, s.End, s.Proto, s.StartPort, s.EndPort, words.AnyProtocol)
}

func firstProxy(list []crypto.Selector) string {
	if len(list) == 0 {
		return words.AnyIdent
	}
	return proxyText(list[0])
}

func installedLines(_ View, b crypto.Installed) []Line {
	lines := block(sentence.KeyEvent.Say(1))
	if b.Replaces == 0 {
		lines = append(lines, block(sentence.KeyNoOld.Say(b.Remote))...)
	}
	lines = append(lines, createBlock(b, b.Pair.In, b.Local)...)
	lines = append(lines, createBlock(b, b.Pair.Out, b.Remote)...)
	lines = append(lines, block(sentence.KeyEvent.Say(1))...)
	return append(lines, block(sentence.KeyEnable.Say())...)
}

// createBlock is one direction of a pair that was installed; the identity is
// the same for both.
func createBlock(b crypto.Installed, sa crypto.SAState, dst netip.Addr) []Line {
	return block(
		sentence.KeyCreate.Say(),
		sentence.KeySA.Say(words.Addr(dst)),
		sentence.KeySPI.Say(words.SPI(sa.SPI)),
		sentence.KeyAndID.Say(words.TypedESP(sa.Encr, sa.Integ), sa.ConnID),
		sentence.KeyLifetimes.Say(b.Kilobytes, words.Seconds(b.Lifetime)),
		sentence.KeyIdentity.Say(b.Local, b.Remote),
		sentence.KeyLocal.Say(firstProxy(b.Pair.Local)),
		sentence.KeyRemoteLast.Say(firstProxy(b.Pair.Remote)))
}

func removedLines(_ View, b crypto.Removed) []Line {
	lines := block(sentence.KeyEvent.Say(1))
	lines = append(lines, deleteBlock(b.Pair.In, b.Local)...)
	return append(lines, deleteBlock(b.Pair.Out, b.Remote)...)
}

func deleteBlock(sa crypto.SAState, dst netip.Addr) []Line {
	return block(sentence.KeyDelete.Say(), sentence.KeySA.Say(words.Addr(dst)), sentence.KeySPI.Say(words.SPI(sa.SPI)),
		sentence.KeyAlgorithms.Say(words.TypedESP(sa.Encr, sa.Integ)))
}
