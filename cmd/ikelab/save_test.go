package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func inLab(t *testing.T, args ...string) string {
	t.Helper()
	out, status, err := program(t, "", append([]string{"exec"}, args...)...)
	require.NoError(t, err, out)
	require.Zero(t, status, out)
	return out
}

// TestSaved: what was written comes back when the program is run again, and
// only that.
func TestSaved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	out := inLab(t, "--save", dir, "R1: conf t", "R1: hostname Kept", "R1: interface Loopback9", "R1: end", "R1: write memory",
		"R1: copy running-config flash:saved.cfg", "R1:", "R1: show clock | redirect flash:now", "R1: conf t", "R1: hostname Lost", "R1: end")
	require.Contains(t, out, "Building configuration...\n[OK]\nKept#", "nothing is said of a lab that ends")
	require.Regexp(t, `Destination filename \[saved.cfg\]\? \n\d+ bytes copied\n`, out)

	out = inLab(t, "--save", dir, "R1: show ip interface brief | include Loopback9", "R1: dir", "R1: more flash:now", "R1: delete flash:now", "R1:", "R1:", "R1: copy flash:saved.cfg startup-config", "R1:", "R2: erase startup-config", "R2:")
	require.Contains(t, out, "Kept#show ip interface brief | include Loopback9\nLoopback9 ")
	require.Contains(t, out, "Nov 11 2011 19:30:30 +00:00  saved.cfg")
	require.Contains(t, out, "*19:30:30.000 UTC Fri Nov 11 2011")

	out = inLab(t, "--save", dir, "R1: dir", "R1: show startup-config", "R2: show startup-config")
	require.NotContains(t, out, " now\n")
	require.Contains(t, out, "hostname Kept")
	require.Contains(t, out, "Router2#show startup-config\nstartup-config is not present\n")
	out, _, _ = program(t, "", "exec", "--save", dir, "R2: copy startup-config running-config", "R2:")
	require.Contains(t, out, "%% Non-volatile configuration memory invalid or not present\n")
}

// TestSavedAtADisk that fails: in IOS's words, and the old stays.
func TestSavedAtADisk(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "R1"), nil, 0o600)) // no folder can be made there
	_, status, err := program(t, "", "exec", "--save", dir, "R1: show clock")
	require.ErrorContains(t, err, "not a directory")
	require.Equal(t, 1, status)

	dir = t.TempDir()
	inLab(t, "--save", dir, "R1: write")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "R1", ".part", "full"), 0o700))
	out := inLab(t, "--save", dir, "R1: conf t", "R1: hostname New", "R1: end", "R1: write", "R1: show startup-config | include hostname")
	require.Contains(t, out, "startup-config file open failed (Directory not empty)\nNew#")
	require.Contains(t, out, "include hostname\nhostname Router1\n")
}

// TestMergedConfiguration: a file is added to the running configuration, its
// wrong lines told.
func TestMergedConfiguration(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "R1", "flash"), 0o700))
	write(t, filepath.Join(dir, "R1", "flash"), "more.cfg", "!\r\ninterface Loopback9\r\n ip address 9.9.9.9 255.255.255.255\r\nnonsense here\r\nhostname Merged\r\nend\r\n")
	out := inLab(t, "--save", dir, "R1: copy flash:more.cfg running-config", "R1:", "R1: show ip interface brief | include 9.9.9.9", "R1: show logging | include CONFIG_I")
	require.Contains(t, out, "nonsense here\n  ^\n% Invalid input detected")
	require.Contains(t, out, "Merged#show ip interface brief | include 9.9.9.9\nLoopback9                  9.9.9.9")
	require.Contains(t, out, "Configured from flash:more.cfg by console")
}

// TestQuitAsks whoever would lose what he has configured.
func TestQuitAsks(t *testing.T) {
	dir := t.TempDir()
	typed := func(lines ...string) string { return strings.Join(lines, "\n") + "\n" }
	change := []string{"conf t", "hostname Changed", "end", "^]", "quit"}
	out, _, err := program(t, typed(append(change, "no", "connect R1", "write memory", "^]", "quit")...), "run", "--save", dir)
	require.NoError(t, err)
	require.Contains(t, out, "Configured and not saved: R1. write memory saves.\nQuit? [confirm]no\nikelab> connect R1\n")
	require.True(t, strings.HasSuffix(out, "ikelab> quit\n"), "all is saved: %s", out)

	out, _, err = program(t, typed("^]", "quit"), "run", "--save", dir)
	require.NoError(t, err)
	require.Contains(t, out, "This is the console of R1")
	require.True(t, strings.HasSuffix(out, "ikelab> quit\n"), out)

	out, _, err = program(t, typed(append(change, "y")...), "run")
	require.NoError(t, err)
	require.Contains(t, out, "What was configured at R1 ends with this lab; one that is run with --save DIR keeps what is saved.\nQuit? [confirm]y\n")
	out, _, err = program(t, typed("write memory", "^]", "quit"), "run")
	require.NoError(t, err)
	require.Contains(t, out, "--save DIR keeps it.\n")
}

// TestBackTakesTheFolderAlong: it holds the run that one is in. Its log fits a
// lab that begins alike, and no other.
func TestBackTakesTheFolderAlong(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	log := filepath.Join(t.TempDir(), "log")
	out, _, err := program(t, strings.Join([]string{"write memory", "^]", "record " + log, "back 1h", "quit", "y"}, "\n")+"\n", "run", "--save", dir)
	require.NoError(t, err, out)
	require.NoFileExists(t, filepath.Join(dir, "R1", "startup-config"))
	out, _, err = program(t, "^]\nquit\ny\n", "run", "--save", dir, "--replay", log)
	require.NoError(t, err, out)
	require.FileExists(t, filepath.Join(dir, "R1", "startup-config"))
	_, status, err := program(t, "", "run", "--save", dir, "--replay", log)
	require.ErrorContains(t, err, "the log was made with another topology")
	require.Equal(t, 1, status)
}

// TestExportedLab runs as the embedded one does.
func TestExportedLab(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mine")
	out, status, err := program(t, "", "labs", "export", "psk-site-to-site", dir)
	require.NoError(t, err)
	require.Zero(t, status)
	require.Equal(t, []string{"lab.clab.yml", "r1.cfg", "r2.cfg", "up.scenario.yml"}, names(t, dir))
	require.Contains(t, out, filepath.Join(dir, "lab.clab.yml")+"\n")
	look := []string{"wait 5s", "R1: show crypto ikev2 sa detailed"}
	require.Equal(t, inLab(t, look...), inLab(t, append([]string{filepath.Join(dir, "lab.clab.yml")}, look...)...))
	_, status, err = program(t, "", "test", dir)
	require.NoError(t, err)
	require.Zero(t, status)
	_, status, err = program(t, "", "labs", "export", "psk-site-to-site", dir)
	require.ErrorContains(t, err, "is there already")
	require.Equal(t, 1, status)
}
