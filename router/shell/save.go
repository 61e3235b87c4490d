package shell

import (
	"strings"

	"ikelab/iosconfig/rows"
)

// The startup-config, and reload.

// notKept says what `write memory` means here.
const notKept = "% The startup-config lives as long as this lab runs: nothing has been written to a file."

// save makes the running configuration the startup one.
func save(x *exec) {
	x.line("Building configuration...")
	x.d.SetStartup(strings.Join(rows.Running(x.d.Running()), "\n") + "\n")
	x.line("[OK]").line(notKept)
}

func copyRunning(x *exec) {
	x.ask("Destination filename [startup-config]? ", func(x *exec, text string) {
		if text != "" && text != "startup-config" {
			x.linef("%%Error opening nvram:%s (No such file or directory)", text)
			return
		}
		save(x)
	})
}

func erase(x *exec) {
	x.confirm("Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]", func(x *exec) {
		x.d.SetStartup("")
		x.line("[OK]").line("Erase of nvram: complete")
	})
}

// reloadQuestion asks before a reload, as IOS does.
func reloadQuestion(x *exec) {
	proceed := func(x *exec) {
		x.confirm("Proceed with reload? [confirm]", func(x *exec) {
			x.s.sh.records.Begin(x.now, 0, 0)
			x.s.sh.reload(x.now, x.s.name())
		})
	}
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
