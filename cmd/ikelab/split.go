package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/term"
)

// mostPanes is how many consoles fit side by side.
const mostPanes = 9

// insideTmux has the program run inside tmux, where it is not: it begins again
// there, in place of this one.
func insideTmux() error {
	tmux, err := exec.LookPath("tmux")
	switch {
	case err != nil:
		return errors.New("--split needs tmux, which is not on the path")
	case !term.IsTerminal(int(os.Stdin.Fd())) || !term.IsTerminal(int(os.Stdout.Fd())):
		return errors.New("--split needs a terminal")
	case os.Getenv("TMUX_PANE") != "":
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return syscall.Exec(tmux, append([]string{"tmux", "new-session", "--", self}, os.Args[1:]...), os.Environ())
}

// split lays the consoles of the other routers beside this one. The panes end with
// the lab.
func (d *desk) split() {
	self, err := os.Executable()
	last := os.Getenv("TMUX_PANE")
	for i, r := range d.lab.Routers {
		switch {
		case i == 0 || err != nil:
			continue
		case i == mostPanes:
			d.terminal.Write(fmt.Sprintf("The other %s have no pane; ikelab attach opens their consoles.\n", count(len(d.lab.Routers)-mostPanes, "router")))
			return
		}
		if last, err = tmux("split-window", "-d", "-P", "-F", "#{pane_id}", "-t", last, "--", self, "attach", d.place.Path(), r.Name()); err == nil {
			_, err = tmux("select-layout", "-t", last, "tiled") // before the next, or there is no room
		}
	}
	if err != nil {
		d.terminal.Write("The consoles are not all side by side: " + plain(err) + ".\n")
	}
}

func tmux(args ...string) (said string, err error) {
	out, err := exec.Command("tmux", args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tmux: %s%w", out, err)
	}
	return strings.TrimSpace(string(out)), nil
}
