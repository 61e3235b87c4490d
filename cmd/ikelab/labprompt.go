package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/netsim"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/scenario"
)

// next is where a command of the lab prompt leads.
type next int

const (
	stay    next = iota // at the lab prompt
	console             // to the console
	leave               // out of the program
)

// labCommand is a command of the lab prompt.
type labCommand struct {
	name, args, help string
	run              func(d *desk, args []string) (next, error)
	words            func(d *desk, args []string) []string // what may follow the arguments so far; nil: anything
}

// labCommands are the commands in the order in which help lists them.
func labCommands() []labCommand {
	return []labCommand{
		{"connect", "[ROUTER [take]]", "go to a router's console; take: even if somebody else is there", connect, first(routerNames, fixed("take"))},
		{"nodes", "", "list routers and bridges", nodes, nil},
		{"links", "", "list links and what they dropped", links, nil},
		{"ping", "HOST ADDRESS [repeat=N]", "send echoes from a host, or a router", send("ping"), first(senderNames)},
		{"traffic", "HOST ADDRESS [KEY=N...]", "send many of them, such as rate=300 for=30s", send("traffic"), first(senderNames)},
		{"link", "ROUTER:INTERFACE up|down", "mend or cut a link", step("link"), first(portNames, fixed("down", "up"))},
		{"impair", "ROUTER:INTERFACE KEY=VALUE...", "such as delay=10ms loss=1%; none: no more", step("impair"), first(portNames)},
		{"partition", "ROUTER...", "keep routers from all others", step("partition"), first(routerNames)},
		{"heal", "", "the partition ends", step("heal"), nil},
		{"rebind", "NAT [flush=true]", "give its mappings other ports, or forget them", step("rebind"), first(natNames)},
		{"redirect", "ROUTER [to=ADDRESS]", "have it send its clients to another gateway, or keep them", step("redirect"), first(routerNames)},
		{"stop", "ROUTER", "take its power away", step("stop"), first(routerNames)},
		{"start", "ROUTER", "give it power", step("start"), first(routerNames)},
		{"crash", "ROUTER [for=DURATION]", "take its power away and give it back", step("crash"), first(routerNames)},
		{"reload", "ROUTER [save=true]", "reload, confirmed", step("reload"), first(routerNames)},
		{"lab", "task|hint|check|reset|solution", "of a lab with a task; at consoles, too", askTutor, first(fixed("check", "hint", "reset", "solution", "task"))},
		{"why", "[ROUTER [INTERFACE [ENTRY]]]", "say why tunnels are down, or carry nothing; at consoles, too", askWhy, first(routerNames)},
		{"time", "", "show virtual time", showTime, nil},
		{"wait", "DURATION", "let virtual time pass, such as 10s", wait, nil},
		{"capture", "start FILE|FOLDER, or stop", "capture all links; a folder gets keys too", capture, first(fixed("start", "stop"))},
		{"back", "DURATION", "run again to that long ago, and go on from there", back, nil},
		{"record", "FILE", "write what was done so far", recordLog, nil},
		{"replay", "FILE", "run what a file says instead, and go on from there", replayFile, nil},
		{"help", "", "this list", help, nil},
		{"quit", "", "end the lab; so do exit and Ctrl-D", quit, nil},
	}
}

// findLabCommand finds a command by its name or the beginning of it.
func findLabCommand(word string) (labCommand, error) {
	if word == "exit" {
		word = "quit"
	}
	var found []labCommand
	var names []string
	for _, c := range labCommands() {
		if c.name == word {
			return c, nil
		}
		if strings.HasPrefix(c.name, word) {
			found, names = append(found, c), append(names, c.name)
		}
	}
	switch len(found) {
	case 0:
		return labCommand{}, unknownLabCommand(word)
	case 1:
		return found[0], nil
	}
	return labCommand{}, fmt.Errorf("%q may be %s", word, strings.Join(names, " or "))
}

func unknownLabCommand(word string) error {
	return fmt.Errorf("unknown command %q; help lists what there is", word)
}

func runLabCommand(d *desk, words []string) (next, error) {
	c, err := findLabCommand(words[0])
	if err != nil {
		return stay, err
	}
	return c.run(d, words[1:])
}

func help(d *desk, _ []string) (next, error) {
	for _, c := range labCommands() {
		d.terminal.Write(c.line(d.terminal.Columns()))
	}
	d.terminal.Write("Ctrl-] or connect leads back to the console.\n")
	return stay, nil
}

// line is the command as help lists it, at a terminal with so many columns.
func (c labCommand) line(columns int) string {
	return hang(fmt.Sprintf("  %-33s  ", strings.TrimSpace(c.name+" "+c.args)), c.help, columns)
}

func connect(d *desk, args []string) (next, error) {
	if len(args) > 0 {
		r := d.lab.Router(args[0])
		if r == nil {
			return stay, fmt.Errorf("there is no router %q", args[0])
		}
		d.in(func() { d.at = d.consoles[r.Name()] })
	}
	if d.at == nil {
		return stay, errors.New("this lab has no router")
	}
	d.takes = len(args) > 1 && args[1] == "take"
	d.terminal.Write(fmt.Sprintf("Connected to %s.\n", d.at.node))
	return console, nil
}

func nodes(d *desk, _ []string) (next, error) {
	var b strings.Builder
	d.in(func() {
		for _, r := range d.lab.Routers {
			state := "running"
			if !r.Device.Started() {
				state = "starts at " + stamp(r.Device.StartsAt())
			}
			fmt.Fprintf(&b, "  %-12s %-12s %s\n", r.Name(), r.Hostname(), state)
		}
		for _, h := range d.lab.Stations {
			n := d.lab.Topology.Node(h.Name())
			fmt.Fprintf(&b, "  %-12s %s%s\n", h.Name(), n.Kind, addressesOf(h))
		}
		for _, s := range d.lab.Sim.Segments() {
			fmt.Fprintf(&b, "  %-12s bridge, %s\n", s.Name(), count(len(s.Ports()), "port"))
		}
	})
	d.terminal.Write(b.String())
	return stay, nil
}

func links(d *desk, _ []string) (next, error) {
	var b strings.Builder
	d.in(func() {
		for _, l := range d.lab.Sim.Links() {
			state := "up"
			if !l.Up() {
				state = "down"
			}
			x, y := l.Ends()
			fmt.Fprintf(&b, "  %-44s %-5s dropped %d, %d\n", l.Name(), state, dropped(x.Counters()), dropped(y.Counters()))
		}
	})
	d.terminal.Write(b.String())
	return stay, nil
}

func dropped(c netsim.Counters) (n uint64) {
	for _, k := range c.Dropped {
		n += k
	}
	return n
}

// step does what a line of `ikelab exec` does.
func step(name string) func(d *desk, args []string) (next, error) {
	return func(d *desk, args []string) (next, error) {
		s, err := scenario.ParseLine(strings.Join(append([]string{name}, args...), " "))
		if err != nil {
			return stay, err
		}
		if s.Kind == "help" {
			return stay, fmt.Errorf("%s ? is a key here: press it behind %s", name, name)
		}
		return stay, d.do(s)
	}
}

// addressesOf are those of a device that is no router.
func addressesOf(h *lab.Station) string {
	var list []string
	for _, port := range slices.Sorted(slices.Values(h.PortNames())) {
		if a := h.Address(port); a.IsValid() {
			list = append(list, a.String())
		}
	}
	return strings.TrimRight(" "+strings.Join(list, ", "), " ")
}

// send has a device send echoes, and waits for what comes of them. Who waits no longer leaves
// them to themselves; the lab goes the same way.
func send(name string) func(d *desk, args []string) (next, error) {
	return func(d *desk, args []string) (next, error) {
		if len(args) < 2 {
			return stay, fmt.Errorf("usage: %s HOST ADDRESS; nodes lists the hosts and their addresses", name)
		}
		s, err := scenario.ParseLine(strings.Join(append(append([]string{name}, args...), "background=true"), " "))
		if err == nil {
			err = d.do(s)
		}
		if err != nil {
			return stay, err
		}
		done := make(chan struct{})
		d.in(func() { d.outcome(s, done) })
		_ = d.terminal.AwaitBreak(done) // Ctrl-C and Ctrl-] end the wait
		d.in(func() {
			shown, _ := s.Outcome(d.lab.Sim.Now())
			d.terminal.Write(shown)
		})
		return stay, nil
	}
}

// outcome looks now and then whether all has come that will.
func (d *desk) outcome(s *scenario.Step, done chan struct{}) {
	now := d.lab.Sim.Now()
	if _, all := s.Outcome(now); all {
		close(done)
		return
	}
	d.lab.pacer.Alarm(now.Add(100*time.Millisecond), func() { d.outcome(s, done) })
}

func showTime(d *desk, _ []string) (next, error) {
	d.in(func() {
		now := d.lab.Sim.Now()
		d.terminal.Write(fmt.Sprintf("  %s, %v after power-on\n", stamp(now), now.Sub(d.lab.Topology.Clock).Round(time.Millisecond)))
	})
	return stay, nil
}

func wait(d *desk, args []string) (next, error) {
	if len(args) != 1 {
		return stay, errors.New("usage: wait DURATION, such as 10s")
	}
	t, err := duration(args[0])
	if err != nil {
		return stay, err
	}
	done := make(chan struct{})
	d.in(func() { d.lab.pacer.Alarm(d.lab.Sim.Now().Add(t), func() { close(done) }) })
	_ = d.terminal.AwaitBreak(done) // Ctrl-C and Ctrl-] end the wait
	return stay, nil
}

func duration(text string) (time.Duration, error) {
	t, err := time.ParseDuration(text)
	if err != nil || t < 0 {
		err = fmt.Errorf("%q is not a duration such as 10s", text)
	}
	return t, err
}

func capture(d *desk, args []string) (next, error) {
	switch {
	case len(args) == 2 && args[0] == "start":
		return stay, d.startCapture(args[1])
	case len(args) == 1 && args[0] == "stop":
		return stay, d.stopCapture()
	}
	return stay, errors.New("usage: capture start FILE.pcapng, capture start FOLDER, or capture stop")
}

// startCapture captures into a file if the name says so, else into a Wireshark
// folder.
func (d *desk) startCapture(into string) error {
	if d.lab.capture != nil {
		return errors.New("a capture is running already; capture stop ends it")
	}
	hint := "capturing into " + into
	start := func() (*lab.Capture, error) {
		return d.lab.StartCaptureFile(func() (io.WriteCloser, error) { return files.Create(into) })
	}
	if !strings.HasSuffix(into, ".pcapng") {
		folder, err := captureFolder(into)
		if err != nil {
			return err
		}
		hint = fmt.Sprintf("capturing; read it with WIRESHARK_CONFIG_DIR=%s wireshark -r %s", into, filepath.Join(into, "capture.pcapng"))
		start = func() (*lab.Capture, error) { return d.lab.StartCapture(folder) }
	}
	var c *lab.Capture
	var err error
	d.in(func() { c, err = start() })
	if err != nil {
		return err
	}
	d.lab.capture = c
	d.terminal.Write(hint + "\n")
	return nil
}

func (d *desk) stopCapture() (err error) {
	if d.lab.capture == nil {
		return errors.New("no capture is running")
	}
	d.in(func() { err = d.lab.capture.Stop() })
	d.lab.capture = nil
	return err
}

// askTutor is the command `lab` of the lab prompt and of consoles.
func askTutor(d *desk, args []string) (next, error) {
	switch {
	case d.tutor == nil:
		return stay, errNoTask
	case len(args) != 1:
		return stay, fmt.Errorf("usage: %s", tutorUsage)
	case tutorWord(args[0]) == "reset":
		return d.instead(d.log().Before(-1))
	}
	text, err := answer(d, args[0], d.terminal.Columns())
	if err == nil {
		d.terminal.Write(text)
	}
	return stay, err
}

// askWhy is the command `why`.
func askWhy(d *desk, args []string) (next, error) {
	text, err := whyText(d, args, d.terminal.Columns())
	if err == nil {
		d.terminal.Write(text)
	}
	return stay, err
}

// whyText is what there is to say of tunnels; from both ends, as the lab is the user's.
func whyText(d *desk, args []string, columns int) (text string, err error) {
	if len(args) > 3 {
		return "", errors.New("usage: why [ROUTER [INTERFACE [ENTRY]]]")
	}
	d.in(func() { text, err = whyOf(d, args, columns) })
	return text, err
}

// whyOf is whyText for the driver.
func whyOf(d *desk, args []string, columns int) (text string, err error) {
	d.tutor.why()
	list, err := asked(d.witness, d.lab, args, false)
	for _, v := range list {
		text += v.In(phrase.English, room(columns))
	}
	return text, err
}

// answer has the tutor answer a word.
func answer(d *desk, word string, columns int) (text string, err error) {
	d.in(func() { text, err = d.tutor.say(word, columns) })
	return text, err
}
