package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/cmd/ikelab/internal/serve"
	"ikelab/router/shell"
	"ikelab/tests/kit"
	"ikelab/topologies/scenario"
)

// nearlyStill is so slow that virtual time stands still for who looks.
const nearlyStill = "0.000001"

// ofTheLine are the screens about the line that one sits at, which are different
// on another.
var ofTheLine = []string{"show users", "show line", "show terminal", "show history"}

// TestEqualText: what exec prints, what a console shows and what comes over the
// network is the same, octet for octet: every show command, ten seconds after
// power-on.
func TestEqualText(t *testing.T) {
	t.Parallel()
	file := filepath.Join(noteFolder(t), "lab.clab.yml")
	log := filepath.Join(t.TempDir(), "log")
	commands, doors := stillServed(t, file)
	require.Greater(t, len(commands), 100)

	args := []string{"exec", "--record", log, file, "wait 10s"}
	_, status, err := program(t, "", args...)
	require.NoError(t, err)
	require.Zero(t, status)
	typed := append([]string{"terminal length 0", "terminal width 512"}, commands...)
	for _, c := range typed {
		args = append(args, "R1: "+c)
	}
	args[2] = log + "2"
	printed, _, _ := program(t, "", args...) // commands that need a name refuse this one
	want := answers(t, printed, typed)

	shown, _ := process(t, strings.Join(typed, "\n")+"\n^]\nquit\n\n", "run", "--replay", log, "--speed", nearlyStill, file)
	for i, text := range answers(t, shown, typed) {
		require.Equal(t, want[i], text, "the console: %s", typed[i])
	}
	for _, p := range []doorway{bySSH(t, doors), byTelnet(t, doors)} {
		for i, c := range typed {
			before := len(p.screen())
			p.keys(c + "\r")
			p.wants("\nRouter1#")
			if !strings.HasPrefix(c, "terminal") && !aboutTheLine(c) {
				text := strings.ReplaceAll(p.screen()[before:], "\r\n", "\n")
				require.Equal(t, c+"\n"+want[i]+"Router1#", text, "%T", p)
			}
		}
	}
}

func aboutTheLine(command string) bool {
	for _, c := range ofTheLine {
		if strings.HasPrefix(command, c) {
			return true
		}
	}
	return false
}

// answers takes a console apart: what stands behind each line that was typed.
func answers(t *testing.T, console string, typed []string) (list []string) {
	t.Helper()
	_, rest, found := strings.Cut(console, "Router1#"+typed[0]+"\n")
	require.True(t, found, console)
	for _, next := range typed[1:] {
		var text string
		text, rest, found = strings.Cut(rest, "Router1#"+next+"\n")
		require.True(t, found, "%s in\n%s", next, rest)
		list = append(list, text)
	}
	last, _, _ := strings.Cut(rest, "Router1#")
	return append(list, last)
}

// stillServed is a lab, ten seconds after power-on, that stands still while
// people come to it.
func stillServed(t *testing.T, file string) (commands []string, doors served) {
	t.Helper()
	l, err := openLab(file, &labFlags{seed: 1}, 1e-6)
	require.NoError(t, err)
	runner, err := scenario.NewRunner(l.Lab, scenario.Settings{Console: func(string) (io.Writer, error) { return io.Discard, nil }})
	require.NoError(t, err)
	runner.Begin()
	step, err := scenario.ParseLine("wait 10s")
	require.NoError(t, err)
	_, err = runner.Do(step)
	require.NoError(t, err)
	l.pacer.Follow(l.Sim)
	commands = showCommands(l) // nobody else has the lab yet
	server, err := serve.Open(l.Routers, serve.Options{Do: l.pacer.Do, Address: "127.0.0.1", HostKey: serve.HostKeys("")})
	require.NoError(t, err)
	stop, stopped := false, make(chan struct{})
	t.Cleanup(func() {
		l.pacer.Do(func() { stop = true })
		<-stopped
		require.NoError(t, server.Close())
		require.NoError(t, l.close())
	})
	go func() {
		l.pacer.RunUntil(func() bool { return stop }, l.Sim.Now().Add(time.Hour))
		close(stopped)
	}()
	for _, d := range server.Doors() {
		doors = append(doors, struct{ SSH, Telnet string }{d.SSH, d.Telnet})
	}
	return commands, doors
}

// showCommands are all that `?` leads to behind show.
func showCommands(l *runningLab) []string {
	s := l.Routers[0].Shell().Open(shell.Options{Out: func(string) {}, Privileged: true})
	defer s.Close()
	return kit.Commands("show", s.Help)
}
