package topologies

import (
	"fmt"
	"strconv"
	"strings"
)

// physicalTypes are the interface types that a cable can be plugged into,
// in the order in which an abbreviation is tried.
var physicalTypes = []string{"Ethernet", "FastEthernet", "GigabitEthernet"}

// InterfaceName gives the full IOS name of a physical interface: "e0/0" is
// Ethernet0/0, "Gi1" is GigabitEthernet1. containerlab's Linux names are
// mapped as for its kind cisco_iol, four ports a group: eth5 is Ethernet1/1.
func InterfaceName(name string) (string, error) {
	i := strings.IndexAny(name, "0123456789")
	if i <= 0 {
		return "", fmt.Errorf("%q is not an interface such as Ethernet0/0", name)
	}
	word, number := strings.ToLower(strings.TrimSpace(name[:i])), name[i:]
	if n, err := strconv.Atoi(number); err == nil && word == "eth" {
		return fmt.Sprintf("Ethernet%d/%d", n/4, n%4), nil
	}
	if !interfaceNumber(number) {
		return "", fmt.Errorf("%q is not an interface such as Ethernet0/0", name)
	}
	for _, full := range physicalTypes {
		if strings.HasPrefix(strings.ToLower(full), word) {
			return full + number, nil
		}
	}
	return "", fmt.Errorf("%q is not an Ethernet, FastEthernet or GigabitEthernet interface", name)
}

// interfaceNumber accepts slot/port notation: 0, 0/0, 1/0/3, each part up to 255.
func interfaceNumber(s string) bool {
	parts := strings.Split(s, "/")
	for _, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 255 || strconv.Itoa(n) != p {
			return false
		}
	}
	return len(parts) <= 3
}
