package iosconfig

import (
	"strings"
	"unicode/utf8"

	"ikelab/iosconfig/syntax"
)

// configMode is global configuration. Its rows stand in the order in which
// running-config prints them.
var configMode = newMode("config", "Configure commands:",
	serviceRows,
	bootRows,
	loggingRows,
	systemRows,
	[]syntax.Command[edit]{proposalSectionRow, policySectionRow, keyringSectionRow, profileSectionRow},
	ikev2Rows,
	ipsecRows,
	[]syntax.Command[edit]{transformSectionRow, ipsecProfileSectionRow},
	[]syntax.Command[edit]{interfaceSectionRow},
	ipRows,
	[]syntax.Command[edit]{routeRow},
	lineRows,
)

// ignored is a row for what running-config always prints and nothing reads.
func ignored(command, help string) syntax.Command[edit] {
	nothing := func(e *edit, _ syntax.Args) error { e.changed = false; return nil }
	return syntax.Command[edit]{Syntax: command, Help: help, NoEffect: true, Set: nothing, Clear: nothing}
}

// bannerRow passes over a banner: the text's first character (^C counts as
// one) ends it, on the same line or a later one. The text is not kept.
func bannerRow(which, help string) syntax.Command[edit] {
	c := ignored("banner "+which+" / <text:line>", help+"|c banner-text c, where 'c' is a delimiting character")
	c.Set = func(e *edit, a syntax.Args) error {
		e.changed = false
		text := a.Word("text")
		_, size := utf8.DecodeRuneInString(text)
		if strings.HasPrefix(text, "^C") {
			size = len("^C")
		}
		if end, rest := text[:size], text[size:]; !strings.Contains(rest, end) {
			e.banner = end
		}
		return nil
	}
	return c
}

var bootRows = []syntax.Command[edit]{
	ignored("version <number:word>", "Version of the configuration|Version"),
	ignored("boot-start-marker", "Start of the boot commands"),
	ignored("boot-end-marker", "End of the boot commands"),
	bannerRow("exec", "Define a login banner|Set EXEC process creation banner"),
	bannerRow("login", "|Set login banner"),
	bannerRow("motd", "|Set Message of the Day banner"),
}

// systemRows are common in configurations that people paste.
var systemRows = []syntax.Command[edit]{
	kept("enable secret / <secret:line>", "Modify enable password parameters|Assign the privileged level secret|Secret, after its type"),
	kept("enable password / <password:line>", "|Assign the privileged level password|Password, after its type"),
	kept("username <name:word> / [<rest:line>]", "Establish User Name Authentication|User name|Privilege and password"),
	kept("aaa new-model", "Authentication, Authorization and Accounting.|Enable NEW access control commands and functions.(Disables OLD commands.)"),
	kept("clock timezone / <zone:line>", "Configure time-of-day clock|Configure time zone|Name of the zone and hours offset from UTC"),
	kept("memory-size iomem / <percent:1-50>", "Memory size|Memory size for I/O memory|Percent of total memory"),
	kept("mmi polling-interval / <seconds:1-3600>", "MMI polling|Polling interval|Seconds"),
	kept("mmi auto-configure", "|Automatic configuration"),
	kept("mmi pvc", "|PVC"),
	kept("mmi snmp-timeout / <seconds:0-3600>", "|SNMP timeout|Seconds"),
	keptOn("ip cef", "|Cisco Express Forwarding"),
	keptOn("ip source-route", "|Process packets with source routing header options"),
	keptOn("ip gratuitous-arps", "|Generate gratuitous ARPs for PPP/SLIP peer addresses"),
	keptOn("ip bootp server", "|Config BOOTP services|Enable BOOTP server"),
	kept("ip subnet-zero", "|Allow 'subnet zero' subnets"),
	keptOn("ip domain-lookup", "|Enable IP Domain Name System hostname translation"),
	keptOn("ip domain lookup", "|IP DNS Resolver|Enable IP Domain Name System hostname translation"),
	kept("ip domain-name / <name:word>", "|Define the default domain name|Default domain name"),
	kept("ip domain name / <name:word>", "||Define the default domain name|Default domain name"),
	kept("ip tcp synwait-time / <seconds:5-300>", "|Global TCP parameters|Set time to wait on new TCP connections|Seconds"),
	kept("ip ssh version / <version:1-2>", "|Configure ssh options|Specify protocol version to be supported|Version"),
	kept("ipv6 cef", "Global IPv6 configuration commands|Cisco Express Forwarding for IPv6"),
	kept("ipv6 unicast-routing", "|Enable unicast routing"),
	keptOn("cdp run", "Global CDP configuration subcommands|Enable CDP"),
	kept("multilink bundle-name / {authenticated|both|endpoint}",
		"PPP multilink global configuration|Select method for naming multilink bundles|Use the authenticated name|Use both|Use endpoint"),
	kept("license udi pid <pid:word> sn / <serial:word>", "Configure license features|UDI|Product|Product id|Serial number|Serial number"),
	kept("scheduler allocate / <interrupt:400-60000> <process:100-4000>", "Scheduler parameters|Guarantee CPU time for processes|Microseconds in interrupts|Microseconds for processes"),
}

// ipRows stand behind the interfaces.
var ipRows = []syntax.Command[edit]{
	keptOn("ip forward-protocol nd", "|Controls forwarding of physical and directed IP broadcasts|Sun's Network Disk protocol"),
	kept("ip http server", "|HTTP server configuration|Enable http server"),
	kept("ip http secure-server", "||Enable HTTP secure server"),
	keptOn("ip classless", "|Follow classless routing forwarding rules"),
	keptOn("ip icmp rate-limit unreachable", "|Set ICMP parameters|Control rate|Rate limit unreachable messages"),
}
