package kernel

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// echoes pings the router and wants every answer.
func (s *space) echoes(t *testing.T, options string) {
	t.Helper()
	s.run(t, "ping -i 0.2 -W 30 %s 10.9.0.1", options)
}

// captured is what the kernel sees at an interface of its own: so many frames
// with ICMP, once they have come.
func (s *space) captured(t *testing.T, name string) (frames func(n int) [][]byte) {
	t.Helper()
	kit.NeedCommand(t, "dumpcap")
	file := filepath.Join(t.TempDir(), "kernel.pcapng")
	cmd := s.command("dumpcap", "-i", name, "-w", file)
	said, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	for lines := bufio.NewScanner(said); ; {
		require.True(t, lines.Scan(), "dumpcap has ended")
		if strings.HasPrefix(lines.Text(), "File: ") { // it listens
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	return func(n int) (list [][]byte) {
		for end := time.Now().Add(patience); len(list) < n && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			list = echoesIn(t, file)
		}
		require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
		_ = cmd.Wait()
		return list
	}
}

// echoesIn lists the frames with ICMP of a capture.
func echoesIn(t *testing.T, file string) (list [][]byte) {
	t.Helper()
	packetsIn(t, file, func(p gopacket.Packet) {
		if p.Layer(layers.LayerTypeICMPv4) != nil {
			list = append(list, p.Data())
		}
	})
	return list
}

// packetsIn calls f with the packets of a capture.
func packetsIn(t *testing.T, file string, f func(gopacket.Packet)) {
	t.Helper()
	in, err := os.Open(file)
	require.NoError(t, err)
	defer in.Close()
	r, err := pcapgo.NewNgReader(in, pcapgo.DefaultNgReaderOptions)
	require.NoError(t, err)
	for {
		data, _, err := r.ReadPacketData()
		if err != nil {
			return
		}
		f(gopacket.NewPacket(data, layers.LayerTypeEthernet, gopacket.Default))
	}
}

// sameAtBothEnds pings while both ends capture.
func sameAtBothEnds(t *testing.T, kernel *space, name, ours string, lab *running) {
	t.Helper()
	captured := kernel.captured(t, name)
	kernel.echoes(t, "-c 3 -s 64")
	kernel.echoes(t, "-c 2 -s 1400")
	theirs := captured(10)
	require.NoError(t, lab.quit(t))
	require.Len(t, theirs, 10)
	require.Equal(t, dumped(theirs), dumped(echoesIn(t, filepath.Join(ours, "capture.pcapng"))))
}

// dumped writes frames in hexadecimal digits, in an order that does not depend on
// how long they travel: on a slow machine an echo may pass the answer to the
// one before.
func dumped(frames [][]byte) (list []string) {
	for _, f := range frames {
		list = append(list, hex.EncodeToString(f))
	}
	slices.Sort(list)
	return list
}

func tapLab(t *testing.T, keys string) string {
	return topology(t, router("R1", "10.9.0.1"), `{type: tap, endpoint: "R1:Ethernet0/0", host-interface: tap9`+keys+`}`)
}

// withTap boots a lab with a tap that has the address 10.9.0.2.
func withTap(t *testing.T, s *space, keys string, args ...string) *running {
	t.Helper()
	lab := s.lab(t, append(args, tapLab(t, keys))...)
	s.until(t, "ip -br link show dev tap9", "LOWER_UP")
	s.run(t, "ip addr add 10.9.0.2/24 dev tap9")
	return lab
}

func TestTap(t *testing.T) {
	t.Parallel()
	s, ours := newSpace(t), t.TempDir()
	lab := withTap(t, s, ", mtu: 1450", "--capture", ours)
	require.Contains(t, s.run(t, "ip link show dev tap9"), "mtu 1450")
	sameAtBothEnds(t, s, "tap9", ours, lab)
	require.NotContains(t, s.run(t, "ip link"), "tap9", "what was made is removed")
}

// TestTapState: link state goes both ways.
func TestTapState(t *testing.T) {
	t.Parallel()
	s := newSpace(t)
	lab := withTap(t, s, "")
	s.run(t, "ip link set tap9 down")
	lab.says(t, "[R1:Ethernet0/0: the host's interface tap9 is down, and so is the port]")
	lab.says(t, "%LINK-3-UPDOWN: Interface Ethernet0/0, changed state to down")
	s.run(t, "ip link set tap9 up")
	lab.says(t, "[R1:Ethernet0/0: the host's interface tap9 is up again]")
	s.echoes(t, "-c 1")
	lab.types(t, "^]\nlink R1:Ethernet0/0 down")
	s.until(t, "ip link show dev tap9", "NO-CARRIER")
	lab.types(t, "link R1:Ethernet0/0 up")
	s.until(t, "ip link show dev tap9", "LOWER_UP")
	s.echoes(t, "-c 1")
	s.run(t, "ip link set tap9 mtu 1000")
	lab.says(t, "[R1:Ethernet0/0: the host's interface tap9 now takes packets of up to 1000 octets]")
	_, err := s.try("ping -c 1 -W 1 -s 1400 10.9.0.1") // the request comes, in fragments; the answer is too long
	require.Error(t, err)
	lab.types(t, "links")
	lab.says(t, "up    dropped 1, ") // and what the kernel has sent while the link was down
	s.run(t, "ip link del tap9")
	lab.says(t, "[R1:Ethernet0/0: the host's interface tap9 is gone, and the port is down]")
	require.NoError(t, lab.quit(t))
}

// TestTapIsRemoved however the program ends.
func TestTapIsRemoved(t *testing.T) {
	t.Parallel()
	s := newSpace(t)
	for _, row := range []struct {
		signal syscall.Signal
		status int
	}{{syscall.SIGTERM, 143}, {syscall.SIGINT, 130}, {syscall.SIGHUP, 129}, {syscall.SIGKILL, -1}} {
		lab := withTap(t, s, "")
		require.NoError(t, lab.cmd.Process.Signal(row.signal))
		var status *exec.ExitError
		require.True(t, errors.As(lab.wait(t), &status), row.signal)
		require.Equal(t, row.status, status.ExitCode(), row.signal)
		require.NotContains(t, s.run(t, "ip link"), "tap9", row.signal)
	}
	s.run(t, "ip tuntap add tap9 mode tap")
	require.NoError(t, withTap(t, s, "").quit(t))
	require.Contains(t, s.run(t, "ip link"), "tap9", "what was there stays")
}

// TestScriptsWithTap: what exec and test do in a lab with a door, paced by the
// wall clock.
func TestScriptsWithTap(t *testing.T) {
	t.Parallel()
	s := newSpace(t)
	s.run(t, "ip tuntap add tap9 mode tap; ip addr add 10.9.0.2/24 dev tap9; ip link set tap9 up")
	file := tapLab(t, "")
	out, err := s.ikelab(t, "exec", file, "wait 1s", "R1: ping 10.9.0.2").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "Success rate is 100 percent (5/5)")
	scenario := filepath.Join(filepath.Dir(file), "up.scenario.yml")
	text := "name: the kernel answers\ntopology: door.clab.yml\nsteps:\n  - wait 1s\n  - {node: R1, run: ping 10.9.0.2, expect: \"!!!!!\"}\n"
	require.NoError(t, os.WriteFile(scenario, []byte(text), 0o600))
	out, err = s.ikelab(t, "test", scenario).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "1 passed, 0 failed")
}

// veth joins two interfaces; theirs has the address 10.9.0.2.
func (s *space) veth(t *testing.T) {
	t.Helper()
	s.run(t, "ip link add name ours type veth peer name theirs; ip addr add 10.9.0.2/24 dev theirs; ip link set ours up; ip link set theirs up")
}

func hostLab(t *testing.T) string {
	return topology(t, router("R1", "10.9.0.1"), `{type: host, endpoint: "R1:Ethernet0/0", host-interface: ours}`)
}

func TestHostInterface(t *testing.T) {
	t.Parallel()
	s, ours := newSpace(t), t.TempDir()
	s.veth(t)
	lab := s.lab(t, "--capture", ours, hostLab(t))
	lab.says(t, "changed state to up")
	sameAtBothEnds(t, s, "theirs", ours, lab)
	require.Contains(t, s.run(t, "ip -br link"), "ours@theirs", "what was there stays")
}

// TestHostInterfaceVanishes, and before that it loses its carrier.
func TestHostInterfaceVanishes(t *testing.T) {
	t.Parallel()
	s := newSpace(t)
	s.veth(t)
	lab := s.lab(t, hostLab(t))
	s.echoes(t, "-c 1")
	s.run(t, "ip link set theirs down")
	lab.says(t, "[R1:Ethernet0/0: the host's interface ours is down, and so is the port]")
	s.run(t, "ip link set theirs up")
	lab.says(t, "[R1:Ethernet0/0: the host's interface ours is up again]")
	s.echoes(t, "-c 1")
	s.run(t, "ip link del theirs")
	lab.says(t, "[R1:Ethernet0/0: the host's interface ours is gone, and the port is down]")
	lab.says(t, "%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet0/0, changed state to down")
	require.NoError(t, lab.quit(t))
}

// TestVLANTags: a tag that the kernel takes out of a frame is back in it.
func TestVLANTags(t *testing.T) {
	t.Parallel()
	kit.NeedCommand(t, python)
	s, ours := newSpace(t), t.TempDir()
	s.veth(t)
	lab := s.lab(t, "--capture", ours, hostLab(t))
	s.echoes(t, "-c 1")
	const tagged = "0200000000990200000000988100204d0800" + "4500001c000000004001000a0a0900020a090001" + "0800f7ff00000000"
	s.run(t, `%s -c 'import socket; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(("theirs", 0)); s.send(bytes.fromhex("%s"))'`, python, tagged)
	require.NoError(t, lab.quit(t))
	frames := echoesIn(t, filepath.Join(ours, "capture.pcapng"))
	require.Len(t, frames, 3)
	require.Equal(t, tagged, hex.EncodeToString(frames[2]))
}

// TestTransferThroughRouter: the kernels at both ends leave sums and segments
// to a network card, which nobody has. With `ip tcp adjust-mss` no segment is longer,
// whatever the ends believe.
func TestTransferThroughRouter(t *testing.T) {
	t.Parallel()
	kit.NeedCommand(t, "socat", "sha256sum")
	s := newSpace(t)
	one, two := s.beside(t), s.beside(t)
	for i, peer := range []*space{one, two} {
		s.run(t, "ip link add name v%d type veth peer name eth0 netns %d; ip link set v%d up", i, peer.pid, i)
		peer.run(t, "ip addr add 10.%d.0.2/24 dev eth0; ip link set eth0 up; ip route add default via 10.%d.0.1", i, i)
	}
	ours := t.TempDir()
	lab := s.lab(t, topology(t, router("R1", "10.0.0.1", "10.1.0.1"),
		`{type: host, endpoint: "R1:Ethernet0/0", host-interface: v0}`, `{type: host, endpoint: "R1:Ethernet0/1", host-interface: v1}`), "--capture", ours)
	one.until(t, "ping -c 1 -W 5 10.1.0.2", "1 received") // carriers come up when they come
	send := func() {
		server := two.command("socat", "-u", "TCP-LISTEN:5000,reuseaddr", "SYSTEM:sha256sum")
		var sum strings.Builder
		server.Stdout = &sum
		require.NoError(t, server.Start())
		two.until(t, "cat /proc/net/tcp", ":1388 00000000:0000 0A") // 5000, which listens
		want := one.run(t, "seq 1 200000 | sha256sum; seq 1 200000 | timeout 50 socat -u STDIN TCP:10.1.0.2:5000")
		require.NoError(t, server.Wait())
		require.Equal(t, want, sum.String())
	}
	send()
	lab.types(t, "configure terminal\ninterface Ethernet0/1\nip tcp adjust-mss 700\nend\nshow running-config")
	lab.says(t, " ip tcp adjust-mss 700")
	send()
	require.NoError(t, lab.quit(t))
	longest := segmentsIn(t, filepath.Join(ours, "capture.pcapng"))
	require.Len(t, longest, 2, "two connections")
	require.Greater(t, longest[0], 1000)
	require.LessOrEqual(t, longest[1], 700)
	require.Greater(t, longest[1], 600)
}

// segmentsIn are how long the longest segment is of each connection, in their order.
func segmentsIn(t *testing.T, file string) (longest []int) {
	t.Helper()
	at := map[layers.TCPPort]int{} // of the client
	packetsIn(t, file, func(p gopacket.Packet) {
		tcp, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
		if !ok || tcp.DstPort != 5000 {
			return
		}
		if _, known := at[tcp.SrcPort]; !known {
			at[tcp.SrcPort] = len(longest)
			longest = append(longest, 0)
		}
		longest[at[tcp.SrcPort]] = max(longest[at[tcp.SrcPort]], len(tcp.Payload))
	})
	return longest
}

// TestVXLAN as containerlab and the kernel speak it.
func TestVXLAN(t *testing.T) {
	t.Parallel()
	s, ours := newSpace(t), t.TempDir()
	peer := s.beside(t)
	s.run(t, "ip link add name under type veth peer name eth0 netns %d; ip addr add 172.16.0.1/24 dev under; ip link set under up", peer.pid)
	peer.run(t, "ip addr add 172.16.0.2/24 dev eth0; ip link set eth0 up; "+
		"ip link add vx0 type vxlan id 77 local 172.16.0.2 remote 172.16.0.1 dstport 14789; ip addr add 10.9.0.2/24 dev vx0; ip link set vx0 up")
	door := topology(t, router("R1", "10.9.0.1"), `{type: vxlan, endpoint: "R1:Ethernet0/0", remote: 172.16.0.2, vni: 77, dst-port: 14789}`)
	lab := s.lab(t, "--capture", ours, door)
	lab.says(t, "changed state to up")
	sameAtBothEnds(t, peer, "vx0", ours, lab)

	again := s.lab(t, door) // RFC 7348 4.3: "VTEPs MUST NOT fragment VXLAN packets"
	again.says(t, "changed state to up")
	again.types(t, "ping 10.9.0.2 size 1500 df-bit timeout 1 repeat 1")
	again.says(t, "[R1:Ethernet0/0: vxlan: write udp")
	again.says(t, "message too long; a smaller mtu of the link, and on the router's interface, helps]")
}

// TestSecretsOfDoors: what a router draws in a lab with a door comes from the
// operating system, unless somebody asks for a seed.
func TestSecretsOfDoors(t *testing.T) {
	t.Parallel()
	lab, err := filepath.Abs("../../topologies/labs/psk-site-to-site")
	require.NoError(t, err)
	nodes := fmt.Sprintf("    R1: {kind: ios, startup-config: %s/r1.cfg}\n    R2: {kind: ios, startup-config: %s/r2.cfg, startup-delay: 1}\n", lab, lab)
	file := topology(t, nodes, `endpoints: ["R1:e0/0", "R2:e0/0"]`, `{type: udp, endpoint: "R1:e0/1", local: "127.0.0.1:14700", remote: "127.0.0.1:14701"}`)
	var spis [4]string
	var all sync.WaitGroup
	for i, args := range [len(spis)][]string{{"exec"}, {"exec"}, {"exec", "--seed", "7"}, {"exec", "--seed", "7"}} {
		events := filepath.Join(t.TempDir(), "events.jsonl")
		run := newSpace(t).ikelab(t, append(args, "--events", events, "--secrets", file, "wait 4s")...)
		all.Go(func() {
			out, err := run.CombinedOutput()
			assert.NoError(t, err, string(out))
			data, err := os.ReadFile(events)
			assert.NoError(t, err)
			spis[i] = regexp.MustCompile(`"spi_i":"[^"]+","spi_r":"[0-9a-f]*[1-9a-f][0-9a-f]*"`).FindString(string(data))
			assert.NotEmpty(t, spis[i])
		})
	}
	all.Wait()
	require.NotEqual(t, spis[0], spis[1])
	require.Equal(t, spis[2], spis[3])
}

// TestMissingCapability: only tap and host need one, and the message names it.
func TestMissingCapability(t *testing.T) {
	t.Parallel()
	kit.NeedCommand(t, "setpriv")
	s := newSpace(t)
	s.veth(t)
	without := func(file string) string {
		program := kit.Ikelab(t)
		out, err := s.try(fmt.Sprintf("setpriv --bounding-set=-net_admin,-net_raw --inh-caps=-net_admin,-net_raw %s exec %s 'wait 100ms'", program.Path, file))
		var status *exec.ExitError
		if errors.As(err, &status) {
			require.Equal(t, 1, status.ExitCode())
		}
		return out
	}
	require.Equal(t, "ikelab: link of R1:Ethernet0/0: tap tap9: missing capability cap_net_admin: run it as root, or give the program this capability (setcap cap_net_admin+ep FILE)\n",
		without(tapLab(t, "")))
	require.Equal(t, "ikelab: link of R1:Ethernet0/0: interface ours: missing capability cap_net_raw: run it as root, or give the program this capability (setcap cap_net_raw+ep FILE)\n",
		without(hostLab(t)))
	require.Empty(t, without(topology(t, router("R1", "10.9.0.1"), `{type: vxlan, endpoint: "R1:Ethernet0/0", remote: 127.0.0.2, vni: 77, dst-port: 14789}`)))
	require.Empty(t, without(topology(t, router("R1", "10.9.0.1"), `{type: udp, endpoint: "R1:Ethernet0/0", local: "127.0.0.1:14700", remote: "127.0.0.1:14701"}`)))
}

// TestDoorsThatCannotOpen: messages for what people get wrong.
func TestDoorsThatCannotOpen(t *testing.T) {
	t.Parallel()
	s := newSpace(t)
	s.run(t, "ip link add dummy0 type dummy || ip link add name dummy0 type veth peer name dummy1")
	for _, row := range []struct{ link, want string }{
		{`{type: host, endpoint: "R1:Ethernet0/0", host-interface: nobody}`, "interface nobody: no such network interface"},
		{`{type: tap, endpoint: "R1:Ethernet0/0", host-interface: dummy0}`, "tap dummy0: there is an interface of that name, which is no tap"},
		{`{type: tap, endpoint: "R1:Ethernet0/0", host-interface: t, mtu: 65535}`, "tap t: MTU 65535: invalid argument"},
		{`{type: vxlan, endpoint: "R1:Ethernet0/0", remote: 127.0.0.2, vni: 7, local: 192.0.2.1}`, "vxlan: listen udp 192.0.2.1:4789: bind: cannot assign requested address"},
	} {
		out, err := s.ikelab(t, "exec", topology(t, router("R1", "10.9.0.1"), row.link), "wait 1s").CombinedOutput()
		require.Error(t, err)
		require.Equal(t, "ikelab: link of R1:Ethernet0/0: "+row.want+"\n", string(out))
	}
}
