package words

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Identity is an IKE identity: addresses in dots, names as they are, a key id
// that cannot be printed in hexadecimal.
func Identity(kind wire.IDType, data []byte) string {
	switch kind {
	case wire.IDIPv4Addr, wire.IDIPv6Addr:
		if a, ok := netip.AddrFromSlice(data); ok {
			return a.String()
		}
	case wire.IDDERASN1DN:
		if name := pki.Name(data, ","); name != "" {
			return name
		}
		return fmt.Sprintf("0x%X", data)
	case wire.IDKeyID:
		if !Printable(string(data)) {
			return fmt.Sprintf("0x%X", data)
		}
	}
	return string(data)
}

// Printable says whether text is printable ASCII.
func Printable(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' })
}

// SPI is an SPI in both notations: "0x6B74CB79(1802816377)".
func SPI(spi ipsec.SPI) string { return fmt.Sprintf("0x%X(%d)", uint32(spi), uint32(spi)) }

// Addr is an address; none is 0.0.0.0.
func Addr(a netip.Addr) string {
	if !a.IsValid() {
		return "0.0.0.0"
	}
	return strings.ToUpper(a.String()) // IPv6 has capital letters
}

// Slashed is an address and port as crypto screens have it: 10.0.0.1/500.
func Slashed(a netip.AddrPort) string { return fmt.Sprintf("%s/%d", Addr(a.Addr()), a.Port()) }

// AnyIdent is a proxy identity that selects everything.
const AnyIdent = "0.0.0.0/0.0.0.0/256/0"

// AnyProtocol is the number that stands for any protocol, but for the screens of
// crypto maps.
const AnyProtocol = 256

// Ident is a range of addresses, protocol and port as address, mask, protocol
// and port; any is the number of any protocol.
func Ident(start, end netip.Addr, proto uint8, startPort, endPort uint16, any int) string {
	number, port := int(proto), 0
	if number == 0 {
		number = any
	}
	if startPort == endPort {
		port = int(startPort)
	}
	return fmt.Sprintf("%s/%s/%d/%d", Addr(start), RangeMask(start, end), number, port)
}

// RangeMask is the mask of an address range; a range that is no prefix shows
// its last address, as nothing shorter is true.
func RangeMask(start, end netip.Addr) string {
	for bits := start.BitLen(); bits >= 0; bits-- {
		p := netip.PrefixFrom(start, bits).Masked()
		switch {
		case p.Addr() != start || LastOf(p) != end:
		case start.Is4():
			return Mask(bits)
		default:
			return strconv.Itoa(bits)
		}
	}
	return strings.ToUpper(end.String())
}

// LastOf is the last address of a network.
func LastOf(p netip.Prefix) netip.Addr {
	a := p.Addr().AsSlice()
	for i := p.Bits(); i < 8*len(a); i++ {
		a[i/8] |= 0x80 >> (i % 8)
	}
	last, _ := netip.AddrFromSlice(a)
	return last
}

// Mask is a prefix length as a dotted mask.
func Mask(bits int) string {
	m := uint32(0xffffffff)
	if bits < 32 {
		m = ^(m >> bits)
	}
	return netip.AddrFrom4([4]byte{byte(m >> 24), byte(m >> 16), byte(m >> 8), byte(m)}).String()
}

// Seconds is a duration in whole seconds.
func Seconds(d time.Duration) int64 { return int64(d / time.Second) }

// Age is IOS's short form of a duration: 00:01:05, 1d02h, 2w3d, 1y04w.
func Age(d time.Duration) string {
	const day, week, year = 24 * time.Hour, 7 * 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d < 0:
		return "00:00:00"
	case d < day:
		return fmt.Sprintf("%02d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	case d < week:
		return fmt.Sprintf("%dd%02dh", d/day, d%day/time.Hour)
	case d < year:
		return fmt.Sprintf("%dw%dd", d/week, d%week/day)
	}
	return fmt.Sprintf("%dy%02dw", d/year, d%year/week)
}

// LongAge is the form of `show version`: "1 day, 16 hours, 42 minutes".
func LongAge(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"year", 365 * 24 * time.Hour}, {"week", 7 * 24 * time.Hour}, {"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		n := d / unit.size
		d %= unit.size
		if n == 0 && unit.name != "minute" {
			continue
		}
		name := unit.name
		if n != 1 {
			name += "s"
		}
		parts = append(parts, fmt.Sprintf("%d %s", n, name))
	}
	return strings.Join(parts, ", ")
}

// Severities are the names of syslog's severities, by number.
var Severities = [...]string{
	"emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging",
}
