package decode

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"ikelab/netsim/pcapng"
	"ikelab/router/record"
	"ikelab/topologies/lab"
)

// Found is what a packet of the capture says.
type Found struct {
	Packet   int // its number, from 1
	At       time.Time
	From, To netip.AddrPort // port 0: it has none
	What     string         // "IKEv2 IKE_SA_INIT request", "ESP", …
	Problem  string         // why no more is told; empty: all is
	Broken   bool           // the problem is the packet's and not a lack of keys
	Records  []record.Body  // of the message, as a router that received it would have them
	ESP      *ESP
}

// Counts are how many packets of what kind there were.
type Counts struct{ Packets, IKE, Opened, ESP, Verified, Keepalives, Broken, Other int }

// Decoder reads a capture.
type Decoder struct {
	Counts
	reader   *pcapng.Reader
	keys     *Keys
	parts    fragments
	messages messages
	json     *lab.JSON
}

// New begins a capture that is in memory; keys may be nil.
func New(file []byte, keys *Keys) (*Decoder, error) {
	r, err := pcapng.NewReader(file)
	if err != nil {
		return nil, err
	}
	if keys == nil {
		keys, _ = ReadKeys(nil, nil)
	}
	return &Decoder{reader: r, keys: keys, messages: messages{ids: map[uint64]int{}}, json: lab.NewJSON()}, nil
}

// Next is the next packet that concerns IPsec. The error is io.EOF at the end, or
// what is wrong with the file.
func (d *Decoder) Next() (*Found, error) {
	for {
		c, err := d.reader.Next()
		if err != nil {
			return nil, err
		}
		d.Packets++
		found := d.packet(c)
		if found == nil {
			d.Other++
			continue
		}
		found.Packet = d.Packets
		if c.Nano != 0 {
			found.At = time.Unix(0, c.Nano).UTC()
		}
		if found.Broken {
			d.Broken++
		}
		return found, nil
	}
}

// packet finds what a frame carries; nil: it does not concern IPsec, or waits for
// its other fragments.
func (d *Decoder) packet(c pcapng.Captured) *Found {
	b, err := network(c.Link, c.Data)
	if b == nil || err != nil {
		return nil
	}
	p, err := parseIP(b)
	if err != nil {
		return nil
	}
	whole, ok := d.parts.take(p)
	if !ok {
		return nil
	}
	return d.datagram(whole)
}

// Protocols and ports (RFC 7296 2, RFC 3948 2).
const (
	protocolUDP = 17
	protocolESP = 50
	portIKE     = 500
	portNAT     = 4500
	udpHeader   = 8
)

func (d *Decoder) datagram(g datagram) *Found {
	f := &Found{From: netip.AddrPortFrom(g.from, 0), To: netip.AddrPortFrom(g.to, 0)}
	switch g.protocol {
	case protocolESP:
		d.esp(f, g.data)
	case protocolUDP:
		if !d.udp(f, g.data) {
			return nil
		}
	default:
		return nil
	}
	if f.Broken && g.cut {
		f.Problem = "the capture does not have all of it"
	}
	return f
}

// udp says whether a datagram is for IKE or ESP.
func (d *Decoder) udp(f *Found, b []byte) bool {
	if len(b) < udpHeader {
		return false
	}
	from, to := uint16(b[0])<<8|uint16(b[1]), uint16(b[2])<<8|uint16(b[3])
	f.From, f.To = netip.AddrPortFrom(f.From.Addr(), from), netip.AddrPortFrom(f.To.Addr(), to)
	if length := int(b[4])<<8 | int(b[5]); length >= udpHeader && length < len(b) {
		b = b[:length]
	}
	b = b[udpHeader:]
	switch {
	case from == portNAT || to == portNAT:
		d.encapsulated(f, b)
	case from == portIKE || to == portIKE:
		d.ike(f, b)
	default:
		return false
	}
	return true
}

// encapsulated tells the three kinds of RFC 3948 2 apart.
func (d *Decoder) encapsulated(f *Found, b []byte) {
	const marker = 4
	switch {
	case len(b) == 1 && b[0] == 0xff:
		f.What = "NAT keepalive"
		d.Keepalives++
	case len(b) < marker:
		f.What = "UDP"
		f.breaks(fmt.Errorf("%d octets are neither IKE nor ESP nor a keepalive", len(b)))
	case [marker]byte(b) == [marker]byte{}:
		d.ike(f, b[marker:])
	default:
		d.esp(f, b)
	}
}

func (f *Found) breaks(err error) { f.Problem, f.Broken = plain(err), true }

// plain is an error's innermost sentences, without the names of packages.
func plain(err error) string {
	if errors.Is(err, errShort) {
		return errShort.Error()
	}
	return packages.ReplaceAllString(err.Error(), "$1")
}
