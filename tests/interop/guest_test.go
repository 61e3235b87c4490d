package interop

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikelab/tests/kit"

	"github.com/stretchr/testify/require"
)

// Starting a guest takes most of the time that a suite needs: it loads what the
// suites use, and nothing else.

// needGuest says what a guest is made of.
func needGuest(t *testing.T) {
	kit.NeedCommand(t, "linux.uml", "swanctl", "ip", "ping", "modprobe")
	for _, dir := range []string{"/usr/lib/uml/modules", "/lib/modules"} {
		_, err := os.Stat(dir)
		kit.Need(t, dir+" is missing: the guest's modules, and where it mounts them", err == nil)
	}
}

// startGuest starts the guest and waits until its charon takes commands.
func startGuest(t *testing.T, s suite, ours, theirs int) *dialog {
	script, err := filepath.Abs("guest.sh")
	require.NoError(t, err)
	dir, conf := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"ip.batch": s.guestAddresses(), "swanctl.conf": s.guestConnections(), "strongswan.conf": strongswanConf} {
		require.NoError(t, os.WriteFile(filepath.Join(conf, name), []byte(text), 0o644))
	}
	args := []string{"rootfstype=hostfs", "rootflags=/", "ro", "mem=192M", "init=" + script, "con0=fd:0,fd:1", "con=null",
		"quiet", "uml_dir=" + dir, "folder=" + conf, fmt.Sprintf("eth0=ucast,fe:fd:00:00:00:02,127.0.0.1,%d,%d", theirs, ours)}
	guest := startDialog(t, "the guest", commandIn(dir, "linux.uml", args...),
		func(_ int, line string) string { return line + "\n" },
		func(_ int, out string) bool { return strings.HasPrefix(out, "=== ") })
	t.Cleanup(func() { _, _ = io.WriteString(guest.in, "echo o >/proc/sysrq-trigger\n") })
	guest.answer("boot", 180*time.Second) // seconds, on a machine that has nothing else to do
	return guest
}

// guestAddresses are commands for ip.
func (s suite) guestAddresses() string {
	return fmt.Sprintf(`link set lo up
addr add %[1]s/32 dev lo
addr add %[2]s/24 dev eth0
link set eth0 up
route add %[3]s dev eth0 src %[1]s
`, s.theirInner(), s.theirs(), s.ourInner())
}

// strongswanConf loads what the suites need, and not seventy plugins.
const strongswanConf = `charon {
  load = random nonce openssl kdf kernel-netlink socket-default vici
  install_routes = no
  filelog { stderr { default = 1
    ike_name = yes
    time_format = %T } }
}
swanctl { load = random }
`

// guestConnections is a swanctl.conf: a connection with a child of the same name.
func (s suite) guestConnections() string {
	return fmt.Sprintf(`connections {
  %s {
    version = 2
    mobike = no
    local_addrs = %s
    remote_addrs = %s
    proposals = %s
    dpd_delay = %s
    local { auth = psk
      id = %[2]s }
    remote { auth = psk
      id = %[3]s }
    children { %[1]s {
      local_ts = %[6]s/32
      remote_ts = %[7]s/32
      esp_proposals = %[8]s
      } }
  }
}
secrets { ike-1 { secret = interop } }
`, s.name, s.theirs(), s.ours(), s.ike, s.dpd(), s.theirInner(), s.ourInner(), s.esp)
}

// dpd is after how much silence the guest asks; 0: never.
func (s suite) dpd() string {
	if s.weProbe {
		return "0s"
	}
	return "2s"
}
