package crypto

import (
	"net/netip"
	"time"
)

const (
	narrowAge = 10 * time.Minute // a path MTU that was learned is tried again (RFC 1191 section 6.3)
	minNarrow = 576              // and none below this is believed
)

// Discovery is how a path MTU that was learned is kept (IOS: tunnel
// path-mtu-discovery).
type Discovery struct {
	On    bool
	Age   time.Duration // after which the whole path is tried again; 0: never
	Least int           // and none below this is believed
}

// inEffect is what there is whether it was asked for or not: what IPsec learns it
// heeds (RFC 4301 section 8.2).
func (d Discovery) inEffect() Discovery {
	if d.On {
		return d
	}
	return Discovery{Age: narrowAge, Least: minNarrow}
}

// Until is when an MTU that is learned now is too old; zero: never.
func (d Discovery) Until(now time.Time) time.Time {
	if d.Age == 0 {
		return time.Time{}
	}
	return now.Add(d.Age)
}

// floated is a way in UDP.
type floated struct {
	vrf      int
	from, to netip.AddrPort
}
