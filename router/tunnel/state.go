package tunnel

import (
	"net/netip"
	"time"
)

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
	PathMTU         *PathState `json:"path_mtu,omitempty"` // nil: it is not discovered
	Keepalive       int        `json:"keepalive"`          // seconds; 0: none
	Retries         int        `json:"keepalive_retries"`
	Protection      string     `json:"protection,omitempty"` // name of the IPsec profile
}

// PathState is what is known of the path MTU, and how it is kept.
type PathState struct {
	Age     int       `json:"age_minutes"` // 0: for ever
	Least   int       `json:"min_mtu"`
	Learned int       `json:"learned"`          // 0: nothing was
	Expires time.Time `json:"expires,omitzero"` // none: never
}
