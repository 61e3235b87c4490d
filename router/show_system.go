package router

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
)

// versionLine is the first line of `show version`; it is also what the CFG
// request of IKE_AUTH carries as APPLICATION_VERSION.
const versionLine = "Cisco IOS Software, Linux Software (I86BI_LINUX-ADVENTERPRISEK9-M), Version 15.1(1)T, RELEASE SOFTWARE (ikelab simulation)"

// showVersion is `show version`. It says what this router is: a simulation.
func (x *exec) showVersion() {
	x.line(versionLine)
	x.line("This is not Cisco software: ikelab answers in its words.").line("")
	x.line("ROM: Bootstrap program is Linux").line("")
	x.linef("%s uptime is %s", x.r.Hostname(), longAge(x.now.Sub(x.r.startedAt())))
	x.linef("System returned to ROM by %s", x.r.restartReason())
	x.line(`System image file is "unix:ikelab"`)
	x.linef("Last reload reason: %s", x.r.restartReason()).line("")
	x.line("Linux Unix (simulated) processor with 65536K bytes of memory.")
	x.linef("Processor board ID %s", x.r.Name())
	for _, count := range x.portCounts() {
		x.line(count)
	}
	x.line("64K bytes of NVRAM.").line("")
	x.line("Configuration register is 0x2102").line("")
}

// portCounts are lines like "4 Ethernet interfaces".
func (x *exec) portCounts() []string {
	var lines []string
	for _, kind := range []iosconfig.InterfaceType{iosconfig.Ethernet, iosconfig.FastEthernet, iosconfig.GigabitEthernet} {
		n := 0
		for _, v := range x.r.ifaceViews() {
			if v.Config.Type == kind {
				n++
			}
		}
		words := strings.Replace(strings.Replace(string(kind), "FastEth", "Fast Eth", 1), "GigabitEth", "Gigabit Eth", 1)
		switch {
		case n == 1:
			lines = append(lines, "1 "+words+" interface")
		case n > 1:
			lines = append(lines, fmt.Sprintf("%d %s interfaces", n, words))
		}
	}
	return lines
}

// showClock is `show clock`; the star says that nobody set the clock.
func (x *exec) showClock() {
	x.line("*" + x.now.Format("15:04:05.000 MST Mon Jan 2 2006"))
}

func (x *exec) configuration(title string, lines []string) {
	size := 0
	for _, l := range lines {
		size += len(l) + 1
	}
	x.linef("%s : %d bytes", title, size)
	x.out = append(x.out, lines...)
	x.line("")
}

// showRunning is `show running-config`.
func (x *exec) showRunning() {
	x.line("Building configuration...").line("")
	x.configuration("Current configuration", iosconfig.Running(x.r.running()))
}

// showRunningInterface is `show running-config interface NAME`.
func (x *exec) showRunningInterface(name string) {
	section := []string{"!"}
	inside := false
	for _, l := range iosconfig.Running(x.r.running()) {
		if !strings.HasPrefix(l, " ") {
			inside = l == "interface "+name
		}
		if inside {
			section = append(section, l)
		}
	}
	x.line("Building configuration...").line("")
	x.configuration("Current configuration", append(section, "end"))
}

// showStartup is `show startup-config`.
func (x *exec) showStartup() {
	text := x.r.startupText()
	if text == "" {
		x.line("startup-config is not present")
		return
	}
	size := len(text)
	x.linef("Using %d out of 65536 bytes", size)
	x.out = append(x.out, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
	x.line("")
}

// saveConfiguration makes the running configuration the startup one.
func (x *exec) saveConfiguration() {
	x.line("Building configuration...")
	x.r.setStartupText(strings.Join(iosconfig.Running(x.r.running()), "\n") + "\n")
	x.line("[OK]")
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

// showDebugging is `show debugging`.
func (x *exec) showDebugging() {
	d := x.r.shell.debug
	if d.ikev2() {
		x.line("IKEV2:")
		for _, f := range ikev2Flags(&d) {
			if *f.on {
				x.linef("  IKEv2 %s debugging is on", f.name)
			}
		}
	}
	if d.IPsec {
		x.line("").line("Cryptographic Subsystem:")
		x.line("  Crypto IPSEC debugging is on")
	}
}

type debugFlag struct {
	name string
	on   *bool
}

func ikev2Flags(d *debugFlags) []debugFlag {
	return []debugFlag{{"error", &d.Error}, {"default", &d.IKEv2}, {"packet", &d.Packet}, {"internal", &d.Internal}}
}

// seconds is a duration in whole seconds.
func seconds(d time.Duration) int64 { return int64(d / time.Second) }
