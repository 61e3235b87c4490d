package ip

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type refusing struct{ asked int }

func (r *refusing) Judge([]byte) (bool, Logging) { r.asked++; return false, Logging{} }

// judgedBy gives an interface a filter of what comes in.
func (i *Interface) judgedBy(f Filter) {
	i.Settings.Filters[In], i.guard.judges = f, true
}

// What a crypto map has unpacked came in by a port already, and is not judged there
// again; what a tunnel has unpacked comes in by the tunnel.
func TestUnpackedIsJudgedAtTheTunnelOnly(t *testing.T) {
	r := &refusing{}
	port := &Interface{Physical: true}
	port.Settings.Asks = true
	port.judgedBy(r)
	s := &Stack{}
	require.True(t, passes(time.Time{}, s, &Packet{inner: true}, port, In))
	require.True(t, passes(time.Time{}, s, &Packet{}, nil, Out))
	require.True(t, passes(time.Time{}, s, &Packet{}, &Interface{}, In), "no list lets everything pass")
	require.Zero(t, r.asked)
}
