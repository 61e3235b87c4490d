package main

import (
	"errors"
	"io"
	"strings"

	"ikelab/cmd/ikelab/internal/terminal"
)

// quit ends the lab. Who would lose what he has configured is asked first.
func quit(d *desk, _ []string) (next, error) {
	lost := d.lost()
	if len(lost) == 0 {
		return leave, nil
	}
	names := strings.Join(lost, ", ")
	if d.lab.kept == nil {
		d.terminal.Write("What was configured at " + names + " ends with this lab; one that is run with --save DIR keeps what is saved.\n")
	} else {
		d.terminal.Write("Configured and not saved: " + names + ". write memory saves.\n")
	}
	answer, err := d.terminal.Read(terminal.Prompt{Text: "Quit? [confirm]", Leaves: true})
	switch answer = strings.ToLower(strings.TrimSpace(answer)); {
	case errors.Is(err, io.EOF), err == nil && (answer == "" || strings.HasPrefix(answer, "y")):
		return leave, nil
	case errors.Is(err, terminal.ErrEscape), errors.Is(err, terminal.ErrBreak), errors.Is(err, terminal.ErrEnd):
		return stay, nil
	}
	return stay, err
}

// lost are the routers whose configuration ends with the lab: it is not saved,
// or saved nowhere.
func (d *desk) lost() (names []string) {
	d.in(func() {
		for _, r := range d.lab.Routers {
			changed := d.lab.kept == nil && r.NVRAM().Startup() != d.lab.Topology.Node(r.Name()).Config
			if changed || r.Shell().Unsaved() {
				names = append(names, r.Name())
			}
		}
	})
	return names
}
