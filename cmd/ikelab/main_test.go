package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"ikelab/topologies"
	"ikelab/topologies/bench"
	"ikelab/topologies/exercise"
)

// program runs the program with these arguments and returns what it printed,
// its exit status and its error.
func program(t *testing.T, in string, args ...string) (out string, status int, err error) {
	t.Helper()
	root := newRoot()
	var b bytes.Buffer
	root.SetArgs(args)
	root.SetIn(strings.NewReader(in))
	root.SetOut(&b)
	root.SetErr(&b)
	err = root.Execute()
	var code exitCode
	switch {
	case err == nil:
	case errors.As(err, &code):
		status = int(code)
	default:
		status = exitOf(err)
	}
	return b.String(), status, err
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestWrongUsage(t *testing.T) {
	for _, args := range [][]string{
		{"nonsense"},
		{"labs", "x"},
		{"check"},
		{"exec"},
		{"exec", "R1: show clock", "nonsense"},
		{"exec", "no-such-lab", "R1: show clock"},
		{"exec", "R9: show clock"},
		{"exec", "wait ten"},
		{"exec", "--format", "xml", "R1: show clock"},
		{"exec", "--seed", "-1", "R1: show clock"},
		{"exec", "--limit", "-5s", "R1: show clock"},
		{"why", "--after", "-3m"},
		{"why", "--width", "-1"},
		{"why", "no-such-lab"},
		{"why", "psk-site-to-site", "R9"},
		{"why", "--do", "nonsense"},
		{"why", "--do", "R9: show clock"},
		{"explain", "no-such-lab"},
		{"serve", "no-such-lab"},
		{"labs", "export", "no-such-lab", "DIR"},
		{"test", "no-such-lab"},
		{"swarm", "--seeds", "0"},
		{"swarm", "--shrink", "-1"},
		{"swarm", "--shrink-hours", "-1"},
		{"test", "--seeds", "0", "psk-site-to-site"},
		{"exec", "--no-such-flag", "R1: show clock"},
		{"run", "no-such-lab"},
		{"run", "a", "b"},
		{"run", "--speed", "0"},
		{"bench"},
		{"bench", "everything"},
		{"bench", "idle", "--format", "xml"},
	} {
		_, status, err := program(t, "", args...)
		require.Error(t, err, args)
		require.Equal(t, 2, status, "%v: %v", args, err)
	}
}

func TestFailures(t *testing.T) {
	dir := t.TempDir()
	wrong := write(t, dir, "wrong.clab.yml", "name: x\ntopology:\n  nodes:\n    R1: {kind: ios, startup-config: r1.cfg}\n")
	write(t, dir, "r1.cfg", "jjj\n")
	for args, want := range map[string]string{
		"exec " + filepath.Join(dir, "none.clab.yml"): "no such file",
		"run --strict " + wrong:                       "r1.cfg:1:1: % Invalid input detected at '^' marker.",
		"check " + filepath.Join(dir, "x"):            "no such file",
	} {
		_, status, err := program(t, "", strings.Fields(args)...)
		require.ErrorContains(t, err, want, args)
		require.Equal(t, 1, status, args)
	}
	_, _, err := program(t, "", "run", "--strict", wrong)
	require.True(t, strings.HasPrefix(message(err), dir), "editors find the place: %s", message(err))
}

func TestLabs(t *testing.T) {
	out, status, _ := program(t, "", "labs")
	require.Zero(t, status)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, len(topologies.LabNames())+4+len(exercise.Names()))
	require.Regexp(t, `^psk-site-to-site +\S.*tech note`, lines[0])
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.cfg", "hostname A\n")
	bad := write(t, dir, "bad.cfg", "hostname A\ninterface Loopback0\n ip adress 1.1.1.1\njjj\n")
	out, status, _ := program(t, "", "check", good)
	require.Zero(t, status)
	require.Equal(t, "1 file, no errors\n", out)
	doubtful := write(t, dir, "doubtful.cfg", "crypto ikev2 profile P\n keyring local K\n ivrf RED\n")
	out, status, _ = program(t, "", "check", good, doubtful)
	require.Zero(t, status)
	require.Equal(t, doubtful+":2:2: warning: IKEv2 keyring K does not exist\n"+
		doubtful+":3:2: warning: ivrf RED: accepted, but without effect while no crypto map has the profile: tunnel interfaces have `vrf forwarding`\n"+doubtful+":3:2: warning: VRF RED does not exist\n2 files, no errors, 3 warnings\n", out)
	out, status, _ = program(t, "", "check", good, bad)
	require.Equal(t, 1, status)
	require.Equal(t, bad+":3:7: % Invalid input detected at '^' marker.\n ip adress 1.1.1.1\n      ^\n"+
		bad+":4:1: % Invalid input detected at '^' marker.\njjj\n^\n2 files, 2 errors\n", out)
	_, _, err := program(t, "", "check", "--nat", good, "--nat", bad, good, bad)
	require.EqualError(t, err, "--nat may be given once: of two routers that are behind a NAT gateway each, neither reaches the other")
	kept := write(t, dir, "kept.cfg", "hostname A\nip http server\nrooter x\n sub line\n")
	out, status, _ = program(t, "", "check", "--json", kept)
	require.Equal(t, 1, status)
	require.JSONEq(t, `{"files": [{"file": "`+kept+`", "image": "15.1", "errors": [{"line": 3, "column": 3, "message": "% Invalid input detected at '^' marker. (the line below it is passed over)"}],
		"warnings": [], "without_effect": [{"command": "ip http", "lines": 1}]}],
		"totals": {"files": 1, "errors": 1, "lines_passed_over": 1, "warnings": 0, "lines_without_effect": 1}}`, out)
}

// TestCheckTwo: of two routers it is told whether they come up with each other.
func TestCheckTwo(t *testing.T) {
	t.Parallel()
	a, b := "../../topologies/labs/psk-site-to-site/r1.cfg", "../../topologies/labs/psk-site-to-site/r2.cfg"
	out, status, _ := program(t, "", "check", a, b)
	require.Zero(t, status)
	require.True(t, strings.HasPrefix(out, "2 files, no errors\n\nJoined:\n  r1:Ethernet0/0 - r2:Ethernet0/0\n"), out)
	require.True(t, strings.HasSuffix(out, "\nThe tunnel works.\n"), out)
	again, _, _ := program(t, "", "check", a, b)
	require.Equal(t, out, again)
	text, err := os.ReadFile(b)
	require.NoError(t, err)
	other := write(t, t.TempDir(), "r2.cfg", strings.ReplaceAll(string(text), "pre-shared-key remote cisco", "pre-shared-key remote other"))
	out, status, _ = program(t, "", "check", "--json", a, other)
	require.Equal(t, 1, status)
	require.Equal(t, "[false]", gjson.Get(out, "verdict.tunnels.#.works").Raw, out)
	_, status, err = program(t, "", "check", "--nat", "nobody", a, b)
	require.Equal(t, 1, status)
	require.ErrorContains(t, err, `there is no router "nobody" to stand behind a NAT`)
	_, status, err = program(t, "", "check", "--nat", a, b) // with one file nothing is joined
	require.Equal(t, 1, status)
	require.ErrorContains(t, err, "name both ends' files")
}

// A file is read as what its line version speaks of, or as what one is told.
func TestCheckByImage(t *testing.T) {
	dir := t.TempDir()
	older := write(t, dir, "older.cfg", "version 15.7\n")
	newer := write(t, dir, "newer.cfg", "!\nversion 17.3\nhostname A\ncrypto ikev2 proposal P\n encryption aes-gcm-128\n prf sha256\n group 19\n")
	for _, c := range []struct{ args, want string }{
		{older, "1 file, no errors, 1 line without effect\n"},
		{newer, "1 file of image xe-17, no errors, 1 line without effect\n"},
		{older + " " + newer, "2 files (1 of image 15.1, 1 of xe-17), no errors, 2 lines without effect\n"},
		{"--image xe-17 " + older, "1 file of image xe-17, no errors, 1 line without effect\n"},
	} {
		out, status, _ := program(t, "", append([]string{"check"}, strings.Fields(c.args)...)...)
		require.Zero(t, status, c.args)
		require.Equal(t, c.want, out, c.args)
	}
	_, status, err := program(t, "", "check", "--image", "12.4", older)
	require.Equal(t, 2, status)
	require.ErrorContains(t, err, `unknown image "12.4": 15.1 or xe-17`)
}

// --image is that of all routers, whatever the topology says.
func TestRunAsImage(t *testing.T) {
	out, status, _ := program(t, "", "exec", "--image", "xe-17", "R1: show version | include Version")
	require.Zero(t, status)
	require.Contains(t, out, "Version 17.6.1")
	_, status, err := program(t, "", "exec", "--image", "ios", "R1: show version")
	require.Equal(t, 2, status)
	require.ErrorContains(t, err, `unknown image "ios": 15.1 or xe-17`)
}

func TestExecPrintsDialogs(t *testing.T) {
	out, status, _ := program(t, "", "exec", "R1: show clock", "wait 90s", "R2: enable", "R1: show clock", "R1: show clok")
	require.Equal(t, 1, status, "a router refused a command")
	require.Equal(t, `Router1#show clock
*19:30:30.000 UTC Fri Nov 11 2011
Router2#enable
Router1#show clock
*19:32:00.000 UTC Fri Nov 11 2011
Router1#show clok
                ^
% Invalid input detected at '^' marker.

`, out)
}

func TestExecJSON(t *testing.T) {
	out, status, _ := program(t, "", "exec", "--format", "json", "psk-site-to-site", "wait 2s", "R1: show clock", "R2: show <")
	require.Equal(t, 1, status)
	require.Contains(t, out, `"show <"`)
	var list []map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.Equal(t, map[string]any{
		"node": "R1", "time": "2011-11-11T19:30:32Z", "command": "show clock", "output": "*19:30:32.000 UTC Fri Nov 11 2011\n",
	}, list[1])
	require.Equal(t, map[string]any{"time": "2011-11-11T19:30:30Z", "command": "wait 2s", "output": ""}, list[0])
	require.Equal(t, true, list[2]["refused"])
}

func TestExecWritesFiles(t *testing.T) {
	dir := t.TempDir()
	consoles, capture := filepath.Join(dir, "a", "consoles"), filepath.Join(dir, "b", "capture")
	_, status, err := program(t, "", "exec", "--consoles", consoles, "--capture", capture, "R1: show clock", "wait 10s")
	require.NoError(t, err)
	require.Zero(t, status)
	require.Equal(t, []string{"R1.log", "R2.log"}, names(t, consoles))
	require.Equal(t, []string{"capture.pcapng", "esp_sa", "ikev2_decryption_table", "preferences"}, names(t, capture))
	log, err := os.ReadFile(filepath.Join(consoles, "R1.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "Router1#show clock\n*19:30:30.000 UTC Fri Nov 11 2011\n*Nov 11 19:30:32.")
}

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// TestExecOnAFile: the lab is a file, its own seed counts unless --seed does.
func TestExecOnAFile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"r1.cfg", "r2.cfg"} {
		config, err := os.ReadFile(filepath.Join("../../topologies/labs/psk-site-to-site", name))
		require.NoError(t, err)
		write(t, dir, name, string(config))
	}
	file := write(t, dir, "my.clab.yml", `name: my
seed: 7
topology:
  nodes:
    R1: {kind: ios, startup-config: r1.cfg}
    R2: {kind: ios, startup-config: r2.cfg, startup-delay: 1}
  links: [{endpoints: ["R1:e0/0", "R2:e0/0"]}]
`)
	spi := func(args ...string) string {
		out, status, err := program(t, "", append(append([]string{"exec"}, args...), "wait 10s", "R1: show crypto ikev2 sa detailed | include Local spi")...)
		require.NoError(t, err)
		require.Zero(t, status)
		require.Contains(t, out, "Local spi: ")
		return out[strings.Index(out, "Local spi"):]
	}
	require.Equal(t, spi(file), spi(file, "--seed", "7"))
	require.NotEqual(t, spi(file), spi(file, "--seed", "1"))
}

func TestRunWithoutTerminal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "capture")
	out, status, err := program(t, strings.Join([]string{
		"show clock", "configure terminal", "interface Loopback9", "^Z", "show ip interface brief | include Loopback9",
		"^]", "nodes", "links", "link R1:e0/0 down", "link R1:e0/0 sideways", "link R1:e0/7 up", "bogus", "", "connect r2", "show clock",
		"^]", "link R1:Ethernet0/0 up", "capture stop", "capture start " + dir, "capture start " + dir, "wait 4s", "capture stop",
		"connect R1", "ping 192.168.2.1 source Loopback0", "exit", "show clock", "^]", "connect R9", "time", "wait x", "help", "quit",
	}, "\n")+"\n", "run", "--speed", "100")
	require.NoError(t, err)
	require.Zero(t, status)
	at := 0
	for _, want := range []string{
		"Lab psk-site-to-site, 2 routers. This is the console of R1; in another terminal,\nikelab attach R2 opens that of R2.\nType ? for help. Ctrl-] leads to the lab prompt; quit there ends the lab.\n", "Router1#show clock\n*19:30:", "Router1(config)#interface Loopback9\n", "%SYS-5-CONFIG_I",
		"Loopback9                  unassigned", "ikelab> nodes\n  R1           Router1      running\n", "R1:Ethernet0/0 <-> R2:Ethernet0/0", "up",
		"%LINK-3-UPDOWN: Interface Ethernet0/0, changed state to down", `"sideways" is none of down, up`, "there is no link at \"R1:e0/7\"",
		"unknown command \"bogus\"", "Connected to R2.", "no capture is running", "capturing; read it with WIRESHARK_CONFIG_DIR=" + dir, "running already",
		"Connected to R1.", "!!!!!", "Router1 con0 is now available", "Router1>show clock", "there is no router \"R9\"", "after power-on",
		"\"x\" is not a duration", "capture start FILE|FOLDER, or stop  capture all links", "end the lab", "ikelab> quit\n",
	} {
		i := strings.Index(out[at:], want)
		require.GreaterOrEqual(t, i, 0, "%q after\n%s", want, out)
		at += i
	}
	require.Equal(t, []string{"capture.pcapng", "esp_sa", "ikev2_decryption_table", "preferences"}, names(t, dir))
}

func TestRunEndsWithItsInput(t *testing.T) {
	start := time.Now()
	out, status, err := program(t, "show clock\n", "run", "hub-and-spoke")
	require.NoError(t, err)
	require.Zero(t, status)
	require.Contains(t, out, "HUB has not started yet.")
	require.Less(t, time.Since(start), 10*time.Second)
}

func TestMeasuresPrint(t *testing.T) {
	list := []bench.Measure{
		{Name: "a", Value: 1234.5, Unit: "1/s", Limit: new(2000.0), Ratio: new(0.617), Target: new(0.5)},
		{Name: "b", Value: 0, Unit: "1", Target: new(0.0)},
	}
	var b bytes.Buffer
	require.NoError(t, printMeasures(&b, list, "json"))
	require.Equal(t, `{"name":"a","value":1234.5,"unit":"1/s","limit":2000,"ratio":0.617,"target":0.5}
{"name":"b","value":0,"unit":"1","target":0}
`, b.String())
	b.Reset()
	require.NoError(t, printMeasures(&b, list, "text"))
	require.Equal(t, []string{"a", "1234", "1/s", "2000", "0.62", "0.5"}, strings.Fields(strings.Split(b.String(), "\n")[1]))
	require.Equal(t, []string{"b", "0", "1", "-", "-", "0"}, strings.Fields(strings.Split(b.String(), "\n")[2]))
}
