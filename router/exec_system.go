package router

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
)

// notKept says what `write memory` means here.
const notKept = "% The startup-config lives as long as this lab runs: nothing has been written to a file."

// saveConfiguration makes the running configuration the startup one.
func (x *exec) saveConfiguration() {
	x.line("Building configuration...")
	x.r.setStartupText(strings.Join(iosconfig.Running(x.r.running()), "\n") + "\n")
	x.line("[OK]").line(notKept)
}

// unsaved says whether the running configuration differs from the saved one.
func (r *Router) unsaved() bool {
	saved, problems := iosconfig.Load(r.startupText())
	if len(problems) > 0 {
		return true
	}
	return !slices.Equal(iosconfig.Running(r.withPorts(saved)), iosconfig.Running(r.running()))
}

// reloadQuestion asks before a reload, as IOS does.
func (x *exec) reloadQuestion() {
	confirm := func(x *exec) {
		x.ask("Proceed with reload? [confirm]", "", func(x *exec, text string) {
			if confirmed(text) {
				x.reload()
			}
		})
	}
	if !x.r.unsaved() {
		confirm(x)
		return
	}
	x.askYesNo("System configuration has been modified. Save? [yes/no]: ", func(x *exec, yes bool) {
		if yes {
			x.saveConfiguration()
		}
		confirm(x)
	})
}

func (x *exec) reload() {
	x.r.logf(x.now, "SYS", severityNotifications, "RELOAD", "Reload requested by %s. Reload Reason: Reload Command.", x.s.name())
	x.r.restartSessions()
	x.r.reload(x.now)
	x.r.logf(x.now, "SYS", severityNotifications, "RESTART", "System restarted --")
}

type debugFlag struct {
	name string
	on   *bool
}

func ikev2Flags(d *debugFlags) []debugFlag {
	return []debugFlag{{"error", &d.Error}, {"default", &d.IKEv2}, {"packet", &d.Packet}, {"internal", &d.Internal}}
}
