package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPasswordAtATerminal is not shown while it is typed, and the arrow keys do
// not bring it back; nor another answer.
func TestPasswordAtATerminal(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run")
	p.wants("Router1#")
	p.keys("configure terminal\r")
	p.wants("(config)#")
	p.keys("enable secret 5 $1$abcd1234$2uW3ulNSsCppUKwdkf7Nd/\r")
	p.wants("(config)#")
	p.keys("end\rdisable\r")
	p.wants("Router1>")
	p.keys("enable\r")
	p.wants("Password: ")
	p.keys("S3cret?\t\x1b[A\x7f\r")
	p.wants("Password: ")
	p.keys("cisco\r")
	p.wants("Router1#")
	p.keys("\x1b[A\r") // the last command, which does nothing now
	p.wants("enable\r")
	p.keys("ping\r")
	p.wants("Protocol [ip]: ")
	p.keys("answer?\r")
	p.wants(`% Unknown protocol - "answer?"`)
	p.wants("Router1#")
	from := len(p.screen())
	p.keys("\x1b[A\x1b[A\x1b[A\x1b[B\x1b[B\x1b[B\x15show clock\r")
	p.wants("UTC Fri")
	p.keys("\x1dquit\r\r")
	require.Zero(t, p.ends())
	for _, hidden := range []string{"S3c", "isco"} {
		require.NotContains(t, p.screen(), hidden)
	}
	require.Contains(t, p.screen()[from:], "ping")
	require.Contains(t, p.screen()[from:], "disable")
	require.NotContains(t, p.screen()[from:], "answer")
}

// TestTextAtATerminal: a banner has no prompt, and `?` is a character of it.
func TestTextAtATerminal(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run")
	p.wants("Router1#")
	p.keys("configure terminal\rbanner motd #\r")
	p.wants("End with the character '#'.")
	from := len(p.screen())
	p.keys("Who are you? and why?\r#\r")
	p.wants("Router1(config)#")
	require.NotContains(t, p.screen()[from:], "Exec")
	require.NotContains(t, p.screen()[from:], "Router1(config)#W")
	p.keys("do show running-config | include you\r")
	p.wants("\nWho are you? and why?")
	p.keys("\x1dquit\r\r")
	require.Zero(t, p.ends())
}

// TestKeysAtTheLabPrompt: `?` lists what there is or may follow, Tab completes
// what can be one thing only.
func TestKeysAtTheLabPrompt(t *testing.T) {
	t.Parallel()
	p := startPTY(t, 80, "run")
	p.wants("Router1#")
	p.keys("\x1d")
	p.wants("ikelab> ")
	p.keys("?")
	for _, c := range labCommands() {
		p.wants(strings.TrimSpace(c.name + " " + c.args))
	}
	p.keys("li?")
	p.wants("links")
	p.wants("link ROUTER:INTERFACE up|down")
	p.keys("nk ?")
	p.wants("R1:Ethernet0/0")
	p.wants("R2:Ethernet0/0")
	p.keys("r1\t?")
	p.wants("link r1:Ethernet0/0 ?")
	p.wants("down")
	p.wants("up")
	p.keys("d\t\r")
	p.wants("ikelab> ")
	p.keys("links\r")
	p.wants("down")
	p.keys("\x15x?")
	p.wants(`unknown command "x"`)
	p.keys("\x15c\t R2\r")
	p.wants(`"c" may be connect or crash or capture`)
	p.keys("con\tr2\r")
	p.wants("Connected to R2.")
	p.wants("Router2#")
	p.keys("\x1d")
	p.wants("ikelab> ")
	p.keys("q\t\r")
	require.Zero(t, p.ends())
}
