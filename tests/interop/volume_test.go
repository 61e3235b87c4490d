package interop

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// byVolume has the volume lifetime make us rekey while echoes go.
func (m *matrix) byVolume(t *testing.T, c cell) {
	m.lab.at(t, c.router(), "configure terminal", "crypto ipsec profile P", "set security-association lifetime kilobytes 2560", "end")
	m.byTheirVolume(t, c)
}

// byTheirVolume is the same by the peer's lifetime. Where the peer takes its old
// pair or a policy away before we can know it, or lets it run out, its kernel says so:
// nothing else may be lost.
func (m *matrix) byTheirVolume(t *testing.T, c cell) {
	before := m.unprepared(t)
	flood := m.volume(t, c)
	came, _ := strconv.Atoi(regexp.MustCompile(`\((\d+)/\d+\)|$`).FindStringSubmatch(flood)[1])
	require.LessOrEqual(t, echoes-came, m.unprepared(t)-before, flood)
	m.finish(t, c)
}

const echoes = 1800

// volume brings the tunnel up and sends echoes until it has been rekeyed.
func (m *matrix) volume(t *testing.T, c cell) string {
	t.Helper()
	m.begin(t, c)
	before := m.spi(t, c)
	flood := m.lab.at(t, c.router(), fmt.Sprintf("ping %s source Ethernet0/1 size 1400 repeat %d timeout 60", c.theirInner(), echoes))
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return m.spi(t, c) != before })
	return flood
}

// unprepared is how many packets the peer's kernel had no SA or no policy for, or an SA that
// was just being taken away (StateInvalid).
func (m *matrix) unprepared(t *testing.T) (n int) {
	t.Helper()
	for _, line := range regexp.MustCompile(`Xfrm(?:(?:In|Out)(?:NoStates|StateExpired|StateInvalid)|InNoPols|AcquireError)\s+(\d+)`).FindAllStringSubmatch(m.peer.ask(t, "file /proc/net/xfrm_stat"), -1) {
		count, _ := strconv.Atoi(line[1])
		n += count
	}
	return n
}
