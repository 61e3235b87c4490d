package syntax

import (
	"slices"
	"strconv"
	"strings"
)

// The one grammar of interface names: configuration, topologies and EXEC
// commands read them here.

// interfaceType is a type of interface and how its interfaces are numbered.
type interfaceType struct {
	name, help string
	numbers    string // the argument type of its numbers
	fits       func(number string) bool
	nature     nature
}

// nature is what interfaces of a type are.
type nature uint8

const (
	wired nature = iota // ports of Ethernet, into which cables are plugged
	port                // other ports of a device
	made                // by configuration
)

// interfaceTypes are the types in the order in which running-config prints
// them. An abbreviation stands for the first that its number fits.
var interfaceTypes = []interfaceType{
	{"Loopback", "Loopback interface", "logical", isLogicalNumber, made},
	{"Tunnel", "Tunnel interface", "logical", isLogicalNumber, made},
	{"Port-channel", "Ethernet Channel of interfaces", "channel", isChannel, made},
	{"Ethernet", "IEEE 802.3", "port", isPort, wired},
	{"FastEthernet", "FastEthernet IEEE 802.3", "port", isPort, wired},
	{"GigabitEthernet", "GigabitEthernet IEEE 802.3z", "port", isPort, wired},
	{"TenGigabitEthernet", "Ten Gigabit Ethernet", "port", isPort, wired},
	{"TwoGigabitEthernet", "Two Gigabit Ethernet", "port", isPort, wired},
	{"FiveGigabitEthernet", "Five Gigabit Ethernet", "port", isPort, wired},
	{"TwentyFiveGigE", "Twenty Five Gigabit Ethernet", "port", isPort, wired},
	{"FortyGigabitEthernet", "Forty Gigabit Ethernet", "port", isPort, wired},
	{"HundredGigE", "Hundred Gigabit Ethernet", "port", isPort, wired},
	{"Vlan", "Catalyst Vlans", "1-4094", isVlan, made},
	{"Virtual-Access", "Virtual Access interface", "1-2147483647", isAccess, made},
	{"Virtual-Template", "Virtual Template interface", "1-4096", isTemplate, made},
	{"Serial", "Serial", "serial", isSerial, port},
	{"Dialer", "Dialer interface", "logical", isLogicalNumber, made},
	{"BDI", "Bridge-Domain interface", "logical", isLogicalNumber, made},
	{"BVI", "Bridge-Group Virtual Interface", "logical", isLogicalNumber, made},
	{"VirtualPortGroup", "Virtual Port Group", "logical", isLogicalNumber, made},
	{"Cellular", "Cellular WAN Interface", "port", isPort, port},
	{"Embedded-Service-Engine", "Embedded Service Engine", "port", isPort, port},
	{"vasileft", "VasiLeft interface", "logical", isLogicalNumber, port},
	{"vasiright", "VasiRight interface", "logical", isLogicalNumber, port},
	{"Null", "Null interface", "0-0", isNull, made},
	{"ATM", "ATM interface", "port", isPort, port},
	{"Async", "Async interface", "port", isPort, port},
	{"CEM", "Circuit Emulation interface", "port", isPort, port},
	{"Dot11Radio", "Dot11 interface", "port", isPort, port},
	{"ISM", "Internal Services Module", "port", isPort, port},
	{"LISP", "Locator/ID Separation Protocol Virtual Interface", "logical", isLogicalNumber, made},
	{"Multilink", "Multilink-group interface", "logical", isLogicalNumber, made},
	{"nve", "Network virtualization endpoint interface", "logical", isLogicalNumber, made},
	{"pseudowire", "Pseudowire interface", "logical", isLogicalNumber, made},
	{"Service-Engine", "Service Engine", "port", isPort, port},
	{"ucse", "UCS-E Module Interface", "port", isPort, port},
	{"Virtual-Dot11Radio", "Virtual dot11 interface", "logical", isLogicalNumber, made},
	{"Virtual-PPP", "Virtual PPP interface", "logical", isLogicalNumber, made},
	{"wlan-ap", "WLAN Access Point interface", "logical", isLogicalNumber, port},
	{"Wlan-GigabitEthernet", "WLAN GigabitEthernet", "port", isPort, port},
	{"AppGigabitEthernet", "App-hosting port", "port", isPort, port},
}

// Wired are the types of ports into which cables are plugged.
func Wired() (names []string) {
	for _, t := range interfaceTypes {
		if t.nature == wired {
			names = append(names, t.name)
		}
	}
	return names
}

// Made says whether interfaces of a type are made by configuration, as opposed to the
// device's own.
func Made(name string) bool {
	at := TypeOrder(name)
	return at >= 0 && interfaceTypes[at].nature == made
}

// TypeOrder is the place of a type in running-config; -1: there is none.
func TypeOrder(name string) int {
	return slices.IndexFunc(interfaceTypes, func(t interfaceType) bool { return t.name == name })
}

// Interface returns the full type and the number of an interface name, which
// may be abbreviated: "gi0/1" is GigabitEthernet 0/1.
func Interface(text string) (typ, number string, ok bool) {
	digit := len(strings.TrimRight(text, "0123456789/.:")) // Dot11Radio0 has others before
	if digit == 0 || digit == len(text) {
		return "", "", false
	}
	word, number := strings.TrimRight(text[:digit], " "), text[digit:]
	for _, t := range interfaceTypes {
		if hasPrefixFold(t.name, word) && t.fits(number) {
			return t.name, normalNumber(number), true
		}
	}
	return "", "", false
}

// InterfaceName returns the full name for an abbreviated one ("e0/0", "lo0"),
// or "" when text is no interface name.
func InterfaceName(text string) string {
	t, number, _ := Interface(text)
	return t + number
}

// The limits of numbers.
const (
	maxLogical      = 1<<31 - 1 // of a Loopback or Tunnel
	maxSubinterface = 1<<32 - 1
	maxPort         = 255
	maxChannel      = 4096
	maxVlan         = 4094
	maxTemplate     = 4096
)

// isNumber reads a decimal number from lo to hi.
func isNumber(s string, lo, hi uint64) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && isDigits(s) && n >= lo && n <= hi
}

func isLogicalNumber(s string) bool { return isNumber(s, 0, maxLogical) }
func isVlan(s string) bool          { return isNumber(s, 1, maxVlan) }
func isTemplate(s string) bool      { return isNumber(s, 1, maxTemplate) }
func isAccess(s string) bool        { return isNumber(s, 1, maxLogical) }
func isNull(s string) bool          { return isNumber(s, 0, 0) }

// isPort accepts 0, 0/0 and, as on modular routers, 0/0/0, each also with a
// subinterface: 0/0.100.
func isPort(s string) bool {
	main, ok := cutSubinterface(s)
	parts := strings.Split(main, "/")
	for _, p := range parts {
		ok = ok && isNumber(p, 0, maxPort)
	}
	return ok && len(parts) <= 3
}

// isSerial accepts what isPort does, and channels of a controller: 0/0/0:1.
func isSerial(s string) bool {
	port, channel, has := strings.Cut(s, ":")
	return isPort(port) && (!has || isNumber(channel, 0, maxPort))
}

func isChannel(s string) bool {
	main, ok := cutSubinterface(s)
	return ok && isNumber(main, 1, maxChannel)
}

// cutSubinterface returns what stands before the dot; false when what is
// behind it is no subinterface.
func cutSubinterface(s string) (string, bool) {
	main, sub, dotted := strings.Cut(s, ".")
	return main, !dotted || isNumber(sub, 1, maxSubinterface)
}

// normalNumber drops leading zeros: 00/01 is 0/1.
func normalNumber(number string) string {
	var b []byte
	digits := 0 // of the number being read, as kept
	for i := range len(number) {
		digit := number[i] >= '0' && number[i] <= '9'
		if digit && digits == 1 && b[len(b)-1] == '0' {
			b, digits = b[:len(b)-1], 0
		}
		b = append(b, number[i])
		digits++
		if !digit {
			digits = 0
		}
	}
	return string(b)
}
