package keep

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

func lab() *topologies.Topology {
	return &topologies.Topology{Nodes: []*topologies.Node{
		{Name: "R1", Kind: topologies.KindIOS, Config: "hostname A\n"}, {Name: "LAN", Kind: topologies.KindBridge},
	}}
}

func open(t *testing.T, dir string) (*Folder, *topologies.Topology) {
	t.Helper()
	f, err := Open(dir)
	require.NoError(t, err)
	topology := lab()
	require.NoError(t, f.Load(topology))
	return f, topology
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(text)
}

var written = time.Date(2011, 11, 11, 19, 30, 30, 0, time.UTC)

// TestComesBack: what was written is there in the next lab, for its owner only;
// the digest of the topology knows of it.
func TestComesBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	f, topology := open(t, dir)
	before := topology.Digest()
	s := f.Storage("R1")
	require.NoError(t, s.Startup("hostname B\n"))
	require.NoError(t, s.File("x.txt", "text", written))
	require.NoError(t, s.File("gone", "text", written))
	require.NoError(t, s.Remove("gone"))
	require.NoError(t, f.Close())
	for _, name := range []string{"startup-config", "flash/x.txt"} {
		info, err := os.Stat(filepath.Join(dir, "R1", name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
	}

	f, topology = open(t, dir)
	require.Equal(t, "hostname B\n", topology.Nodes[0].Config)
	require.Equal(t, []topologies.File{{Name: "x.txt", Text: "text", Written: written}}, topology.Nodes[0].Flash)
	require.NotEqual(t, before, topology.Digest())
	require.NoError(t, f.Storage("R1").Startup("")) // erased
	require.NoError(t, f.Close())

	f, topology = open(t, dir)
	require.Empty(t, topology.Nodes[0].Config, "what was erased does not come back from the topology")
	require.NoError(t, f.Close())
}

// TestOneLabAtATime has a folder.
func TestOneLabAtATime(t *testing.T) {
	dir := t.TempDir()
	f, _ := open(t, dir)
	_, err := Open(dir)
	require.ErrorContains(t, err, "another lab is running with this folder")
	require.NoError(t, f.Close())
	f, _ = open(t, dir)
	require.NoError(t, f.Close())
}

// TestHostileFolder: links lead nowhere, and what no router could have written is
// passed over.
func TestHostileFolder(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret")
	require.NoError(t, os.WriteFile(secret, []byte("s"), 0o600))
	flash := filepath.Join(dir, "R1", "flash")
	require.NoError(t, os.MkdirAll(filepath.Join(flash, "folder"), 0o700))
	require.NoError(t, os.Symlink(secret, filepath.Join(flash, "link")))
	for _, name := range []string{"with space", "\x1b[2J", ".hidden"} {
		require.NoError(t, os.WriteFile(filepath.Join(flash, name), nil, 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(flash, "large"), make([]byte, 9<<20), 0o600))
	f, topology := open(t, dir)
	require.Empty(t, topology.Nodes[0].Flash)
	require.Len(t, topology.Warnings, 5, "%v", topology.Warnings)
	require.NoError(t, f.Storage("R1").File("link", "text", written))
	require.Equal(t, "s", read(t, secret))
	require.Equal(t, "text", read(t, flash, "link"), "the link is replaced")
	require.NoError(t, f.Close())

	require.NoError(t, os.Symlink(secret, filepath.Join(dir, "R1", "startup-config")))
	f, err := Open(dir)
	require.NoError(t, err)
	require.Error(t, f.Load(lab()))
	require.NoError(t, f.Close())
}

// TestWhatCannotBeWritten has not happened, and the old file stays.
func TestWhatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	f, _ := open(t, dir)
	s := f.Storage("R1")
	require.NoError(t, s.Startup("old\n"))
	require.EqualError(t, s.Startup(strings.Repeat("x", 17<<20)), "not enough space")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "R1", ".part", "full"), 0o700)) // nothing can be made there
	require.EqualError(t, s.Startup("new\n"), "directory not empty")
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "R1", ".part")))
	require.Equal(t, "old\n", read(t, dir, "R1", "startup-config"))
	require.NoError(t, s.File("x", "1", written))
	require.Equal(t, "old\n", read(t, dir, "R1", "startup-config"), "what failed is not made up for behind somebody's back")
	require.NoError(t, f.Close())
}

// TestRewind: a lab that goes back takes its folder along.
func TestRewind(t *testing.T) {
	dir := t.TempDir()
	f, _ := open(t, dir)
	s := f.Storage("R1")
	require.NoError(t, s.Startup("one\n"))
	require.NoError(t, s.File("x", "1", written))
	f.Rewind()
	require.NoError(t, s.File("y", "2", written))
	require.Equal(t, "one\n", read(t, dir, "R1", "startup-config"), "not yet")
	require.NoError(t, f.Settle())
	require.NoFileExists(t, filepath.Join(dir, "R1", "startup-config"), "it was not written in this run")
	require.NoFileExists(t, filepath.Join(dir, "R1", "flash", "x"))
	require.Equal(t, "2", read(t, dir, "R1", "flash", "y"))
	require.NoError(t, f.Close())
}
