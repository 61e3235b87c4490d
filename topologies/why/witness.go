package why

import (
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/nat"
	"ikelab/router/ntp"
	"ikelab/router/operator"
	"ikelab/router/record"
	"ikelab/router/standby"
	"ikelab/topologies/lab"
)

// Witness keeps of all that happens in a lab what explains tunnels.
type Witness struct {
	lab   *lab.Lab
	nodes map[string]*journal
	trial bool  // of a network that is only tried
	last  trial // that was tried
	// screens are those that an explanation has looked at, during which nothing changes.
	screens map[look]string
}

// look is at a screen of a router.
type look struct{ node, screen string }

// trial is a network with the configurations as they are now.
type trial struct {
	at    time.Time
	edits int
	*Witness
}

// Watch makes the witness of a lab that has not started.
func Watch(l *lab.Lab) *Witness {
	w := &Witness{lab: l, nodes: map[string]*journal{}, screens: map[look]string{}}
	l.Stream.Listen(w.hear)
	return w
}

// hear keeps what matters.
func (w *Witness) hear(r record.Record) {
	switch r.Body.(type) {
	case ikev2.ProfileLookup, ikev2.AddChild, ikev2.SAUp:
		w.of(r.Node).note(r)
	}
	switch b := r.Body.(type) {
	case ikev2.Failure, ikev2.Redirected, ikev2.KeyLookup, ikev2.ProfileLookup, ikev2.EntryUp, ikev2.SADown, ikev2.InitialContact,
		crypto.Requested, crypto.Installed, crypto.Refused, crypto.WentIdle, ip.Dropped, ip.Recursive, lab.FrameDropped, operator.LineRefused, nat.Mapped:
		w.of(r.Node).keep(r)
	case ikev2.MessageBuilt:
		if x := b.Message.Header.Exchange; x == wire.IKE_AUTH || x == wire.IKE_INTERMEDIATE {
			w.of(r.Node).keep(r)
		}
	case ikev2.DeleteChild:
		if b.Reason == ikev2.ReasonExpired {
			w.of(r.Node).keep(r)
		}
	case ikev2.EntryDown:
		if b.WasUp {
			w.of(r.Node).keep(r)
		}
	case standby.Changed: // whoever has the address now, nobody knew him before
		if b.From == standby.Active || b.To == standby.Active {
			w.of(r.Node).edited = r.At
		}
	case ntp.Stepped, operator.ClockSet: // certificates that were refused may be good now
		w.of(r.Node).edited = r.At
	case operator.LineEntered:
		j := w.of(r.Node)
		j.edits++
		if b.Object == string(iosconfig.KindText) && strings.HasPrefix(b.Name, iosconfig.CertificateChains) {
			return // which routers fetch by themselves
		}
		j.edited = r.At
		j.keep(r)
	}
}

func (w *Witness) of(node string) *journal {
	j := w.nodes[node]
	if j == nil {
		j = &journal{kept: map[string][]record.Record{}}
		w.nodes[node] = j
	}
	return j
}

// finding is a record of one kind.
type finding[B record.Body] struct {
	record.Record
	body B
}

// lately are the records of a kind at a device that fit, the newest first, that came after
// an instant: what a change brings at once is no sign that something is wrong with it.
func lately[B record.Body](w *Witness, node string, since time.Time, fits func(B) bool) (list []finding[B]) {
	var kind B
	for _, r := range slices.Backward(w.of(node).kept[kind.Kind()]) {
		if b, ok := r.Body.(B); ok && r.At.After(since) && fits(b) {
			list = append(list, finding[B]{r, b})
		}
	}
	return list
}
