package explain

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

// Lines are those of an embedded lab. Others are left to themselves for a while.
func Lines(lab string) []string {
	if lines, known := tours[lab]; known {
		return lines
	}
	return []string{"wait 2m"}
}
