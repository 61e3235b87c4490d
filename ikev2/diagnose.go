package ikev2

import (
	"net/netip"
	"slices"
	"time"
)

// What failed, kept for `show crypto ikev2 diagnose error`.

// Diagnosis is a failure and when it was.
type Diagnosis struct {
	At time.Time
	Failure
}

// FailureCount is how often exchanges have failed for a reason.
type FailureCount struct {
	Reason Reason
	Count  uint64
}

// Bounds of what is kept: of one peer, and peers.
const (
	maxDiagnoses = 10
	maxPeers     = 1024
)

// diagnoses are the last failures with each peer, and the peers in the order
// in which the first of each was; and all failures, counted by reason in the same order.
type diagnoses struct {
	of     map[netip.Addr][]Diagnosis
	peers  []netip.Addr
	counts []FailureCount
}

func (d *diagnoses) count(r Reason) {
	at := slices.IndexFunc(d.counts, func(c FailureCount) bool { return c.Reason == r })
	if at < 0 {
		at, d.counts = len(d.counts), append(d.counts, FailureCount{Reason: r})
	}
	d.counts[at].Count++
}

func (d *diagnoses) keep(now time.Time, f Failure) {
	d.count(f.Reason)
	peer := f.Peer.Addr()
	if _, known := d.of[peer]; !known {
		if len(d.peers) == maxPeers {
			delete(d.of, d.peers[0])
			d.peers = d.peers[1:]
		}
		d.peers = append(d.peers, peer)
	}
	list := append(d.of[peer], Diagnosis{now, f})
	d.of[peer] = list[max(0, len(list)-maxDiagnoses):]
}
