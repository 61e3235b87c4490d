package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// process is the program as a process of its own.
func process(t *testing.T, in string, args ...string) (out, errors string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stdin = strings.NewReader(in)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	_ = cmd.Run()
	return o.String(), e.String()
}

// TestOnlyRegularFilesAreRead: nothing waits for who might write into a pipe,
// and a file without end is not read to it.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.yml")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "dir.yml"), 0o700))
	huge, err := os.Create(filepath.Join(dir, "huge.yml"))
	require.NoError(t, err)
	require.NoError(t, huge.Truncate(1<<40))
	require.NoError(t, huge.Close())
	for name, want := range map[string]string{
		pipe: "is a pipe, not a regular file", filepath.Join(dir, "dir.yml"): "is a directory, not a regular file",
		"/dev/zero": "is a device, not a regular file", huge.Name(): "the file is larger than 16 MiB, which no lab needs", filepath.Join(dir, "none.yml"): "no such file",
	} {
		for _, args := range [][]string{{"check", name}, {"run", name}, {"exec", name, "wait 1s"}} {
			out, status, err := program(t, "", args...)
			require.Equal(t, 1, status, args)
			if err != nil {
				out += message(err)
			}
			require.Contains(t, out, want, args)
			require.Contains(t, out, name)
		}
		lab := write(t, dir, "lab.clab.yml", "name: x\ntopology:\n  nodes:\n    R1: {kind: ios, startup-config: "+name+"}\n")
		_, status, err := program(t, "", "exec", lab, "wait 1s")
		require.Equal(t, 1, status)
		require.ErrorContains(t, err, lab+":4:37: startup-config: ")
		require.ErrorContains(t, err, want)
	}
}

// TestWarningsAreTold by run and exec alike: keys of the topology and lines of
// configurations that do not do what they seem to.
func TestWarningsAreTold(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "r1.cfg", "crypto ikev2 profile P\n keyring local K\n ivrf RED\n")
	lab := write(t, dir, "lab.clab.yml", "name: x\nmgmt: {network: y}\ntopology:\n  nodes:\n    R1: {kind: ios, startup-config: r1.cfg, cpu: 3}\n"+
		"    R2:\n      kind: ios\n      startup-config: |\n        interface Tunnel0\n         tunnel protection ipsec profile NONE\n")
	want := lab + ":2:1: warning: \"mgmt\" has no effect here\n" +
		lab + ":5:45: warning: \"cpu\" has no effect here\n" +
		filepath.Join(dir, "r1.cfg") + ":2:2: warning: IKEv2 keyring K does not exist\n" +
		filepath.Join(dir, "r1.cfg") + ":3:2: warning: ivrf RED: accepted, but without effect while no crypto map has the profile: tunnel interfaces have `vrf forwarding`\n" +
		filepath.Join(dir, "r1.cfg") + ":3:2: warning: VRF RED does not exist\n" +
		lab + ":10:10: warning: IPsec profile NONE does not exist\n"
	_, errors := process(t, "", "exec", lab, "R1: show clock")
	require.Equal(t, want, errors)
	_, errors = process(t, "^]\nquit\n", "run", lab)
	require.Equal(t, want, errors)
	write(t, dir, "r1.cfg", strings.Repeat("crypto ikev2 profile P\n keyring local K\nno crypto ikev2 profile P\n", 9)+manyDangling(30))
	_, errors = process(t, "", "exec", lab, "R1: show clock")
	require.Contains(t, errors, "and 13 warnings more; ikelab check lists those of a file\n")
}

// manyDangling are n profiles, each with a keyring that is not there.
func manyDangling(n int) (text string) {
	for i := range n {
		text += "crypto ikev2 profile P" + string(rune('A'+i)) + "\n keyring local K" + string(rune('A'+i)) + "\n"
	}
	return text
}
