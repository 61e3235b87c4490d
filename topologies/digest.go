package topologies

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Digest is equal for topologies that run alike under the same seed: remarks and
// names of files do not count.
func (t *Topology) Digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %v\n", t.Name, t.Clock)
	for _, a := range t.Authorities {
		fmt.Fprintf(h, "%+q\n", *a)
	}
	for _, n := range t.Nodes {
		fmt.Fprintf(h, "%q %q %q %q %q %v %+v %+q\n", n.Name, n.Kind, n.Image, n.Hostname, n.Config, n.StartupDelay, n.Station, n.Rogue)
		if !n.Clock.IsZero() {
			fmt.Fprintf(h, "%v\n", n.Clock)
		}
		for _, f := range n.Flash {
			fmt.Fprintf(h, "%q %q %v\n", f.Name, f.Text, f.Written.UTC())
		}
	}
	for _, l := range t.Links {
		fmt.Fprintf(h, "%q %v %v %q %d\n", l.Type, l.Local, l.Remote, l.HostInterface, l.VNI)
		for _, e := range l.Ends {
			fmt.Fprintf(h, "%q %+v\n", e.String(), e.Impairments)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
