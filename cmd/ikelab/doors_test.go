package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// doorway is where somebody sits at a router, whatever the way that he came.
type doorway interface {
	keys(text string)
	wants(text string)
	screen() string
	resize(columns int)
}

// served is where the tech note's routers are.
type served []struct{ SSH, Telnet string }

// noteFolder is the tech note's lab where somebody may come to.
func noteFolder(t *testing.T) string {
	t.Helper()
	dir, from := t.TempDir(), "../../topologies/labs/psk-site-to-site"
	for _, name := range []string{"lab.clab.yml", "r1.cfg", "r2.cfg"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		require.NoError(t, err)
		if filepath.Ext(name) == ".cfg" {
			text = append(text, "\nusername admin privilege 15 secret cisco\nline vty 0 4\n login local\n"...)
		}
		write(t, dir, name, string(text))
	}
	return dir
}

// serveNote has it served by the program, until the test ends.
func serveNote(t *testing.T) served {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve", filepath.Join(noteFolder(t), "lab.clab.yml"), "--ssh", "0", "--telnet", "0", "--json")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		_ = cmd.Wait()
		require.Equal(t, 128+2, cmd.ProcessState.ExitCode())
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	require.NoError(t, err)
	var doors served
	require.NoError(t, json.Unmarshal(line, &doors))
	return doors
}

// overSSH is a terminal at the other end of a session.
type overSSH struct {
	display
	session *ssh.Session
	in      io.Writer
}

// bySSH comes to Router1.
func bySSH(t *testing.T, doors served) *overSSH {
	t.Helper()
	c, err := ssh.Dial("tcp", doors[0].SSH, &ssh.ClientConfig{User: "admin", Auth: []ssh.AuthMethod{ssh.Password("cisco")}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	p := &overSSH{display: display{t: t}}
	p.session, err = c.NewSession()
	require.NoError(t, err)
	require.NoError(t, p.session.RequestPty("vt100", 24, 80, nil))
	p.in, err = p.session.StdinPipe()
	require.NoError(t, err)
	out, err := p.session.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.session.Shell())
	go p.watch(out)
	p.wants("Router1#")
	return p
}

func (p *overSSH) keys(text string) {
	p.t.Helper()
	_, err := io.WriteString(p.in, text)
	require.NoError(p.t, err)
}

func (p *overSSH) resize(columns int) { require.NoError(p.t, p.session.WindowChange(24, columns)) }

// overTelnet is a terminal at the other end of a connection.
type overTelnet struct {
	display
	conn net.Conn
}

// byTelnet comes to Router1.
func byTelnet(t *testing.T, doors served) *overTelnet {
	t.Helper()
	c, err := net.Dial("tcp", doors[0].Telnet)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	p := &overTelnet{display: display{t: t}, conn: c}
	go p.watch(c)
	p.wants("Username: ")
	p.keys("admin\r\n") // as clients send Enter (RFC 854)
	p.wants("Password: ")
	p.keys("cisco\r\x00")
	p.wants("Router1#")
	return p
}

func (p *overTelnet) keys(text string) {
	p.t.Helper()
	_, err := io.WriteString(p.conn, text)
	require.NoError(p.t, err)
}

// resize says how large the window is (RFC 1073).
func (p *overTelnet) resize(columns int) {
	p.keys(string([]byte{255, 250, 31, byte(columns >> 8), byte(columns), 0, 24, 255, 240}))
}
