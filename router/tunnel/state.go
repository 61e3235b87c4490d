package tunnel

import "net/netip"

// State is what a tunnel interface has beyond an ordinary one.
type State struct {
	Source          netip.Addr `json:"source,omitzero"` // none: the interface has no address
	SourceInterface string     `json:"source_interface,omitempty"`
	Destination     netip.Addr `json:"destination,omitzero"`
	Mode            string     `json:"mode"` // "gre ip", "ipsec ipv4"
	TTL             int        `json:"ttl"`
	Keyed           bool       `json:"keyed"`
	Key             uint32     `json:"key"`
	Checksum        bool       `json:"checksum"`
	Keepalive       int        `json:"keepalive"` // seconds; 0: none
	Retries         int        `json:"keepalive_retries"`
	Protection      string     `json:"protection,omitempty"` // name of the IPsec profile
}
