package ikev2

import (
	"net/netip"
	"time"

	"ikelab/ipsec"
)

// Datagram is one UDP datagram between two addresses.
type Datagram struct {
	Local, Remote netip.AddrPort
	Data          []byte
}

// Effects is what the engine wants done. It does none of it itself. The
// caller handles Events first, then Add, Delete, Send and Jobs.
type Effects struct {
	Send   []Datagram
	Add    []ChildSA     // pairs to install
	Delete []ChildDelete // pairs to remove
	Jobs   []*Job
	Events []Event
}

// ChildSA is a pair of ESP SAs to be installed for a flow.
type ChildSA struct {
	Flow      string
	In, Out   ipsec.Params
	PFS       ipsec.Group // group of the exchange that made it; GroupNone in IKE_AUTH
	Initiator bool        // of the exchange that made it
	Expires   time.Time   // hard lifetime
	Lifetime  time.Duration
	Kilobytes uint64 // volume after which it must go; 0: none
	// Replaces is the inbound SPI of the pair that this one rekeys, 0: none.
	// Standby then says that the peer started the rekey: keep sending on the
	// old pair until the peer uses the new one or deletes the old
	// (RFC 7296 2.8).
	Replaces ipsec.SPI
	Standby  bool
	Peer     netip.AddrPort
	LocalEnd netip.AddrPort
	IKE      Ref
}

// ChildDelete removes the pair with this inbound SPI.
type ChildDelete struct {
	Flow   string
	In     ipsec.SPI
	Reason Reason
}

// Job is a public-key operation, or the wait for another process of the
// router, with its modelled duration. Compute is pure: it may run anywhere
// between now and the moment of delivery, when the caller hands the job back
// through Engine.Deliver.
type Job struct {
	Cost    time.Duration
	Compute func()

	sa    *ikeSA
	ex    *exchange
	in    Input  // raised at delivery
	ready func() // before that
}
