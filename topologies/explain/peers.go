package explain

import (
	"net/netip"

	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/router/record"
)

// peers know who is meant by an address, and who the other end of an SA or an entry is.
type peers struct {
	at      map[netip.AddrPort]string // who sends IKE from there, as seen by the other end
	owners  map[netip.Addr]string     // the same without the port, where it is one only
	sas     map[heard]netip.AddrPort
	entries map[entryKey]netip.Addr
}

type entryKey struct{ node, entry string }

func newPeers() peers {
	return peers{map[netip.AddrPort]string{}, map[netip.Addr]string{}, map[heard]netip.AddrPort{}, map[entryKey]netip.Addr{}}
}

// sends notes that somebody sends from there. Several behind one NAT are told apart by
// their ports only.
func (p *peers) sends(from netip.AddrPort, node string) {
	p.at[from] = node
	if other, known := p.owners[from.Addr()]; known && other != node {
		node = ""
	}
	p.owners[from.Addr()] = node
}

// note takes what a record says of peers.
func (p *peers) note(r record.Record) {
	sa := refOf(r.Body)
	switch b := r.Body.(type) {
	case ikev2.MessageBuilt:
		p.sends(b.From, r.Node)
		p.sas[heard{r.Node, sa.SPIi}] = b.To
	case ikev2.MessageParsed:
		p.sends(b.To, r.Node)
		p.sas[heard{r.Node, sa.SPIi}] = b.From
	case ikev2.SAUp:
		p.sas[heard{r.Node, sa.SPIi}] = b.Info.Remote
	case crypto.Requested:
		p.entries[entryKey{r.Node, b.Entry}] = b.Remote
	case crypto.Installed:
		p.entries[entryKey{r.Node, b.Entry}] = b.Remote
	case ikev2.AddChild:
		p.entries[entryKey{r.Node, b.Entry}] = b.Peer.Addr()
	}
}

// of is the peer that a record is about; not valid: it says none.
func (p *peers) of(r record.Record) netip.AddrPort {
	if to := namedPeer(r.Body); to.IsValid() {
		return to
	}
	if to, known := p.sas[heard{r.Node, refOf(r.Body).SPIi}]; known {
		return to
	}
	return netip.AddrPortFrom(p.entries[entryKey{r.Node, entryOf(r.Body)}], 0)
}
