package serve

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"ikelab/cmd/ikelab/internal/pace"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

const users = `hostname R1
enable secret lab
username ann privilege 15 secret cisco
username bob password 0 bob
username eve
`

const local = users + "line vty 0 4\n login local\n"

// served is a lab with one router that people come to.
type served struct {
	*lab.Lab
	server *Server
	door   Door
	do     func(func())
}

// serving runs a lab of routers, side by side, until the test ends.
func serving(t *testing.T, configs ...string) *served {
	t.Helper()
	return servingWith(t, func(*Options) {}, configs...)
}

func servingWith(t *testing.T, edit func(*Options), configs ...string) *served {
	t.Helper()
	text := "name: one\ntopology:\n  nodes:\n"
	for i := range configs {
		text += fmt.Sprintf("    R%d: {kind: ios, startup-config: %d}\n", i+1, i)
	}
	if len(configs) > 1 {
		text += "  links: [{endpoints: [\"R1:Ethernet0/0\", \"R2:Ethernet0/0\"]}]\n"
	}
	top, err := topologies.Parse("one.clab.yml", []byte(text), func(name string) ([]byte, error) {
		i, err := strconv.Atoi(name)
		return []byte(configs[i]), err
	})
	require.NoError(t, err)
	l, err := lab.Build(top, lab.Options{Seed: 1})
	require.NoError(t, err)
	pacer := pace.New(l.Sim, 1)
	o := Options{Do: pacer.Do, Address: "127.0.0.1", HostKey: HostKeys("")}
	edit(&o)
	s, err := Open(l.Routers, o)
	require.NoError(t, err)
	stop, stopped := false, make(chan struct{})
	go func() {
		pacer.RunUntil(func() bool { return stop }, l.Sim.Now().Add(time.Hour))
		close(stopped)
	}()
	t.Cleanup(func() {
		pacer.Do(func() { stop = true })
		pacer.Do(func() {})
		<-stopped
		require.NoError(t, s.Close())
		pacer.Stop()
	})
	return &served{l, s, s.Doors()[0], pacer.Do}
}

// dial logs in by SSH.
func (s *served) dial(user string, by ...ssh.AuthMethod) (*ssh.Client, error) {
	return ssh.Dial("tcp", s.door.SSH, &ssh.ClientConfig{User: user, Auth: by, HostKeyCallback: func(_ string, _ net.Addr, k ssh.PublicKey) error {
		if ssh.FingerprintSHA256(k) != s.door.Key {
			return fmt.Errorf("another host key")
		}
		return nil
	}})
}

// typist types at a terminal and reads what it shows.
type typist struct {
	in  io.Writer
	out io.Reader
}

// shell opens a terminal of 80 columns.
func (s *served) shell(t *testing.T, user, password string) (*typist, *ssh.Client) {
	t.Helper()
	c, err := s.dial(user, ssh.Password(password))
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	session, err := c.NewSession()
	require.NoError(t, err)
	require.NoError(t, session.RequestPty("vt100", 1000, 80, nil))
	in, err := session.StdinPipe()
	require.NoError(t, err)
	out, err := session.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, session.Shell())
	return &typist{in, out}, c
}

// until reads up to some words, or to the end.
func (y *typist) until(words string) (text string, err error) {
	return y.reads(func(text string) bool { return strings.HasSuffix(text, words) })
}

// reads reads until it is enough, or to the end.
func (y *typist) reads(enough func(text string) bool) (text string, err error) {
	buf := make([]byte, 4096)
	for !enough(text) {
		n, err := y.out.Read(buf)
		text += string(buf[:n])
		if err != nil {
			return text, err
		}
	}
	return text, nil
}

// does types a line and returns what is shown up to the next prompt.
func (y *typist) does(t *testing.T, line, prompt string) string {
	t.Helper()
	_, err := io.WriteString(y.in, line+"\r")
	require.NoError(t, err)
	text, err := y.until(prompt)
	require.NoError(t, err, text)
	return text
}

func TestShell(t *testing.T) {
	t.Parallel()
	s := serving(t, local+"banner exec ^welcome^\n")
	y, c := s.shell(t, "ann", "cisco")
	text, err := y.until("R1#")
	require.NoError(t, err)
	require.Contains(t, text, "welcome")
	require.Equal(t, "show privilege\r\nCurrent privilege level is 15\r\nR1#", y.does(t, "show privilege", "R1#"))
	y.does(t, "configure terminal", "R1(config)#")
	y.does(t, "interface Loopback0", "R1(config-if)#")
	y.does(t, "end", "R1#")
	require.Contains(t, y.does(t, "show logging", "R1#"), "%SYS-5-CONFIG_I: Configured from console by ann on vty0 (127.0.0.1)")
	_, err = io.WriteString(y.in, "sh ip rou?")
	require.NoError(t, err)
	text, err = y.until("R1#sh ip rou")
	require.NoError(t, err)
	require.Contains(t, text, "route")
	_, err = io.WriteString(y.in, "te\x15exit\r")
	require.NoError(t, err)
	_, err = y.until("\x00")
	require.ErrorIs(t, err, io.EOF)
	_ = c.Wait()

	y, _ = s.shell(t, "bob", "bob")
	_, err = y.until("R1>")
	require.NoError(t, err)
	y.does(t, "enable", "Password: ")
	require.NotContains(t, y.does(t, "lab", "R1#"), "lab", "a password is not shown")
}

// TestExec carries one command out.
func TestExec(t *testing.T) {
	t.Parallel()
	s := serving(t, local)
	for command, status := range map[string]int{"show clock": 0, "show nonsense": 1} {
		c, err := s.dial("ann", ssh.Password("cisco"))
		require.NoError(t, err)
		session, err := c.NewSession()
		require.NoError(t, err)
		out, err := session.Output(command)
		require.NotContains(t, string(out), "R1#")
		if status == 0 {
			require.NoError(t, err)
			require.Contains(t, string(out), "UTC")
			continue
		}
		var exit *ssh.ExitError
		require.ErrorAs(t, err, &exit)
		require.Equal(t, status, exit.ExitStatus())
		require.Contains(t, string(out), "% Invalid input")
	}
}

// TestWhoMayNot come: there is no password that is not configured.
func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	s := serving(t, local)
	var all sync.WaitGroup
	for _, row := range [][2]string{{"ann", "wrong"}, {"ann", ""}, {"eve", ""}, {"eve", "eve"}, {"nobody", "cisco"}, {"", ""}, {"admin", "admin"}, {"cisco", "cisco"}} {
		all.Go(func() {
			_, err := s.dial(row[0], ssh.Password(row[1]))
			require.Error(t, err, row)
		})
	}
	all.Go(func() {
		asked := 0
		_, err := s.dial("ann", ssh.RetryableAuthMethod(ssh.PasswordCallback(func() (string, error) { asked++; return "wrong", nil }), 10))
		require.Error(t, err)
		require.LessOrEqual(t, asked, attempts, "attempts are limited")
	})
	all.Wait()
	for config, ways := range map[string][2]bool{
		users + "line vty 0 4\n transport input telnet\n": {false, true},
		users + "line vty 0 4\n transport input ssh\n":    {true, false},
		users + "line vty 0 4\n transport input none\n":   {false, false},
	} {
		s := serving(t, config)
		_, err := s.dial("ann", ssh.Password("cisco"))
		require.Equal(t, ways[0], err == nil, config)
		c, err := net.Dial("tcp", s.door.Telnet)
		require.NoError(t, err)
		text, _ := (&typist{c, c}).until("none set\r\n")
		require.Equal(t, ways[1], text != "", config)
		c.Close()
	}
}

// TestPublicKey: by key, from `ip ssh pubkey-chain`.
func TestPublicKey(t *testing.T) {
	t.Parallel()
	signer := func(first byte) ssh.Signer {
		key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(append([]byte{first}, make([]byte, 31)...)))
		require.NoError(t, err)
		return key
	}
	key := signer(1)
	text := base64.StdEncoding.EncodeToString(key.PublicKey().Marshal())
	s := serving(t, local+"ip ssh pubkey-chain\n username ann\n  key-string\n   "+text[:40]+"\n   "+text[40:]+"\n   exit\n")
	c, err := s.dial("ann", ssh.PublicKeys(key))
	require.NoError(t, err)
	c.Close()
	for user, key := range map[string]ssh.Signer{"ann": signer(2), "bob": key, "nobody": key} {
		_, err := s.dial(user, ssh.PublicKeys(key))
		require.Error(t, err, user)
	}
}

func TestTelnet(t *testing.T) {
	t.Parallel()
	s := serving(t, local+" exec-timeout 5 30\n transport input telnet\nbanner motd ^Keep out^\n")
	c, err := net.Dial("tcp", s.door.Telnet)
	require.NoError(t, err)
	defer c.Close()
	y := &typist{c, c}
	text, err := y.until("Username: ")
	require.NoError(t, err)
	require.Contains(t, text, "Keep out\r\n")
	require.Contains(t, text, "User Access Verification")
	require.NoError(t, err)
	say := func(line, until string) string {
		_, err := io.WriteString(c, line+"\r\n") // as telnet clients send Enter
		require.NoError(t, err)
		text, err := y.until(until)
		require.NoError(t, err, text)
		return text
	}
	say("ann", "Password: ")
	require.Contains(t, say("wrong", "Username: "), "% Login invalid")
	say("ann", "Password: ")
	say("cisco", "R1#")
	_, err = c.Write([]byte{iac, sb, optionWindow, 0, 132, 0, 50, iac, se})
	require.NoError(t, err)
	for !strings.Contains(say("show terminal", "R1#"), "Length: 50 lines, Width: 132 columns") {
		time.Sleep(50 * time.Millisecond)
	}
	say("terminal length 0", "R1#")
	screen := say("show terminal", "R1#")
	require.Contains(t, screen, "               00:05:30        never   ")
	require.Contains(t, screen, "Allowed input transports are telnet.")
	_, err = io.WriteString(c, "exit\r\n")
	require.NoError(t, err)
	_, err = y.until("\x00")
	require.ErrorIs(t, err, io.EOF)
}

// TestLinePassword: `login` and `password` below line vty, and neither.
func TestLinePassword(t *testing.T) {
	t.Parallel()
	for config, row := range map[string][2]string{
		"hostname R1\nline vty 0 4\n password cisco\n login\n":                        {"Password: ", "cisco\r"},
		"hostname R1\nline vty 0 4\n password 7 02050D480809\n":                       {"Password: ", "cisco\r"},
		"hostname R1\nline vty 0 4\n no login\n":                                      {"R1>", "\r"},
		"hostname R1\nline vty 0 4\n no login\n privilege level 15\n length 0\nend\n": {"R1#", "\r"},
	} {
		s := serving(t, config)
		c, err := net.Dial("tcp", s.door.Telnet)
		require.NoError(t, err)
		y := &typist{c, c}
		_, err = y.until(row[0])
		require.NoError(t, err)
		_, err = io.WriteString(c, row[1])
		require.NoError(t, err)
		text, err := y.until(map[bool]string{true: "R1#", false: "R1>"}[row[0] == "R1#"])
		require.NoError(t, err, text)
		c.Close()
	}
}

// TestIdle: exec-timeout ends who does not type.
func TestIdle(t *testing.T) {
	t.Parallel()
	s := serving(t, local+" exec-timeout 0 1\n")
	y, _ := s.shell(t, "ann", "cisco")
	_, err := y.until("\x00")
	require.Error(t, err)
}

// TestReload takes who came over the network away.
func TestReload(t *testing.T) {
	t.Parallel()
	s := serving(t, local)
	y, _ := s.shell(t, "ann", "cisco")
	_, err := y.until("R1#")
	require.NoError(t, err)
	s.do(func() { s.Routers[0].Call(func(now time.Time) { s.Routers[0].Shell().Restart(now) }) })
	_, err = y.until("\x00")
	require.Error(t, err)
}

// flood has an interface go down and up.
func (s *served) flood(t *testing.T, times int) {
	y, _ := s.shell(t, "ann", "cisco")
	_, err := y.until("R1#")
	require.NoError(t, err)
	y.does(t, "configure terminal", "R1(config)#")
	y.does(t, "interface Loopback0", "R1(config-if)#")
	for range times {
		y.does(t, "shutdown", "R1(config-if)#")
		y.does(t, "no shutdown", "R1(config-if)#")
	}
}

// TestKnocking: who does not log in is not many, and leaves nothing behind.
func TestKnocking(t *testing.T) {
	t.Parallel()
	s := serving(t, local)
	var all []net.Conn
	for range 2 * mostKnocks {
		c, err := net.Dial("tcp", s.door.Telnet)
		require.NoError(t, err)
		all = append(all, c)
	}
	asked := 0
	for _, c := range all {
		if _, err := (&typist{nil, c}).until("Username: "); err == nil {
			asked++
		}
	}
	require.LessOrEqual(t, asked, mostKnocks)
	require.NotZero(t, asked)
	for _, c := range all {
		c.Close()
	}
	require.Eventually(t, func() bool {
		s.server.mu.Lock()
		defer s.server.mu.Unlock()
		return len(s.server.open) == 2 && len(s.server.gate.knocking) == 0 // the ports themselves
	}, 10*time.Second, 10*time.Millisecond)
}

// TestNoise: octets of any kind change nothing, and end.
func TestNoise(t *testing.T) {
	t.Parallel()
	s := serving(t, local)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		c, err := net.Dial("tcp", []string{s.door.SSH, s.door.Telnet}[i%2])
		require.NoError(t, err)
		noise := make([]byte, random.IntN(4096))
		for j := range noise {
			noise[j] = byte(random.Uint32())
		}
		_, _ = c.Write(noise)
		c.Close()
	}
	y, _ := s.shell(t, "ann", "cisco")
	_, err := y.until("R1#")
	require.NoError(t, err)
	require.NotContains(t, y.does(t, "show logging | include CONFIG", "R1#"), "CONFIG_I")
}

// TestHostKeys are kept where somebody asks for it, for their owner only.
func TestHostKeys(t *testing.T) {
	folder := t.TempDir()
	first, err := HostKeys(folder)("R1")
	require.NoError(t, err)
	again, err := HostKeys(folder)("R1")
	require.NoError(t, err)
	require.Equal(t, first.PublicKey().Marshal(), again.PublicKey().Marshal())
	other, err := HostKeys(folder)("R2")
	require.NoError(t, err)
	require.NotEqual(t, first.PublicKey().Marshal(), other.PublicKey().Marshal())
	info, err := os.Stat(filepath.Join(folder, "R1", hostKeyFile))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	require.NoError(t, os.WriteFile(filepath.Join(folder, "R1", hostKeyFile), []byte("x"), 0o600))
	_, err = HostKeys(folder)("R1")
	require.ErrorContains(t, err, "R1/ssh_host_ed25519_key")
	fresh, err := HostKeys("")("R1")
	require.NoError(t, err)
	require.NotEqual(t, first.PublicKey().Marshal(), fresh.PublicKey().Marshal())
}

// FuzzSSH: what requests of a session carry is read, whatever it is, and no window
// is larger than a line may be.
func FuzzSSH(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x05vt100\x00\x00\x00\x50\x00\x00\x00\x18"))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, octets []byte) {
		for _, read := range []func([]byte) (int, int){ptySize, windowSize} {
			columns, rows := read(octets)
			if columns < 0 || columns > mostColumns || rows < 0 || rows > mostColumns {
				t.Fatalf("%d columns, %d rows", columns, rows)
			}
		}
		if len(text(octets)) > len(octets) {
			t.Fatal("more text than there is")
		}
	})
}

// FuzzTelnet: of what comes, no more are keys than that, and what is answered is
// a refusal.
func FuzzTelnet(f *testing.F) {
	f.Add([]byte{iac, do, 1, iac, will, 24, iac, sb, optionWindow, 0, 80, 0, 24, iac, se, 'a', iac, iac, iac, ayt, iac, brk})
	f.Fuzz(func(t *testing.T, octets []byte) {
		answered := 0
		d := decoder{answer: func(b []byte) { answered += len(b) }, window: func(int, int) {}}
		n := len(octets)
		if d.keys(octets) > n || answered > 9*n || len(d.option) > mostOption {
			t.Fatalf("%d octets answered", answered)
		}
	})
}

// TestSynchronous: with `logging synchronous` a line that comes by itself is
// followed by the prompt and by what is typed, without it by neither.
func TestSynchronous(t *testing.T) {
	t.Parallel()
	for _, synchronous := range []bool{true, false} {
		config := local
		if synchronous {
			config += " logging synchronous\n"
		}
		s := serving(t, config)
		y, _ := s.shell(t, "ann", "cisco")
		_, err := y.until("R1#")
		require.NoError(t, err)
		y.does(t, "terminal monitor", "R1#")
		_, err = io.WriteString(y.in, "show ver")
		require.NoError(t, err)
		_, err = y.until("show ver")
		require.NoError(t, err)
		s.flood(t, 1)
		text, err := y.reads(func(text string) bool {
			return strings.Count(text, "changed state to") >= 3 && strings.HasSuffix(text, "show ver") == synchronous
		})
		require.NoError(t, err)
		require.Equal(t, synchronous, strings.HasSuffix(text, "R1#show ver"), "%q", text)
	}
}
