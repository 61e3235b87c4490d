package explain

import (
	"fmt"

	"ikelab/topologies"
)

// tours are what is done in embedded labs, as lines of `ikelab exec`, so that all there
// is to tell happens: traffic, rekeys, a deletion.
var tours = map[string][]string{
	"psk-site-to-site": {
		"wait 10s", "R1: ping 192.168.2.1 source Loopback0", "wait 65s",
		"R2: configure terminal", "R2: crypto ikev2 dpd 10 2 periodic", "R2: crypto ipsec profile phse2-prof", "R2: set security-association lifetime seconds 120", "R2: end",
		"R2: clear crypto sa", "wait 3m", "R1: ping 192.168.2.1 source Loopback0", "wait 1s",
	},
	"crypto-map-site-to-site": {"wait 10s", "R1: ping 172.16.2.1 source Loopback0", "wait 1m"},
}

// Lines are those of an embedded lab. In others the hosts try to reach each other, as
// nothing may begin before that.
func Lines(t *topologies.Topology) []string {
	if lines, known := tours[t.Name]; known {
		return lines
	}
	lines := []string{"wait 40s"}
	for _, from := range t.Nodes {
		for _, to := range t.Nodes {
			if from == to || from.Kind != topologies.KindHost || to.Kind != topologies.KindHost || len(lines) > mostPings {
				continue
			}
			for _, address := range to.Addresses { // a host has one
				if !address.IsValid() { // by DHCP
					continue
				}
				lines = append(lines, fmt.Sprintf("ping %s %v", from.Name, address.Addr()))
			}
		}
	}
	return append(lines, "wait 80s")
}

// mostPings is how many pairs of hosts try.
const mostPings = 12
