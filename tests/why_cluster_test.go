package tests

import "testing"

// TestWhyOfClusters: of a gateway to which nobody leads it is told who sends it clients, and if nobody does.
func TestWhyOfClusters(t *testing.T) {
	const redirect = "crypto ikev2 redirect gateway init\n"
	up := func(client string) []string {
		return []string{client + ": configure terminal", client + ": interface Tunnel0", client + ": no shutdown", client + ": end", "wait 40s"}
	}
	template := func(hub string, never string, says ...string) whyAnswer {
		return whyAnswer{hub + " Virtual-Template1", "", says, []string{never}}
	}
	const nobody, keeps = "No tunnel of another router", "sends no client on"
	both := append(up("CLIENT1"), up("CLIENT2")...)
	whyCases(t, "../../scenarios/cluster", []whyCase{
		{"nobody has come", nil, []string{"wait 1m"}, []whyAnswer{
			template("HUB1", keeps, "serves nobody now", nobody, "HUB1 is the master of a cluster (HSRP group GATEWAYS): clients come to 198.51.100.1"),
			template("HUB2", nobody, "serves nobody now", "HUB2 belongs to a cluster", "whom its master, HUB1, sends on"),
		}},
		{"one is sent on", nil, append([]string{"wait 1m"}, both...), []whyAnswer{
			template("HUB1", keeps, "serves (1): CLIENT1"), template("HUB2", keeps, "serves (1): CLIENT2", "whom its master, HUB1, sends on"),
		}},
		{"the master keeps who comes", []string{"HUB1", redirect, ""}, append([]string{"wait 1m"}, both...), []whyAnswer{
			template("HUB1", nobody, "serves (2): CLIENT1", "HUB1 sends no client on, though"), template("HUB2", nobody, "serves nobody now", "HUB1 sends no client on, though"),
		}},
		{"there is no group", []string{"HUB2", "standby-group GATEWAYS", "standby-group OTHERS"}, []string{"wait 1m"}, []whyAnswer{
			template("HUB2", keeps, "HUB2 belongs to a cluster (HSRP group OTHERS) without a master"),
		}},
	})
}
