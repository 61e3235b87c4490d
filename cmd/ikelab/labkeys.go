package main

import (
	"strings"

	"ikelab/topologies"
)

// labKeys are `?` and Tab at the lab prompt.
type labKeys struct{ *desk }

// Help lists the commands that the line may become, and what may follow.
func (k labKeys) Help(line string) string {
	var b strings.Builder
	words, last := lastWord(line)
	if len(words) > 0 {
		c, err := findLabCommand(words[0])
		if err != nil {
			return err.Error() + "\n"
		}
		b.WriteString(c.line(k.terminal.Columns()))
		for _, word := range k.Complete(line) {
			b.WriteString("    " + word + "\n")
		}
		return b.String()
	}
	for _, c := range labCommands() {
		if strings.HasPrefix(c.name, last) {
			b.WriteString(c.line(k.terminal.Columns()))
		}
	}
	if b.Len() == 0 {
		return unknownLabCommand(last).Error() + "\n"
	}
	return b.String()
}

// Complete lists what the last word may become.
func (k labKeys) Complete(line string) (fits []string) {
	words, last := lastWord(line)
	var all []string
	if len(words) == 0 {
		for _, c := range labCommands() {
			all = append(all, c.name)
		}
	} else if c, err := findLabCommand(words[0]); err == nil && c.words != nil {
		all = c.words(k.desk, words[1:])
	}
	for _, word := range all {
		if strings.HasPrefix(strings.ToLower(word), strings.ToLower(last)) {
			fits = append(fits, word)
		}
	}
	return fits
}

// History is the lines that were typed before.
func (k labKeys) History() []string { return k.history }

// lastWord splits a line into the words that are complete and the one that is
// being typed.
func lastWord(line string) (words []string, last string) {
	i := strings.LastIndexAny(line, " \t") + 1
	return strings.Fields(line[:i]), line[i:]
}

// first lists by the number of arguments so far.
func first(lists ...func(d *desk) []string) func(d *desk, args []string) []string {
	return func(d *desk, args []string) []string {
		if len(args) >= len(lists) {
			return nil
		}
		return lists[len(args)](d)
	}
}

func fixed(words ...string) func(*desk) []string { return func(*desk) []string { return words } }

func natNames(d *desk) (names []string) {
	for _, s := range d.lab.Stations {
		if d.lab.Topology.Node(s.Name()).Kind == topologies.KindNAT {
			names = append(names, s.Name())
		}
	}
	return names
}

// senderNames are the devices that send echoes, hosts first.
func senderNames(d *desk) (names []string) {
	for _, s := range d.lab.Stations {
		if d.lab.Topology.Node(s.Name()).Kind == topologies.KindHost {
			names = append(names, s.Name())
		}
	}
	return append(names, routerNames(d)...)
}

func routerNames(d *desk) (names []string) {
	for _, r := range d.lab.Routers {
		names = append(names, r.Name())
	}
	return names
}

// portNames lists the ports that a link ends at.
func portNames(d *desk) (names []string) {
	d.in(func() {
		for _, l := range d.lab.Sim.Links() {
			a, b := l.Ends()
			names = append(names, a.Name(), b.Name())
		}
	})
	return names
}
