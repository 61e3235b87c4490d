package crypto

import (
	"net/netip"
	"time"

	"ikelab/ipsec"
)

// What happens to IPsec, as records.

// Switched says that the first interface wants IKE, or that none does any more.
type Switched struct{ On bool }

// Kind names the body in the stream.
func (Switched) Kind() string { return "crypto.switched" }

// Requested says that IKE was asked for a pair.
type Requested struct {
	Entry         string
	Local, Remote netip.Addr // outer addresses
	LocalIdent    Selector   // what is to be protected
	RemoteIdent   Selector
	Encr          ipsec.Encr // of the suite offered first
	Integ         ipsec.IntegID
	Lifetime      time.Duration
	Kilobytes     uint64 // 0: no limit
	Transport     bool   // the mode
}

// Kind names the body in the stream.
func (Requested) Kind() string { return "crypto.requested" }

// Installed is a pair that packets can use from now on.
type Installed struct {
	Entry         string
	Local, Remote netip.Addr // outer addresses
	Pair          Pair
	Replaces      ipsec.SPI // inbound SPI of the pair that it rekeys; 0: none
	Lifetime      time.Duration
	Kilobytes     uint64
}

// Kind names the body in the stream.
func (Installed) Kind() string { return "crypto.installed" }

// Removed is a pair that is gone.
type Removed struct {
	Entry         string
	Local, Remote netip.Addr
	Pair          Pair
}

// Kind names the body in the stream.
func (Removed) Kind() string { return "crypto.removed" }

// Held is an ESP packet that waits for its SA, whose keys are being computed.
type Held struct {
	Interface string
	From, To  netip.Addr
	SPI       ipsec.SPI
}

// Kind names the body in the stream.
func (Held) Kind() string { return "crypto.held" }

// Refused is a packet that was refused for its protection, or for the lack of
// it.
type Refused struct {
	Interface string
	From, To  netip.Addr
	Protocol  uint8
	Why       Refusal
	SPI       ipsec.SPI // 0: not an ESP packet
	ConnID    int       // of the SA; 0: there is none
	Sequence  uint32
	Reason    error // what esp or the policy said; nil: nothing more
	Late      bool  // with an integrity check that failed: its number is below the window, and was taken for one of the next 2^32 (ESN)
}

// Kind names the body in the stream.
func (Refused) Kind() string { return "crypto.refused" }

// Refusal is why a packet was refused, in the classes that IOS reports.
type Refusal string

// The classes.
const (
	InvalidSPI   Refusal = "invalid spi"
	NotIPsec     Refusal = "not an ipsec packet"
	Replayed     Refusal = "replay check failed"
	NotAuthentic Refusal = "integrity check failed"
	OtherRefusal Refusal = "not acceptable"
)

// Sending says that packets of an entry leave by a pair from now on.
type Sending struct {
	Entry   string
	In, Out ipsec.SPI
}

// Kind names the body in the stream.
func (Sending) Kind() string { return "crypto.sending" }

// Exhausted says that an SA has no sequence number left: its pair ends.
type Exhausted struct {
	Entry  string
	Remote netip.Addr
	SPI    ipsec.SPI // that we send on
	ConnID int
}

// Kind names the body in the stream.
func (Exhausted) Kind() string { return "crypto.exhausted" }

// WentIdle says that the pairs of an entry have carried nothing for so long
// that they go.
type WentIdle struct {
	Entry string
	After time.Duration
}

// Kind names the body in the stream.
func (WentIdle) Kind() string { return "crypto.idle" }

// PathNarrowed says that a router on the way has a smaller MTU.
type PathNarrowed struct {
	Entry string
	From  netip.Addr
	MTU   int
}

// Kind names the body in the stream.
func (PathNarrowed) Kind() string { return "crypto.path_mtu" }
