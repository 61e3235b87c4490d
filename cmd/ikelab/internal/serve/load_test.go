package serve

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// manyLines is a router whose running-config has more than 5,000 lines.
func manyLines() string {
	var b strings.Builder
	b.WriteString(users + "line vty 0 100\n login local\n length 0\n")
	for i := range 1700 {
		fmt.Fprintf(&b, "interface Loopback%d\n description number %d of many\n ip address 172.%d.%d.%d 255.255.255.255\n", i, i, 16+i/65536, i/256%256, i%256)
	}
	return b.String()
}

// times measures how long n of something take. It says how long the fastest tenth
// does, in which a machine that does much else is no slower, and what each takes of
// the processor, by the user's time and the system's.
func times(t *testing.T, what string, n int, do func()) (tenth, cpu time.Duration) {
	t.Helper()
	list := make([]time.Duration, 0, n)
	before := worked(t)
	for range n {
		begun := time.Now()
		do()
		list = append(list, time.Since(begun))
	}
	cpu = (worked(t) - before) / time.Duration(n)
	slices.Sort(list)
	t.Logf("%s: a tenth of them in %v, half in %v, the slowest %v; %v of the processor", what, list[n/10], list[n/2], list[n-1], cpu)
	return list[n/10], cpu
}

// worked is what this process has taken of the processor.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// TestLatency through SSH: an echo in a millisecond, `?` in five, 5,000 lines of
// running-config in fifty, by the processor's time, which both ends take here.
// No test runs beside it.
func TestLatency(t *testing.T) {
	s := serving(t, manyLines())
	y, _ := s.shell(t, "ann", "cisco")
	_, err := y.until("R1#")
	require.NoError(t, err)
	types := func(keys, until string) string {
		_, err := io.WriteString(y.in, keys)
		require.NoError(t, err)
		text, err := y.until(until)
		require.NoError(t, err)
		return text
	}
	echo, _ := times(t, "keystroke to echo, and back", 400, func() {
		types("s", "s")
		types("\b", "\b")
	})
	require.Less(t, echo/2, slowness*time.Millisecond)
	help, _ := times(t, "?", 40, func() { types("show ?", "R1#show "); types("\x15\r", "R1#") })
	require.Less(t, help, slowness*5*time.Millisecond)
	require.Greater(t, strings.Count(types("show running-config\r", "\nR1#"), "\n"), 5000)
	_, cpu := times(t, "5,000 lines of running-config", 20, func() { types("show running-config\r", "\nR1#") })
	require.Less(t, cpu, slowness*50*time.Millisecond)
}

// TestSlowReader slows nobody, and is sent away.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	s := serving(t, manyLines())
	c, err := net.Dial("tcp", s.door.Telnet)
	require.NoError(t, err)
	defer c.Close()
	slow := &typist{c, c}
	_, err = slow.until("Username: ")
	require.NoError(t, err)
	slow.does(t, "ann", "Password: ")
	slow.does(t, "cisco", "R1#")
	_, err = io.WriteString(c, strings.Repeat("show running-config\r", 100)) // and reads nothing
	require.NoError(t, err)
	y, _ := s.shell(t, "ann", "cisco")
	_, err = y.until("R1#")
	require.NoError(t, err)
	for range 100 {
		begun := time.Now()
		y.does(t, "show clock", "R1#")
		require.Less(t, time.Since(begun), 10*time.Second)
	}
	require.Eventually(t, func() bool { return !strings.Contains(y.does(t, "show users", "R1#"), "vty 0 ") }, time.Minute, 50*time.Millisecond)
}

// TestGrace: who does not log in is sent away, by SSH and by telnet; who has is
// not.
func TestGrace(t *testing.T) {
	t.Parallel()
	const grace = 3 * time.Second // enough for a login on a busy machine
	s := servingWith(t, func(o *Options) { o.Grace = grace }, local)
	var callers [2]net.Conn
	for i, address := range []string{s.door.SSH, s.door.Telnet} {
		c, err := net.Dial("tcp", address)
		require.NoError(t, err)
		defer c.Close()
		callers[i] = c
	}
	for _, c := range callers {
		_, err := io.ReadAll(c)
		require.NoError(t, err, "the end")
	}
	y, _ := s.shell(t, "ann", "cisco")
	_, err := y.until("R1#")
	require.NoError(t, err)
	time.Sleep(grace + time.Second)
	y.does(t, "show clock", "R1#")
}

const note = `crypto ikev2 keyring K
 peer other
  address 0.0.0.0 0.0.0.0
  pre-shared-key cisco
crypto ikev2 profile P
 match identity remote address 0.0.0.0
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec profile I
 set ikev2-profile P
`

// tunnelled is one of two routers with a tunnel between them.
func tunnelled(n, peer int) string {
	return fmt.Sprintf(note+`interface Tunnel0
 ip address 172.16.0.%[1]d 255.255.255.0
 tunnel source Ethernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 10.0.0.%[2]d
 tunnel protection ipsec profile I
interface Ethernet0/0
 ip address 10.0.0.%[1]d 255.255.255.0
`, n, peer)
}

// mostMemory is what the tests of this package may hold at once, both ends of a
// hundred sessions among them.
const mostMemory = 32 << 20

// TestManySessions at once, each with its own commands, under a flood of debug
// that a tenth of them watch: nothing is lost and nothing mixed, and what they did leaves
// nothing behind.
func TestManySessions(t *testing.T) {
	t.Parallel()
	const sessions, commands = 100, 100
	s := serving(t, users+"line vty 0 101\n login local\n length 0\n"+tunnelled(1, 2), "hostname R2\n"+tunnelled(2, 1))
	over := make(chan struct{})
	var all, flood sync.WaitGroup
	for i := range sessions {
		y, _ := s.shell(t, "ann", "cisco")
		_, err := y.until("R1#")
		require.NoError(t, err)
		if i%10 == 0 {
			y.does(t, "terminal monitor", "R1#")
			all.Go(func() { y.watches(t, i, commands) })
			continue
		}
		all.Go(func() {
			for n := range commands {
				line := fmt.Sprintf("show running-config | include s%d-%d", i, n)
				require.Equal(t, line+"\r\nR1#", y.does(t, line, "R1#"))
			}
		})
	}
	flood.Go(func() { s.debugFlood(t, over) })
	all.Wait()
	memory := held()
	t.Logf("%.1f MiB", float64(memory)/(1<<20))
	require.Less(t, memory, uint64(mostMemory))
	close(over)
	flood.Wait()
}

// held is what this process holds of the heap, in octets.
func held() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// watches types commands where what comes by itself may stand behind the prompt,
// too; the answers come all the same, each once and in their order.
func (y *typist) watches(t *testing.T, i, commands int) {
	for n := range commands {
		_, err := fmt.Fprintf(y.in, "show running-config | count w%d-%d-\r", i, n)
		require.NoError(t, err)
		text, err := y.reads(func(text string) bool { return strings.Contains(text, "regexp = 0") })
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(text, fmt.Sprintf("count w%d-%d-", i, n)), text)
		require.Equal(t, 1, strings.Count(text, "regexp = "), text)
	}
}

// debugFlood has the tunnel come and go, with all that there is of debug.
func (s *served) debugFlood(t *testing.T, over <-chan struct{}) {
	y, _ := s.shell(t, "ann", "cisco")
	_, err := y.until("R1#")
	require.NoError(t, err)
	y.does(t, "debug crypto ikev2", "R1#")
	y.does(t, "debug crypto ikev2 packet", "R1#")
	y.does(t, "debug crypto ikev2 internal", "R1#")
	y.does(t, "terminal monitor", "R1#")
	lines := 0
	for {
		select {
		case <-over:
			require.Greater(t, lines, 100)
			t.Logf("%d lines of debug", lines)
			return
		default:
		}
		_, err := io.WriteString(y.in, "clear crypto session\r")
		require.NoError(t, err)
		text, err := y.reads(func(text string) bool { return strings.Contains(text, "CurState: READY") })
		require.NoError(t, err)
		lines += strings.Count(text, "\n")
	}
}
