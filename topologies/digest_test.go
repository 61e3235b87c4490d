package topologies

import (
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// remarks are what a run does not depend on.
var remarks = []string{"File", "Description", "Seed", "Warnings", "ConfigFile", "ConfigLine", "ConfigColumn"}

// TestDigest: everything that a run depends on counts, whatever is added.
func TestDigest(t *testing.T) {
	address := netip.MustParsePrefix("10.0.0.1/24")
	base := func() *Topology {
		return &Topology{
			Nodes: []*Node{{Name: "GW", Station: Station{Addresses: map[string]netip.Prefix{"eth0": address}}}},
			Links: []*Link{{Ends: []Endpoint{{Node: "GW"}}}},
		}
	}
	whole := base().Digest()
	require.Equal(t, whole, base().Digest())
	tried := 0
	for _, part := range []func(x *Topology) any{
		func(x *Topology) any { return x },
		func(x *Topology) any { return x.Nodes[0] },
		func(x *Topology) any { return &x.Nodes[0].Station },
		func(x *Topology) any { return &x.Nodes[0].NAT },
		func(x *Topology) any { return &x.Nodes[0].Rogue },
		func(x *Topology) any { return x.Links[0] },
		func(x *Topology) any { return &x.Links[0].Ends[0] },
		func(x *Topology) any { return &x.Links[0].Ends[0].Impairments },
	} {
		fields := reflect.TypeOf(part(base())).Elem()
		for i := range fields.NumField() {
			x, name := base(), fields.Field(i).Name
			if !spoil(reflect.ValueOf(part(x)).Elem().Field(i)) {
				continue
			}
			tried++
			if slices.Contains(remarks, name) {
				require.Equal(t, whole, x.Digest(), "%v.%s", fields, name)
			} else {
				require.NotEqual(t, whole, x.Digest(), "%v.%s", fields, name)
			}
		}
	}
	require.Greater(t, tried, 35)
	x := base()
	x.Nodes[0].Addresses["eth0"] = netip.MustParsePrefix("10.0.0.2/24")
	require.NotEqual(t, whole, x.Digest())
}

// spoil gives a value another one; false: its parts are tried by themselves.
func spoil(v reflect.Value) bool {
	switch v.Addr().Interface().(type) {
	case *time.Time:
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
		return true
	case *netip.Addr:
		v.Set(reflect.ValueOf(netip.MustParseAddr("192.0.2.1")))
		return true
	case *netip.AddrPort:
		v.Set(reflect.ValueOf(netip.MustParseAddrPort("192.0.2.1:1")))
		return true
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint8:
		v.SetUint(v.Uint() + 1)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	default:
		return false
	}
	return true
}
