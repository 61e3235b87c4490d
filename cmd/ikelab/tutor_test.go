package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/exercise"
)

// TestTask: a lab with a task is told of, helped with, checked and mended, at a console and
// at the lab prompt; what is saved can be graded.
func TestTask(t *testing.T) {
	class := t.TempDir()
	l, err := exercise.Open("key", 5)
	require.NoError(t, err)
	require.Len(t, l.Solution, 1)
	in := "lab ?\nlab ch\nlab hint\nlab nonsense\nlab sol\nlab solution\n^]\nconnect " + l.Solution[0].Node + "\nconf t\n" + l.Solution[0].Lines + "\nend\nwrite memory\n^]\nlab check\nquit\n"
	out, _, err := program(t, in, "run", "key", "--seed", "5", "--save", filepath.Join(class, "anna"))
	require.NoError(t, err)
	for _, want := range []string{
		"\n" + l.Title + " (level 1, about 10 minutes)\n", "Your routers: ",
		"  no   the hosts of both sites reach each other by the tunnel (4 points)\n", "0 of 10 points.\n",
		"  hint      The next hint, for a point\n", "Hint 1 of 3: ", "lab solution gives up all points: type it whole.\n", "% Invalid input detected at '^' marker.", "At " + l.Solution[0].Node + ":\n  crypto ikev2 keyring SITES\n",
		"  yes  the hosts of both sites reach each other by the tunnel (4 points)\n", "No points: you have seen the solution.\nDone.\n",
	} {
		require.Contains(t, out, want)
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "Hint") || strings.Contains(line, "RFC 7296") {
			require.LessOrEqual(t, len(line), 80+1, line)
		}
	}

	require.NoError(t, os.MkdirAll(filepath.Join(class, "bob"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(class, "bob", "task"), []byte("key x"), 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(class, "carl"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(class, "carl", "task"), []byte("key 5"), 0o600))
	out, status, err := program(t, "", "test", "--grade", class)
	require.NoError(t, err)
	require.Zero(t, status)
	require.Regexp(t, `(?m)^anna +key +5 +10 of 10$`, out)
	require.Regexp(t, `(?m)^bob .*does not name a lab and a seed$`, out)
	require.Regexp(t, `(?m)^carl +key +5 +0 of 10; nothing saved at .*\n    not: the hosts`, out)
	out, _, _ = program(t, "", "test", "--grade", class, "--format", "csv")
	require.Contains(t, out, "name,lab,seed,points,of,missing,note\nanna,key,5,10,10,,\n")
	out, _, _ = program(t, "", "test", "--grade", class, "--format", "json")
	var list []graded
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.True(t, list[0].Grade.Passed())
}

// TestHostsSend: at the lab prompt hosts send echoes, as tasks tell people to; a lab that is
// run again has sent them, too.
func TestHostsSend(t *testing.T) {
	l, err := exercise.Open("route", 5)
	require.NoError(t, err)
	mended, from, to := l.Solution[0], "PC-"+l.Routers()[0], hostOf(l, l.Routers()[1])
	ping := "ping " + from + " " + to
	in := "^]\n" + ping + "\nconnect " + mended.Node + "\nconf t\n" + mended.Lines + "\nend\n^]\n" + ping + "\n" + ping + "\ntraffic " + from + " " + to +
		" rate=100 for=3s\nnodes\nback 100ms\n" + ping + " repeat=2\nping\nping PC-NOBODY 10.0.0.1\nquit\n"
	out, _, err := program(t, in, "run", "route", "--seed", "5", "--speed", "50")
	require.NoError(t, err)
	for _, want := range []string{"0 of 5 echoes answered\n", "!!!!!\n5 of 5 echoes answered, after", "300 of 300 echoes answered, 0 % lost", "host " + to + "/24\n", "!!\n2 of 2 echoes",
		"usage: ping HOST ADDRESS; nodes lists", `"PC-NOBODY"`} {
		require.Contains(t, out, want)
		out = out[strings.Index(out, want):]
	}
}

func hostOf(l *exercise.Lab, router string) string {
	for _, a := range l.Topology.Node("PC-" + router).Addresses {
		return a.Addr().String()
	}
	return ""
}

// TestHintsCost: each takes a point of those that there are.
func TestHintsCost(t *testing.T) {
	l, err := exercise.Open("key", 1)
	require.NoError(t, err)
	tutor := &tutor{lab: l, grade: func() (*exercise.Grade, error) {
		return &exercise.Grade{Items: []exercise.Item{{What: "w", Points: 10, Holds: true}}, Points: 10, Of: 10}, nil
	}}
	for _, want := range []string{"10 of 10 points.\n", "9 of 10 points, 1 less for help.\n"} {
		text, err := tutor.say("check", 80)
		require.NoError(t, err)
		require.Contains(t, text, want)
		_, _ = tutor.say("hint", 80)
	}
	_, _ = tutor.say("hint", 80)
	text, _ := tutor.say("hint", 80)
	require.Equal(t, "There are no more hints; lab solution shows the solution.\n", text)
	tutor.why() // all was mended: nothing is asked that would help
	text, _ = tutor.say("check", 80)
	require.Contains(t, text, "7 of 10 points, 3 less for help.\n")
	tutor.passed = false
	tutor.why()
	text, _ = tutor.say("check", 80)
	require.Contains(t, text, "6 of 10 points, 4 less for help.\n")
	_, err = tutor.say("sol", 80)
	require.Error(t, err, "nobody gives up by half a word")
}

// TestNoTask: other labs have none.
func TestNoTask(t *testing.T) {
	out, _, err := program(t, "lab task\n^]\nlab task\nquit\n", "run")
	require.NoError(t, err)
	require.Contains(t, out, "% Invalid input detected", "no command of IOS begins so")
	require.Contains(t, out, "this lab has no task; ikelab labs lists those that have\n")
}

// TestOwnTask: a skeleton is written, and runs.
func TestOwnTask(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mine")
	out, status, err := program(t, "", "labs", "new", dir)
	require.NoError(t, err)
	require.Zero(t, status)
	require.Contains(t, out, filepath.Join(dir, "task.yml")+"\n")
	out, _, err = program(t, "lab task\nlab check\n^]\nquit\n", "run", filepath.Join(dir, "task.yml"), "--seed", "3")
	require.NoError(t, err)
	require.Contains(t, out, "0 of 10 points.\n")
	_, status, _ = program(t, "", "labs", "new", dir)
	require.Equal(t, 1, status, "nothing is written over")
	out, status, err = program(t, "", "test", filepath.Join(dir, "task.yml"), "--seeds", "2")
	require.NoError(t, err)
	require.Zero(t, status, out)
	require.Contains(t, out, "ok    mine, seed 2: earns nothing as it is found; the solution passes, and 3 wrong mends do not\n")

	class := t.TempDir()
	_, _, err = program(t, "^]\nquit\n", "run", filepath.Join(dir, "task.yml"), "--seed", "3", "--save", filepath.Join(class, "a learner"))
	require.NoError(t, err)
	out, _, err = program(t, "", "test", "--grade", class, "--lab", filepath.Join(dir, "task.yml"))
	require.NoError(t, err)
	require.Regexp(t, `(?m)^a learner +mine +3 +0 of 10; nothing saved at`, out)
	out, _, err = program(t, "", "test", "--grade", class)
	require.NoError(t, err)
	require.Regexp(t, `(?m)^a learner +mine +3 +there is no lab "mine"`, out)

	text, err := os.ReadFile(filepath.Join(dir, "task.yml"))
	require.NoError(t, err)
	at := strings.Index(string(text), "solution:")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "task.yml"), []byte(string(text[:at])+strings.ReplaceAll(string(text[at:]), "pre-shared-key {{.Key}}", "pre-shared-key wrong")), 0o600))
	out, status, _ = program(t, "", "test", filepath.Join(dir, "task.yml"))
	require.Equal(t, 1, status)
	require.Contains(t, out, "FAIL  mine, seed 1\n      the solution does not pass: the hosts of both sites")
	other := filepath.Join(t.TempDir(), "mtu")
	_, status, _ = program(t, "", "labs", "export", "mtu", other)
	require.Zero(t, status)
}

// TestHostileClass: what learners hand in is anybody's, names and links included.
func TestHostileClass(t *testing.T) {
	class, elsewhere := t.TempDir(), t.TempDir()
	hand := func(name, task string) string {
		dir := filepath.Join(class, name)
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "GHENT"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "task"), []byte(task), 0o600))
		return filepath.Join(dir, "GHENT", "startup-config")
	}
	secret := filepath.Join(elsewhere, "secret")
	require.NoError(t, os.WriteFile(secret, []byte("hostname secret-of-somebody\n"), 0o600))
	require.NoError(t, os.WriteFile(hand("huge", "key 1"), make([]byte, mostHandedIn+1), 0o600))
	require.NoError(t, os.WriteFile(hand("eem", "key 1"), []byte("event manager applet A\n"+strings.Repeat(" action 1 cli command \"x\"\n", 2000)), 0o600))
	require.NoError(t, os.WriteFile(hand("open", "key 1"), []byte("banner motd ^C\nno end\n"), 0o600))
	require.NoError(t, os.WriteFile(hand("\x1b[2Jclear\n", "key 1"), []byte("hostname \x1b[2J\n"), 0o600))
	require.NoError(t, os.Symlink(secret, hand("linked", "key 1")))
	require.NoError(t, os.Symlink("/dev/zero", hand("endless", "key 1")))
	require.NoError(t, syscall.Mkfifo(hand("pipe", "key 1"), 0o600))
	require.NoError(t, os.MkdirAll(hand("folder", "key 1"), 0o700))
	hand("=cmd", "../key 1")
	hand("far", "key 99999999999999999999")
	hand("long", strings.Repeat("key 1\n", 100_000))
	require.NoError(t, os.Symlink(filepath.Join(class, "eem"), filepath.Join(class, "twin")))
	require.NoError(t, os.MkdirAll(filepath.Join(class, "none"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(class, "a file"), nil, 0o600))

	out, status, err := program(t, "", "test", "--grade", class)
	require.NoError(t, err)
	require.Zero(t, status)
	for _, want := range []string{
		`(?m)^huge +key +1 +GHENT/startup-config has more than 64 KiB$`, `(?m)^eem +key +1 +0 of 10`, `(?m)^open +key +1 +0 of 10`,
		`(?m)^"\\x1b\[2Jclear\\n" +key +1 +0 of 10`, `(?m)^linked +key +1 +GHENT/startup-config: path escapes from parent$`,
		`(?m)^endless +key +1 +GHENT/startup-config: path escapes from parent$`, `(?m)^pipe +key +1 .*is a pipe`, `(?m)^folder +key +1 .*is a directory`,
		`(?m)^=cmd +\.\./key +1 +there is no lab "../key"$`, `(?m)^far +the file task does not name`, `(?m)^long +task has more than`,
		`(?m)^twin +is a symbolic link, which is not followed$`, `(?m)^none +task: no such file`,
	} {
		require.Regexp(t, want, out)
	}
	require.NotContains(t, out, "\x1b")
	require.NotContains(t, out, "secret-of")
	require.NotContains(t, out, "a file")
	out, _, _ = program(t, "", "test", "--grade", class, "--format", "csv")
	require.Contains(t, out, "\n'=cmd,../key,1,,,,", "no formula")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 14)
	_, status, _ = program(t, "", "test", "--grade", class, "--format", "xml")
	require.Equal(t, 1, status)
}

// TestManyGraded: a thousand are graded side by side, and told of in the order of their names.
func TestManyGraded(t *testing.T) {
	class := t.TempDir()
	for i := range 1000 {
		dir := filepath.Join(class, fmt.Sprintf("%04d", i))
		require.NoError(t, os.MkdirAll(dir, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "task"), []byte("no-such-lab 1"), 0o600))
	}
	out, _, err := program(t, "", "test", "--grade", class, "--format", "json")
	require.NoError(t, err)
	var list []graded
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.Len(t, list, 1000)
	for i, g := range list {
		require.Equal(t, fmt.Sprintf("%04d", i), g.Name)
	}
}
