package topologies

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig/syntax"
)

// cabled are the interface types that a cable can be plugged into.
var cabled = syntax.Wired()

// PortName gives the full IOS name of an interface that a cable can be plugged
// into: "e0/0" is Ethernet0/0, "Gi1" is GigabitEthernet1. containerlab's Linux
// names are mapped as for its kind cisco_iol, four ports a group: eth5 is
// Ethernet1/1.
func PortName(name string) (string, error) {
	if digits, found := strings.CutPrefix(strings.ToLower(name), "eth"); found {
		if n, err := strconv.Atoi(digits); err == nil && n >= 0 {
			name = fmt.Sprintf("Ethernet%d/%d", n/4, n%4)
		}
	}
	kind, number, ok := syntax.Interface(name)
	switch {
	case !ok:
		return "", fmt.Errorf("%q is not an interface such as Ethernet0/0", name)
	case !slices.Contains(cabled, kind):
		return "", fmt.Errorf("no cable can be plugged into %s%s: %s and %s have ports", kind, number, strings.Join(cabled[:len(cabled)-1], ", "), cabled[len(cabled)-1])
	case strings.Contains(number, "."):
		return "", fmt.Errorf("no cable can be plugged into %s%s: a subinterface has the port of its interface", kind, number)
	}
	return kind + number, nil
}
