package bench

import (
	"fmt"
	"strings"
	"time"

	"ikelab/router/shell"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// Configurations: what loading and changing them costs.

const (
	typedTunnels = 4000
	bigFile      = 16_000
	fileSpokes   = 2000
)

func benchConfig(h Host) ([]Measure, error) {
	var list []Measure
	for _, run := range []func(h Host) ([]Measure, error){benchFiles, benchStartupFiles, benchTyped} {
		part, err := run(h)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	return list, nil
}

// benchFiles loads files of many lines of one kind and boots with them.
func benchFiles(h Host) ([]Measure, error) {
	routes, loopbacks := &strings.Builder{}, &strings.Builder{}
	routes.WriteString("interface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\n")
	for i := range bigFile {
		fmt.Fprintf(routes, "ip route 100.%d.%d.0 255.255.255.0 10.0.0.2\n", i>>8, i&255)
		fmt.Fprintf(loopbacks, "interface Loopback%d\n ip address 100.%d.%d.1 255.255.255.255\n", i, i>>8, i&255)
	}
	var list []Measure
	for _, f := range []struct {
		name, text string
		target     *float64
	}{
		{fmt.Sprintf("a file of %d static routes", bigFile), routes.String(), new(0.3)},
		{fmt.Sprintf("a file of %d loopbacks", bigFile), loopbacks.String(), nil},
	} {
		t := &topologies.Topology{Name: "big", Clock: topologies.DefaultClock}
		addRouter(t, "R1", f.text)
		var err error
		seconds := h.took(func() {
			var l *lab.Lab
			if l, err = lab.Build(t, lab.Options{Strict: true, Seed: 1}); err == nil {
				l.Sim.Run(t.Clock.Add(time.Second))
			}
		})
		if err != nil {
			return nil, err
		}
		list = append(list, Measure{Name: f.name, Value: seconds, Unit: "s", Target: f.target})
	}
	return list, nil
}

// benchStartupFiles is a star as a user has it: a topology file and a file for
// each router.
func benchStartupFiles(h Host) ([]Measure, error) {
	text, files := starFiles(fileSpokes)
	before := h.Heap()
	var l *lab.Lab
	seconds := 0.0
	err := func() (err error) {
		seconds = h.took(func() {
			var t *topologies.Topology
			if t, err = topologies.Parse("star.clab.yml", []byte(text), func(name string) ([]byte, error) { return []byte(files[name]), nil }); err != nil {
				return
			}
			if l, err = lab.Build(t, lab.Options{Strict: true, Seed: 1, Workers: h.Workers}); err == nil {
				err = bringUp(l)
			}
		})
		return err
	}()
	if err != nil {
		return nil, err
	}
	memory := (float64(h.Heap()) - float64(before)) / (fileSpokes + 1) / 1024
	l.Sim.Run(l.Sim.Now()) // keeps the lab alive until it has been weighed
	return []Measure{
		{Name: fmt.Sprintf("%d spokes up, from files", fileSpokes), Value: seconds, Unit: "s", Target: new(3.0)},
		{Name: "  memory a router", Value: memory, Unit: "KiB", Target: new(96.0)},
	}, nil
}

// starFiles is a star as text.
func starFiles(n int) (topology string, files map[string]string) {
	t := star(n, group19, "esp-aes esp-sha256-hmac")
	files = map[string]string{}
	b := &strings.Builder{}
	b.WriteString("name: star\ntopology:\n  defaults: {kind: ios}\n  nodes:\n")
	for _, node := range t.Nodes {
		file := node.Name + ".cfg"
		files[file] = node.Config
		fmt.Fprintf(b, "    %s: {startup-config: %s}\n", node.Name, file)
	}
	b.WriteString("  links:\n")
	for _, l := range t.Links {
		fmt.Fprintf(b, "    - {endpoints: [%q, %q], impairments: {delay: 1ms}}\n", l.Ends[0].String(), l.Ends[1].String())
	}
	return b.String(), files
}

// benchTyped changes the hub of a star that is up.
func benchTyped(h Host) ([]Measure, error) {
	l, err := lab.Build(star(typedTunnels, group19, "esp-aes esp-sha256-hmac"), lab.Options{Strict: true, Seed: 1, Workers: h.Workers})
	if err != nil {
		return nil, err
	}
	if err := bringUp(l); err != nil {
		return nil, err
	}
	hub := l.Router("HUB")
	s := hub.Shell().Open(shell.Options{Console: true, Privileged: true, Out: func(string) {}})
	hub.Enter(s, "configure terminal")
	h.Heap() // nobody pays for what others left behind
	seconds := h.took(func() {
		for _, line := range []string{"interface Loopback9", "ip address 192.0.2.1 255.255.255.255", "ip route 198.51.100.0 255.255.255.0 Loopback9"} {
			hub.Enter(s, line)
		}
	})
	return []Measure{{Name: fmt.Sprintf("three lines typed at a hub with %d tunnels", typedTunnels), Value: seconds * 1e3, Unit: "ms", Target: new(2.0)}}, nil
}
