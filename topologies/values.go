package topologies

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// The largest values that make sense; beyond them a typing error is likelier.
const (
	maxDelay = time.Hour
	maxRate  = 1_000_000_000_000 // bit/s
	minMTU   = 68                // RFC 791: every module must forward 68 octets
	maxMTU   = 65535
)

// parseDelay reads a duration with its unit: 10ms, 1.5s.
func parseDelay(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case s == "0":
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("%q is not a duration such as 10ms", s)
	case d < 0 || d > maxDelay:
		return 0, fmt.Errorf("%s is not between 0 and %s", s, maxDelay)
	}
	return d, nil
}

// parseSeconds reads containerlab's startup-delay, whole or broken seconds.
func parseSeconds(s string) (time.Duration, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0 && f <= 86400) {
		return 0, fmt.Errorf("%q is not a number of seconds between 0 and 86400", s)
	}
	return time.Duration(f * float64(time.Second)).Round(time.Millisecond), nil
}

// parsePercent reads 0 to 100 with or without the sign and returns 0 to 1.
func parsePercent(s string) (float64, error) {
	f, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(s, "%")), 64)
	if err != nil || !(f >= 0 && f <= 100) {
		return 0, fmt.Errorf("%q is not a percentage between 0%% and 100%%", s)
	}
	return f / 100, nil
}

// rateUnits are tc's spellings. A bare number is kbit/s, as in containerlab.
var rateUnits = []struct {
	suffix string
	factor float64
}{{"gbit", 1e9}, {"mbit", 1e6}, {"kbit", 1e3}, {"bit", 1}, {"", 1e3}}

// parseRate returns bit/s.
func parseRate(s string) (int64, error) {
	low := strings.ToLower(strings.TrimSpace(s))
	for _, u := range rateUnits {
		number, ok := strings.CutSuffix(low, u.suffix)
		if !ok {
			continue
		}
		f, err := strconv.ParseFloat(number, 64)
		if err == nil && f*u.factor >= 0 && f*u.factor <= maxRate {
			return int64(f * u.factor), nil
		}
		break
	}
	return 0, fmt.Errorf("%q is not a rate such as 10mbit, 512kbit or a number of kbit/s", s)
}

func parseMTU(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < minMTU || n > maxMTU {
		return 0, fmt.Errorf("%q is not a number of octets between %d and %d", s, minMTU, maxMTU)
	}
	return n, nil
}

// parseClock reads RFC 3339. Years outside four digits cannot be printed.
func parseClock(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return time.Time{}, fmt.Errorf("%q is not a time such as 2011-11-11T19:30:30Z", s)
	}
	return t.UTC(), nil
}

// ParseSeed reads a seed.
func ParseSeed(s string) (*uint64, error) {
	n, err := strconv.ParseUint(s, 0, 64)
	if err != nil {
		return nil, fmt.Errorf("%q is not a number between 0 and 2^64-1", s)
	}
	return &n, nil
}

func parseAddrPort(s string) (netip.AddrPort, error) {
	a, err := netip.ParseAddrPort(s)
	if err != nil {
		return a, fmt.Errorf("%q is not an address and port such as 127.0.0.1:11001", s)
	}
	return a, nil
}

func parseAddr(s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return a, fmt.Errorf("%q is not an address such as 192.0.2.1", s)
	}
	return a.Unmap(), nil
}

func parsePort(s string) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is not a port between 1 and 65535", s)
	}
	return uint16(n), nil
}

func parseVNI(s string) (uint32, error) {
	n, err := strconv.ParseUint(s, 10, 24)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is not a number between 1 and 16777215", s)
	}
	return uint32(n), nil
}

// parseHostInterface takes what Linux takes for the name of an interface: at
// most 15 octets, and none that a path or a pattern would be made of.
func parseHostInterface(s string) (string, error) {
	if s == "" || len(s) > 15 || s == "." || s == ".." || strings.ContainsAny(s, "/: \t\r\n\x00%") {
		return "", fmt.Errorf("%q is not the name of an interface such as tap0", s)
	}
	return s, nil
}
