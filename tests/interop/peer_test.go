package interop

import (
	"crypto/sha256"
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

// daemon is a kind of peer: how it is configured and told what to do. Commands
// are lines for its guest's shell.
type daemon struct {
	kind  string
	needs []string // of its files, below the folder of daemons or the root
	// files are its configuration, by name, for the folder /conf of the guest.
	files   func(list []cell) map[string]string
	version string // prints its name and version
	start   string // shell commands; it takes commands when they are done

	initiate, rekeyChild, rekeyIKE, terminate func(c cell) string // terminate may be nil
	between                                   string              // before we initiate: so that it does not
	// sas prints something for each IKE SA of a cell, and nothing without.
	sas func(c cell) string
	log string // prints what it has logged
}

// peersFolder is where daemons are unpacked that exclude each other as packages.
func peersFolder() string {
	if dir := os.Getenv("IKELAB_PEERS"); dir != "" {
		return dir
	}
	return "/var/cache/ikelab/peers"
}

// needGuest says what a guest is made of.
func needGuest(t *testing.T) {
	kit.NeedCommand(t, "linux.uml", "ip", "ping", "modprobe")
	for _, dir := range []string{"/usr/lib/uml/modules", "/lib/modules"} {
		_, err := os.Stat(dir)
		kit.Need(t, dir+" is missing: the guest's modules, and where it mounts them", err == nil)
	}
}

func (d *daemon) need(t *testing.T) {
	needGuest(t)
	kit.NeedCommand(t, "socat")
	for _, file := range d.needs {
		_, inPeers := os.Stat(filepath.Join(peersFolder(), file))
		_, onHost := os.Stat(file)
		kit.Need(t, d.kind+" is missing: "+file, inPeers == nil || onHost == nil)
	}
}

// boot starts a guest with the files in its folder /conf.
func boot(t *testing.T, name string, files map[string]string, ours, theirs int) *dialog {
	script, err := filepath.Abs("peer.sh")
	require.NoError(t, err)
	dir, conf := t.TempDir(), t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(conf, name), []byte(text), 0o600))
	}
	args := []string{"rootfstype=hostfs", "rootflags=/", "ro", "mem=256M", "init=" + script, "con0=fd:0,fd:1", "con=null",
		"quiet", "uml_dir=" + dir, "folder=" + conf, fmt.Sprintf("eth0=ucast,fe:fd:00:00:00:%02x,127.0.0.1,%d,%d", theirs%251, theirs, ours)}
	if _, err := os.Stat(peersFolder()); err == nil {
		args = append(args, "peers="+peersFolder())
	}
	guest := startDialog(t, name, commandIn(dir, "linux.uml", args...),
		func(_ int, line string) string { return line + "\n" },
		func(_ int, out string) bool { return strings.HasPrefix(out, "=== ") })
	t.Cleanup(func() { _, _ = io.WriteString(guest.in, "exit\n") }) // its shell's end powers it off
	guest.answer(t, "boot", 180*time.Second)
	return guest
}

// text is what goes over TCP, either way; textSum is its checksum.
const text = "seq 1 20000"

var textSum = func() string {
	sum := sha256.New()
	for i := range 20000 {
		fmt.Fprintln(sum, i+1)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}()

// boot starts the daemon's guest, where a server gives the text to who asks
// at port 5000, and at 5001 the checksum of what it is sent.
func (d *daemon) boot(t *testing.T, list []cell, ours, theirs int) *dialog {
	files := d.files(list)
	var b strings.Builder
	b.WriteString("link set lo up\nlink set eth0 up\n")
	for _, c := range list {
		fmt.Fprintf(&b, "addr add %s/32 dev lo\naddr add %s/24 dev eth0\n", c.theirInner(), c.theirs())
		fmt.Fprintf(&b, "route add %s.0/24 dev eth0 src %s\n", c.inside(), c.theirInner())
	}
	files["ip.batch"] = b.String()
	files["start"] = `socat TCP-LISTEN:5000,reuseaddr,fork SYSTEM:'` + text + `' >/dev/null 2>&1 &
socat TCP-LISTEN:5001,reuseaddr,fork SYSTEM:sha256sum >/dev/null 2>&1 &
` + d.start
	return boot(t, d.kind, files, ours, theirs)
}

// bootHost starts the guest that is a host behind each of our routers.
func bootHost(t *testing.T, list []cell, ours, theirs int) *dialog {
	var b strings.Builder
	b.WriteString("link set lo up\nlink set eth0 up\n")
	for _, c := range list {
		fmt.Fprintf(&b, "addr add %s.9/24 dev eth0\n", c.inside())
		fmt.Fprintf(&b, "route add %s/32 via %s.1 src %s.9\n", c.theirInner(), c.inside(), c.inside())
	}
	return boot(t, "the host", map[string]string{"ip.batch": b.String(), "start": "true"}, ours, theirs)
}
