package system

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
)

// LateRows stand behind routes and access lists, LastRows behind the terminals.
var LateRows, LastRows = slices.Concat([]editor.Row[iosconfig.Config]{operationsRow, scheduleRow}, lateTexts), slices.Concat(ntpRows, lastTexts)

// Rows are the commands of the system, in running-config's order.
var Rows = slices.Concat(serviceRows, dhcpServiceRows, serviceTexts, hostnameRows, bootRows, bootTexts, loggingRows, []editor.Row[iosconfig.Config]{loggingHostRow}, loggingTexts, systemRows, systemTexts, dhcpRows, deviceTexts, bannerRows)

var bootRows = []editor.Row[iosconfig.Config]{
	editor.Ignored[iosconfig.Config]("version <number:word>", "Version of the configuration|Version"),
	editor.Ignored[iosconfig.Config]("boot-start-marker", "Start of the boot commands"),
	editor.Ignored[iosconfig.Config]("boot-end-marker", "End of the boot commands"),
}

// systemRows are common in configurations that people paste.
var systemRows = []editor.Row[iosconfig.Config]{
	enableSecretRow,
	enableAlgorithmRow,
	editor.Acted(passwordRow[iosconfig.Config]("enable password", "|Assign the privileged level password|Password, after its type")),
	usernameRow,
	editor.Acted(editor.Kept[iosconfig.Config]("aaa new-model", "Authentication, Authorization and Accounting.|Enable NEW access control commands and functions.(Disables OLD commands.)")),
	pubkeyRow,
}

var bannerRows = []editor.Row[iosconfig.Config]{
	editor.BannerRow("exec", "Define a login banner|Set EXEC process creation banner", func(b *iosconfig.Banners) *string { return &b.Exec }),
	editor.BannerRow("login", "|Set login banner", func(b *iosconfig.Banners) *string { return &b.Login }),
	editor.BannerRow("incoming", "|Set incoming terminal line banner", func(b *iosconfig.Banners) *string { return &b.Incoming }),
	editor.BannerRow("config-save", "|Set message for saving configuration", func(b *iosconfig.Banners) *string { return &b.Save }),
	editor.BannerRow("prompt-timeout", "|Set Message for login authentication timeout", func(b *iosconfig.Banners) *string { return &b.Timeout }),
	editor.BannerRow("slip-ppp", "|Set Message for SLIP/PPP", func(b *iosconfig.Banners) *string { return &b.SLIP }),
	editor.BannerRow("motd", "|Set Message of the Day banner", func(b *iosconfig.Banners) *string { return &b.MOTD }),
}
