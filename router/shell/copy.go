package shell

import (
	"errors"
	"strings"

	"ikelab/iosconfig/syntax"
	"ikelab/router/operator"
)

// copyRows are the commands that copy: the two configurations and the files of flash.
var copyRows = []syntax.Command[exec]{
	copies("running-config startup-config", "Copy from one file to another|Copy from current system configuration|Copy to startup configuration"),
	copies("running-config <to:word>", "||Copy to a file: flash:NAME"),
	copies("startup-config running-config", "|Copy from startup configuration|Update (merge with) current system configuration"),
	copies("startup-config <to:word>", "||Copy to a file: flash:NAME"),
	copies("<from:word> running-config", "|Copy from a file: flash:NAME|Update (merge with) current system configuration"),
	copies("<from:word> startup-config", "||Copy to startup configuration"),
	copies("<from:word> <to:word>", "||Copy to a file: flash:NAME"),
}

const running, startup = "running-config", "startup-config"

// copies is a form of copy: what is no argument is one of the configurations.
func copies(form, help string) syntax.Command[exec] {
	words := strings.Fields(form)
	end := func(i int, name string, a args) string {
		if strings.HasPrefix(words[i], "<") {
			return a.Word(name)
		}
		return words[i]
	}
	return syntax.Command[exec]{Syntax: "copy " + form, Help: help, Set: func(x *exec, a args) error {
		return copyFile(x, end(0, "from", a), end(1, "to", a))
	}}
}

// copyFile asks what the copy is to be called, and copies.
func copyFile(x *exec, from, to string) error {
	if !isConfig(from) {
		if _, err := flashName(from); err != nil {
			return err
		}
	}
	suggested := to
	if !isConfig(to) {
		target := to
		suggested = strings.TrimLeft(to[strings.IndexByte(to, ':')+1:], "/")
		if suggested == "" { // flash: alone
			suggested = strings.ToLower(x.d.Running().Hostname) + "-confg"
			target += suggested
		}
		if _, err := flashName(target); err != nil {
			return err
		}
	}
	x.ask("Destination filename ["+suggested+"]? ", func(x *exec, text string) {
		if text = strings.TrimSpace(text); text == "" {
			text = suggested
		}
		switch {
		case isConfig(to) && text != to:
			x.linef("%%Error opening nvram:%s (No such file or directory)", text)
		case isConfig(to):
			copyInto(x, from, to)
		default:
			copyToFlash(x, from, text)
		}
	})
	return nil
}

func isConfig(name string) bool { return name == running || name == startup }

// original is the text of what is copied.
func (x *exec) original(from string) (string, error) {
	switch from {
	case running:
		return runningText(x), nil
	case startup:
		if x.d.Startup() == "" {
			return "", syntax.Refuse("%%%% Non-volatile configuration memory invalid or not present")
		}
		return x.d.Startup(), nil
	}
	name, err := flashName(from)
	if err != nil {
		return "", err
	}
	text, found := x.d.Flash().read(name)
	if !found {
		return "", noFile(name)
	}
	return text, nil
}

// copyInto copies to one of the configurations: the running one is added to.
func copyInto(x *exec, from, to string) {
	text, err := x.original(from)
	switch {
	case err != nil:
		x.refuse(err, 0)
	case from == running && to == startup:
		save(x)
	case to == running:
		merge(x, from, text)
		x.linef("%d bytes copied", len(text))
	case setStartup(x, text):
		x.line("[OK]").linef("%d bytes copied", len(text))
		x.tellIfLost()
	}
}

// copyToFlash copies to a file, which the user may not want replaced.
func copyToFlash(x *exec, from, to string) {
	text, err := x.original(from)
	name := ""
	if err == nil {
		name, err = flashName(to)
	}
	if err != nil {
		x.refuse(err, 0)
		return
	}
	write := func(x *exec) {
		if err := x.d.Flash().write(name, text, false, x.s.sh.shows(x.now)); err != nil {
			x.linef("%%Error writing flash:/%s (%s)", name, reason(err))
			return
		}
		x.linef("%d bytes copied", len(text))
	}
	if _, found := x.d.Flash().read(name); !found {
		write(x)
		return
	}
	x.line("%Warning:There is a file already existing with this name")
	x.confirm("Do you want to over write? [confirm]", write)
}

// merge enters the lines of a file as if they were typed in configuration mode.
// What is wrong is told with its line.
func merge(x *exec, from, text string) {
	e := x.d.Editor()
	x.s.sh.records.Begin(x.now, 0, 0)
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if word := strings.TrimSpace(line); !e.InText() && (word == "" || word[0] == '!' || word == "end") {
			continue
		}
		done, err := e.Enter(x.now, line)
		x.out = append(x.out, done.Messages...)
		if err == nil && done.Do != "" {
			err = errors.New("an EXEC command in a file")
		}
		if err != nil {
			x.line(line)
			x.out = append(x.out, syntax.Refusal(err, 0)...)
		}
		if done.Left {
			e = x.d.Editor()
		}
	}
	if from == startup {
		from = "memory"
	}
	x.s.sh.records.Emit(operator.Configured{From: from, By: x.s.name()})
}

// configureMemory adds the startup configuration to the running one.
func configureMemory(x *exec, _ args) error {
	text, err := x.original(startup)
	if err == nil {
		merge(x, startup, text)
	}
	return err
}

func configureFrom(x *exec) {
	x.ask("Configuring from terminal, memory, or network [terminal]? ", func(x *exec, text string) {
		if isPrefix(text, "memory") {
			if err := configureMemory(x, args{}); err != nil {
				x.refuse(err, 0)
			}
			return
		}
		if text != "" && !isPrefix(text, "terminal") {
			x.line("?Must be \"terminal\" or \"memory\": \"network\" is not simulated")
			return
		}
		configureTerminal(x)
	})
}
