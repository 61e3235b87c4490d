package shell

import (
	"strings"

	"ikelab/iosconfig/rows"
)

// The startup-config, and reload.

// notKept says what `write memory` means here.
const notKept = "% The startup-config lives as long as this lab runs: nothing has been written to a file. --save DIR keeps it."

// save makes the running configuration the startup one.
func save(x *exec) {
	x.line("Building configuration...")
	if setStartup(x, runningText(x)) {
		x.line("[OK]")
		x.tellIfLost()
	}
}

func runningText(x *exec) string { return strings.Join(rows.Running(x.d.Running()), "\n") + "\n" }

// setStartup writes the startup configuration. One that cannot be kept leaves
// the old one.
func setStartup(x *exec, text string) bool {
	err := x.d.SetStartup(text)
	if err != nil {
		x.linef("startup-config file open failed (%s)", reason(err))
	}
	return err == nil
}

// tellIfLost says that nothing outlives this lab.
func (x *exec) tellIfLost() {
	if x.d.Flash().storage == nil {
		x.line(notKept)
	}
}

func erase(x *exec) {
	x.confirm("Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]", func(x *exec) {
		if setStartup(x, "") {
			x.line("[OK]").line("Erase of nvram: complete")
		}
	})
}

// Unsaved says whether the running configuration differs from the saved one.
func (sh *Shell) Unsaved() bool { return sh.device.Unsaved() }

// reloadQuestion asks before a reload, as IOS does.
func reloadQuestion(x *exec) {
	savedFirst(x, func(x *exec) {
		x.confirm("Proceed with reload? [confirm]", func(x *exec) {
			x.s.sh.records.Begin(x.now, 0, 0)
			x.s.sh.reload(x.now, x.s.name(), "Reload Command")
		})
	})
}

// savedFirst asks whether to save what has been modified, and goes on.
func savedFirst(x *exec, proceed func(x *exec)) {
	if !x.d.Unsaved() {
		proceed(x)
		return
	}
	x.askYesNo("System configuration has been modified. Save? [yes/no]: ", func(x *exec, yes bool) {
		if yes {
			save(x)
		}
		proceed(x)
	})
}
