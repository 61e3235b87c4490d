package shell

import "ikelab/iosconfig/syntax"

// What this router has none of answers as an IOS router does that has none of it;
// what is not simulated says so, in words that programs which type take for an error.
var absentRows = append([]syntax.Command[exec]{
	{Syntax: "show cdp neighbors [detail]", Help: "|CDP information|CDP neighbor entries|Show detailed information", Set: saying("% CDP is not enabled")},
	{Syntax: "show cdp", Help: "|CDP information", Set: saying("% CDP is not enabled")},
	{Syntax: "show ntp {status|associations}", Help: "|Network time protocol|NTP status|NTP associations", Set: saying("%NTP is not enabled.")},
	{Syntax: "show snmp", Help: "|snmp statistics", Set: saying("%SNMP agent not enabled")},
	{Syntax: "show dmvpn", Help: "|Display DMVPN Sessions information", Set: saying()},
	{Syntax: "show ip nhrp", Help: "||NHRP information", Set: saying()},
	{Syntax: "show vrf", Help: "|VPN Routing/Forwarding instance information", Set: saying("  Name                             Default RD            Protocols   Interfaces")},
	{Syntax: "show ip vrf", Help: "||VPN Routing/Forwarding instance information", Set: saying("  Name                             Default RD            Interfaces")},
	{Syntax: "show archive", Help: "|Archive functions", Set: saying("Archive feature not enabled")},
}, unsimulated()...)

// unsimulated are the commands that do something on a router of Cisco's and
// nothing here, by the words that they begin with.
func unsimulated() (list []syntax.Command[exec]) {
	for _, row := range [][2]string{
		{"telnet", "Open a telnet connection"}, {"ssh", "Open a secure shell client connection"}, {"connect", "Open a terminal connection"},
		{"tclsh", "Tool Command Language shell"}, {"test", "Test subsystems, memory, and interfaces"}, {"setup", "Run the SETUP command facility"},
		{"verify", "Verify a file"}, {"lock", "Lock the terminal"}, {"login", "Log in as a particular user"}, {"send", "Send a message to other tty lines"},
		{"show memory", "|Memory statistics"}, {"show ip cef", "||Cisco Express Forwarding"}, {"show ip traffic", "||IP protocol statistics"},
		{"show crypto call admission statistics", "||Show crypto call admission info|Show Crypto Call Admission|Show Crypto Call Admission Statistics"},
		{"show monitor", "|Monitoring different system events"}, {"monitor", "Monitoring different system events"},
		{"clear crypto sa entry", "||Clear all crypto SAs|Clear a specific SA entry"}, {"clear crypto ikev2 stats", "|||Clear IKEv2 statistics"},
		{"show crypto ikev2 stats exchange", "|||Shows ikev2 sa stats|Shows exchange statistics"},
		{"debug ip nat", "||NAT events"}, {"debug crypto ikev2 packet hexdump", "|||IKEv2 Packet debugging|Also hexdumps the packet"},
		{"configure memory", "|Configure from NV memory"}, {"configure network", "|Configure from a TFTP network host"}, {"configure replace", "|Replace the running-config with a new config file"},
	} {
		refuse := func(*exec, args) error {
			return syntax.Refuse("%% Invalid input detected: %s is not simulated", row[0])
		}
		list = append(list, syntax.Command[exec]{Syntax: row[0] + " [<rest:line>]", Help: row[1] + "|Arguments", Set: refuse})
	}
	return list
}
