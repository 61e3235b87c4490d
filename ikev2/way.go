package ikev2

import (
	"net/netip"
	"time"
)

// ends are between which an SA's messages go, and in which VRF.
type ends struct {
	local, remote netip.AddrPort
	vrf           int
}

// way is how the messages of an SA reach its peer.
type way struct {
	ends
	began       ends          // of the first message
	behind      bool          // a NAT stands before us,
	peerBehind  bool          // or before the peer
	forced      bool          // we claim that one does
	keepalive   time.Duration // 0: none
	keepaliveAt time.Time
	lastSent    time.Time // by a pair
}

func newWay(at ends) way { return way{ends: at, began: at} }

// ends are those of a datagram.
func (d *Datagram) ends() ends { return ends{d.Local, d.Remote, d.VRF} }

// path is between which addresses they are.
func (at *ends) path() path { return path{at.local.Addr(), at.remote.Addr(), at.vrf} }

// translated says whether ESP travels in UDP.
func (w *way) translated() bool { return w.behind || w.peerBehind || w.forced }

// mayMove says whether the peer is followed: an end behind a NAT stays where it is,
// or anybody could lead it elsewhere (RFC 7296 2.23).
func (w *way) mayMove() bool { return w.peerBehind && !w.behind }
