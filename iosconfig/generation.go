package iosconfig

// Generation is a generation of IOS: of its screens, its debugs and its
// defaults. It is a value that those who write text take.
type Generation string

// The generations.
const (
	IOS151 Generation = "15.1" // the tech note's; the default
	XE17   Generation = "xe-17"
)

// Software is what an image of the generation calls itself: the first line of
// `show version`, and the APPLICATION_VERSION that IKE_AUTH tells the peer
// (RFC 7296 3.15.1).
func (g Generation) Software() string {
	if g == XE17 {
		return "Cisco IOS Software [Bengaluru], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.6.1, RELEASE SOFTWARE (ikelab simulation)"
	}
	return "Cisco IOS Software, Linux Software (I86BI_LINUX-ADVENTERPRISEK9-M), Version 15.1(1)T, RELEASE SOFTWARE (ikelab simulation)"
}
