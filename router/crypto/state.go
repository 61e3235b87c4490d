package crypto

import (
	"net/netip"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// What the screens see: snapshots, with the names that JSON gives them.

// FlowState is what one protected interface protects.
type FlowState struct {
	Interface   string   `json:"interface"`
	Map         string   `json:"crypto_map,omitempty"` // "": a tunnel interface
	Sequence    int      `json:"sequence,omitempty"`   // of the crypto map's entry
	LocalIdent  Selector `json:"local_ident"`          // that are asked for
	RemoteIdent Selector `json:"remote_ident"`
	Part        bool     `json:"part,omitempty"` // of what is asked for: what the peer has narrowed to
	Ends
	OutInterface string `json:"out_interface,omitempty"` // that the outer packets leave by
	PathMTU      int    `json:"path_mtu"`
	PlaintextMTU int    `json:"plaintext_mtu"` // the longest packet that goes in one piece
	Encaps       uint64 `json:"encaps"`        // packets since `clear crypto sa counters`, over all pairs
	Decaps       uint64 `json:"decaps"`
	SendErrors   uint64 `json:"send_errors"`
	RecvErrors   uint64 `json:"recv_errors"`
	Unprotected  uint64 `json:"no_sa"` // packets that met no SA
	Aside
	Sending ipsec.SPI `json:"outbound_spi"` // 0: none
	UpSince time.Time `json:"up_since,omitzero"`
	Pairs   []Pair    `json:"pairs"` // newest last
}

// Ends are those of a flow, and the VRFs that they and what it protects are in.
type Ends struct {
	Local  netip.Addr `json:"local,omitzero"` // none: the source has no address
	Remote netip.Addr `json:"remote,omitzero"`
	VRF    int        `json:"-"` // of the ends, by number
	FVRF   string     `json:"fvrf,omitempty"`
	IVRF   string     `json:"ivrf,omitempty"`
}

// Pair is an inbound and an outbound SA.
type Pair struct {
	In       SAState       `json:"in"`
	Out      SAState       `json:"out"`
	Local    []Selector    `json:"local_selectors"`
	Remote   []Selector    `json:"remote_selectors"`
	UDP      bool          `json:"udp_encapsulated"`
	PeerPort uint16        `json:"peer_udp_port,omitempty"` // that it is sent to in UDP
	PFS      ipsec.Group   `json:"pfs_group"`               // 0: the pair of IKE_AUTH, or no PFS
	AddKE    []ipsec.Group `json:"additional_key_exchanges,omitempty"`
	Ours     bool          `json:"initiator"` // this end began the exchange that made it
	Expires  time.Time     `json:"expires,omitzero"`
}

// SAState is one direction.
type SAState struct {
	SPI       ipsec.SPI     `json:"spi"`
	ConnID    int           `json:"connection_id"`
	Encr      ipsec.Encr    `json:"encryption"`
	Integ     ipsec.IntegID `json:"integrity"`
	ESN       bool          `json:"esn"`            // extended sequence numbers
	Transport bool          `json:"transport"`      // transport mode
	Window    int           `json:"replay_window"`  // packets; 0: off
	Kilobytes uint64        `json:"kilobytes_left"` // 0: there is no limit
}

// Selector is one range of a pair's traffic selectors.
type Selector struct {
	Proto     uint8      `json:"protocol"` // 0: any
	StartPort uint16     `json:"start_port"`
	EndPort   uint16     `json:"end_port"`
	Start     netip.Addr `json:"start"`
	End       netip.Addr `json:"end"`
}

// Current is the pair that packets leave by.
func (f FlowState) Current() (Pair, bool) {
	for _, p := range f.Pairs {
		if p.Out.SPI == f.Sending {
			return p, true
		}
	}
	if n := len(f.Pairs); n > 0 {
		return f.Pairs[n-1], true
	}
	return Pair{}, false
}

// SelectorsOf are selectors as screens have them.
func SelectorsOf(list []spd.Selector) []Selector {
	out := make([]Selector, 0, len(list))
	for _, s := range list {
		out = append(out, selectorOf(s))
	}
	return out
}

func selectorOf(s spd.Selector) Selector {
	return Selector{Proto: s.Proto, StartPort: s.StartPort, EndPort: s.EndPort, Start: s.Start, End: s.End}
}
