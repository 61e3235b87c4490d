package automation

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// recap is a router's line at the end of a playbook.
var recap = regexp.MustCompile(`(?m)^(R\d) +: ok=(\d+) +changed=(\d+) +unreachable=0 +failed=0 `)

// TestAnsible makes the tech note's routers of bare ones, with a tunnel that
// carries; the second run changes nothing.
func TestAnsible(t *testing.T) {
	t.Parallel()
	kit.NeedCommand(t, "ansible-playbook")
	needPython(t, "ansible_collections.cisco.ios")
	needPython(t, "paramiko")
	doors, home := serve(t), t.TempDir()
	inventory := inventoryOf(t, home, doors)
	play := func(args ...string) string {
		return succeeds(t, home, "ansible-playbook", append([]string{"-i", inventory, "site.yml"}, args...)...)
	}
	first := play("--diff")
	require.Equal(t, [][2]string{{"R1", "4"}, {"R2", "4"}}, changes(first), first)
	require.Contains(t, first, "\n+ tunnel protection ipsec profile phse2-prof\n", "the difference to what ran before")
	second := play("--diff", "--skip-tags", "look")
	require.Equal(t, [][2]string{{"R1", "0"}, {"R2", "0"}}, changes(second), second)
	require.NotContains(t, second, "+++ after")
}

// inventoryOf is the inventory that the README shows, at the ports of a lab.
func inventoryOf(t *testing.T, folder string, doors served) string {
	t.Helper()
	text, err := os.ReadFile("inventory.yml")
	require.NoError(t, err)
	at := strings.NewReplacer("10001", port(t, doors[0].SSH), "10002", port(t, doors[1].SSH))
	file := filepath.Join(folder, "inventory.yml")
	require.NoError(t, os.WriteFile(file, []byte(at.Replace(string(text))), 0o600))
	return file
}

// changes are how many tasks have changed something at each router.
func changes(said string) (list [][2]string) {
	for _, m := range recap.FindAllStringSubmatch(said, -1) {
		list = append(list, [2]string{m[1], m[3]})
	}
	return list
}
