package router

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// TestViewFollows: however the configuration, clones and given addresses change, the configuration in effect
// has the interfaces that it would have if it were made anew.
func TestViewFollows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	c, f := iosconfig.New(iosconfig.IOS151), &flex{}
	for range 2000 {
		tunnel, access := fmt.Sprintf("Tunnel%d", random.IntN(5)), fmt.Sprintf("Virtual-Access%d", random.IntN(5))
		switch random.IntN(6) {
		case 0:
			put(&f.clones, access, clone{&iosconfig.Interface{Type: iosconfig.VirtualAccess, Number: access[len("Virtual-Access"):], MTU: random.IntN(3)}, "P"})
			f.changed(access)
		case 1:
			delete(f.clones, access)
			f.changed(access)
		case 2:
			put(&f.addresses, tunnel, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(random.IntN(3))}), 32))
			f.changed(tunnel)
		case 3:
			delete(f.addresses, tunnel)
			f.changed(tunnel)
		case 4:
			next := *c
			i := iosconfig.NewInterface(tunnel)
			i.Negotiated, i.MTU = random.IntN(2) == 0, random.IntN(3)
			next.Interfaces.Put(tunnel, i)
			c = &next
		case 5:
			next := *c
			next.Interfaces.Remove(tunnel)
			c = &next
		}
		anew := flex{clones: f.clones, addresses: f.addresses}
		require.Equal(t, slices.Collect(anew.over(c).Interfaces.All()), slices.Collect(f.with(c).Interfaces.All()))
		if random.IntN(3) > 0 {
			require.Equal(t, slices.Collect(anew.over(c).Interfaces.All()), slices.Collect(f.over(c).Interfaces.All()))
		}
	}
}
