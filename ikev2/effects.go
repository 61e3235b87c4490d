package ikev2

import (
	"net/netip"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// Effect is something that the engine wants done or that has happened: Send,
// ExpectChild, AddChild, CloseChild, DeleteChild, MoveChild, Keepalive, StartJob, Unheard, or one of the bodies of event.go, which are
// records and nothing else. Kind names it in the lab's stream.
type Effect interface{ Kind() string }

// Effects is what a call comes to, in the order of cause. The caller goes
// through it from the front.
type Effects []Effect

// Datagram is one UDP datagram between two addresses of a VRF.
type Datagram struct {
	VRF           int // of both ends, by number; 0: the global table
	Local, Remote netip.AddrPort
	Data          []byte
}

// Send is a datagram to be sent.
type Send struct{ Datagram }

// ExpectChild says that the peer is asked for a pair, and may send on it before its
// answer is here and understood. AddChild or DeleteChild follows.
type ExpectChild struct {
	Entry    string
	In       ipsec.SPI
	LocalEnd netip.AddrPort
	VRF      int
}

// AddChild is a pair of ESP SAs to be installed.
type AddChild struct{ ChildSA }

// CloseChild says that the peer is being told to close the pair with this inbound
// SPI (RFC 7296 1.4.1): what is sealed under it from now on is lost, what comes on
// it is still good. DeleteChild follows.
type CloseChild struct {
	Entry string
	In    ipsec.SPI
}

// DeleteChild removes the pair with this inbound SPI, or says that it will not
// come.
type DeleteChild struct {
	Entry  string
	In     ipsec.SPI
	Reason Reason
}

// MoveChild says that the peer of a pair has another address or port.
type MoveChild struct {
	In             ipsec.SPI
	LocalEnd, Peer netip.AddrPort
}

// Keepalive is a datagram of one octet that keeps a mapping of a NAT (RFC 3948 2.3).
type Keepalive struct {
	VRF           int
	Local, Remote netip.AddrPort
}

// StartJob is work that takes time: Engine.Job tells what it is. Its result
// comes back through Engine.Deliver when Cost has passed.
type StartJob struct {
	ID   uint64
	Cost time.Duration
}

// Exchanged are the key exchanges of the CREATE_CHILD_SA that made a pair (RFC 7296 1.3.1).
type Exchanged struct {
	PFS   ipsec.Group   // its group; GroupNone: there was none, as in IKE_AUTH
	AddKE []ipsec.Group // additional ones (RFC 9370)
}

// ChildSA is a pair of ESP SAs of an SPD entry.
type ChildSA struct {
	Entry   string
	In, Out Half
	Encr    ipsec.Encr
	Integ   ipsec.IntegID
	ESN     bool
	Mode
	Local, Remote []spd.Selector // inner addresses of this end and of the other
	Exchanged
	Initiator bool      // of the exchange that made it
	Expires   time.Time // hard lifetime
	Lifetime  time.Duration
	Kilobytes uint64 // volume after which it must go; 0: none
	// Replaces is the inbound SPI of the pair that this one rekeys, 0: none.
	// Standby then says that the peer started the rekey: keep sending on the
	// old pair until the peer uses the new one or deletes the old
	// (RFC 7296 2.8).
	Replaces ipsec.SPI
	Standby  bool
	Between
	UDP bool // ESP travels in UDP between these ports (RFC 3948)
	IKE Ref
}

// Between are the ends of a pair, which are in one VRF.
type Between struct {
	LocalEnd, Peer netip.AddrPort
	VRF            int // by number
}

// Mode is how a pair carries packets. Real are the addresses that transport mode's
// packets have, or had, at the peer, this end's and the other's: a NAT has changed them,
// and sums were made with them (RFC 7296 2.23.1); invalid: the same as here.
type Mode struct {
	Transport bool // as opposed to tunnel mode
	Padded    bool // the peer takes traffic flow confidentiality padding (RFC 4303 2.7)
	Real      [2]netip.Addr
}

// Half is one direction of a pair.
type Half struct {
	SPI               ipsec.SPI
	EncrKey, IntegKey []byte `record:"secret"`
}

// Unheard is so many details that nobody reads and that were therefore not
// made. They count as records.
type Unheard uint8

// Kind names the effect.
func (Send) Kind() string        { return "ike.send" }
func (ExpectChild) Kind() string { return "ike.child_expected" }
func (AddChild) Kind() string    { return "ike.child_added" }
func (CloseChild) Kind() string  { return "ike.child_closed" }
func (DeleteChild) Kind() string { return "ike.child_deleted" }
func (MoveChild) Kind() string   { return "ike.child_moved" }
func (Keepalive) Kind() string   { return "ike.keepalive" }
func (StartJob) Kind() string    { return "ike.job" }
func (Unheard) Kind() string     { return "" } // no record itself
