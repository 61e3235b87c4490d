package system

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// Rows are the commands of the system, in running-config's order.
var Rows = slices.Concat(serviceRows, bootRows, loggingRows, systemRows, bannerRows)

var bootRows = []editor.Row[iosconfig.Config]{
	editor.Ignored[iosconfig.Config]("version <number:word>", "Version of the configuration|Version"),
	editor.Ignored[iosconfig.Config]("boot-start-marker", "Start of the boot commands"),
	editor.Ignored[iosconfig.Config]("boot-end-marker", "End of the boot commands"),
}

// systemRows are common in configurations that people paste.
var systemRows = []editor.Row[iosconfig.Config]{
	enableSecretRow,
	editor.Acted(passwordRow[iosconfig.Config]("enable password", "|Assign the privileged level password|Password, after its type")),
	editor.Acted(usernameRow()),
	editor.Acted(editor.Kept[iosconfig.Config]("aaa new-model", "Authentication, Authorization and Accounting.|Enable NEW access control commands and functions.(Disables OLD commands.)")),
	editor.Kept[iosconfig.Config]("clock timezone / <zone:line>", "Configure time-of-day clock|Configure time zone|Name of the zone and hours offset from UTC"),
	editor.Kept[iosconfig.Config]("memory-size iomem / <percent:1-50>", "Memory size|Memory size for I/O memory|Percent of total memory"),
	editor.Kept[iosconfig.Config]("mmi polling-interval / <seconds:1-3600>", "MMI polling|Polling interval|Seconds"),
	editor.Kept[iosconfig.Config]("mmi auto-configure", "|Automatic configuration"),
	editor.Kept[iosconfig.Config]("mmi pvc", "|PVC"),
	editor.Kept[iosconfig.Config]("mmi snmp-timeout / <seconds:0-3600>", "|SNMP timeout|Seconds"),
	editor.KeptOn[iosconfig.Config]("ip cef", "|Cisco Express Forwarding"),
	editor.KeptOn[iosconfig.Config]("ip source-route", "|Process packets with source routing header options"),
	editor.KeptOn[iosconfig.Config]("ip gratuitous-arps", "|Generate gratuitous ARPs for PPP/SLIP peer addresses"),
	editor.KeptOn[iosconfig.Config]("ip bootp server", "|Config BOOTP services|Enable BOOTP server"),
	editor.Kept[iosconfig.Config]("ip subnet-zero", "|Allow 'subnet zero' subnets"),
	domainLookupRow,
	editor.KeptOn[iosconfig.Config]("ip domain lookup", "|IP DNS Resolver|Enable IP Domain Name System hostname translation"),
	domainNameRow,
	editor.Kept[iosconfig.Config]("ip domain name / <name:word>", "||Define the default domain name|Default domain name"),
	editor.Kept[iosconfig.Config]("ip tcp synwait-time / <seconds:5-300>", "|Global TCP parameters|Set time to wait on new TCP connections|Seconds"),
	editor.Kept[iosconfig.Config]("ip ssh version / <version:1-2>", "|Configure ssh options|Specify protocol version to be supported|Version"),
	pubkeyRow,
	editor.Kept[iosconfig.Config]("ipv6 cef", "Global IPv6 configuration commands|Cisco Express Forwarding for IPv6"),
	editor.Kept[iosconfig.Config]("ipv6 unicast-routing", "|Enable unicast routing"),
	editor.KeptOn[iosconfig.Config]("cdp run", "Global CDP configuration subcommands|Enable CDP"),
	editor.Kept[iosconfig.Config]("multilink bundle-name / {authenticated|both|endpoint}",
		"PPP multilink global configuration|Select method for naming multilink bundles|Use the authenticated name|Use both|Use endpoint"),
	editor.Kept[iosconfig.Config]("license udi pid <pid:word> sn / <serial:word>", "Configure license features|UDI|Product|Product id|Serial number|Serial number"),
	editor.Kept[iosconfig.Config]("scheduler allocate / <interrupt:400-60000> <process:100-4000>", "Scheduler parameters|Guarantee CPU time for processes|Microseconds in interrupts|Microseconds for processes"),
}

var bannerRows = []editor.Row[iosconfig.Config]{
	editor.BannerRow("exec", "Define a login banner|Set EXEC process creation banner", func(b *iosconfig.Banners) *string { return &b.Exec }),
	editor.BannerRow("login", "|Set login banner", func(b *iosconfig.Banners) *string { return &b.Login }),
	editor.BannerRow("motd", "|Set Message of the Day banner", func(b *iosconfig.Banners) *string { return &b.MOTD }),
}
