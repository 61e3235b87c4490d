package automation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// TestNetmiko does what Ansible does: prompts, enable, a configuration, saving it,
// and the ping through the tunnel, by SSH and by telnet.
func TestNetmiko(t *testing.T) {
	t.Parallel()
	needPython(t, "netmiko")
	doors := serve(t)
	said := succeeds(t, t.TempDir(), python, "site.py", port(t, doors[0].SSH), port(t, doors[1].Telnet))
	require.Contains(t, said, "the tunnel carries")
}

// TestExpect sits at a telnet client: a wrong password, enable, --More--, Tab,
// Ctrl-Z.
func TestExpect(t *testing.T) {
	t.Parallel()
	kit.NeedCommand(t, "expect", "telnet")
	doors := serve(t)
	succeeds(t, t.TempDir(), "expect", "-f", "login.exp", port(t, doors[0].Telnet))
}
