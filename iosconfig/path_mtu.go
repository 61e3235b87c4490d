package iosconfig

// PathMTU is `tunnel path-mtu-discovery`; the zero value: it is off.
type PathMTU struct {
	On    bool
	Age   uint8  // minutes; 0: a path MTU that was learned stays
	Least uint16 // octets
}

// What a bare `tunnel path-mtu-discovery` means.
const (
	DefaultPathAge   = 10
	DefaultPathLeast = 92
)
