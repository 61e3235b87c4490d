package rows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig/syntax"
)

// TestMTU: `ip mtu` is within `mtu`, and follows it where it would be more.
func TestMTU(t *testing.T) {
	s := sessionIn(t, "config-if")
	_, err := s.Enter("ip mtu 1501")
	require.ErrorAs(t, err, &syntax.ErrInvalid{})
	s.enter(t, "mtu 9000", "ip mtu 4000")
	require.Subset(t, Running(s.store.Running()), []string{" mtu 9000", " ip mtu 4000"})
	s.enter(t, "interface Ethernet0/0.1", "ip mtu 9000", "interface Ethernet0/0", "mtu 2000")
	require.Equal(t, 2000, s.store.Running().LinkMTUOf(s.store.Running().Interface("Ethernet0/0.1")))
	require.NotContains(t, Running(s.store.Running()), " ip mtu 4000")
	s.enter(t, "mtu 1500")
	require.NotContains(t, Running(s.store.Running()), " mtu 1500")
	s.enter(t, "interface Loopback0")
	_, err = s.Enter("mtu 1600")
	require.ErrorContains(t, err, "% Interface Loopback0 does not support user settable mtu.")
}
