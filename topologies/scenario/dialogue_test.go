package scenario

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

func psk(t *testing.T) *bench {
	t.Helper()
	return newScript(t, topologies.DefaultLab, lab.Options{Seed: 1})
}

// TestHostNameNames a router, as the prompt that people copy shows it.
func TestHostNameNames(t *testing.T) {
	s := psk(t)
	require.Equal(t, "R2", s.do("router2: show clock").Node)
	s.do("R1: configure terminal")
	s.do("R1: hostname Router2")
	_, err := s.try("Router2: show clock")
	require.EqualError(t, err, `"Router2" is the host name of R1 and R2: say which`)
}

// TestLinkIsAVerb, not a router.
func TestLinkIsAVerb(t *testing.T) {
	s := psk(t)
	s.do("wait 10s")
	require.Equal(t, "link R1:e0/0 down", s.do("link R1:e0/0 down").Command)
	require.Regexp(t, `Ethernet0/0 .* down +down`, s.do("R1: show ip interface brief").Output)
	s.do("link R2:Ethernet0/0 up")
	require.Regexp(t, `Ethernet0/0 .* up +up`, s.do("R1: show ip interface brief").Output)
	_, err := s.try("link R9:e0/0 down")
	require.ErrorContains(t, err, `no link at "R9:e0/0"`)
}

// TestQuestionsWait for the next line of their router, whatever comes between;
// nothing is answered by itself.
func TestQuestionsWait(t *testing.T) {
	s := psk(t)
	s.do("R1: copy running-config startup-config")
	require.Equal(t, []string{`R1: nobody answered "Destination filename [startup-config]?"`}, s.Unanswered())
	s.do("R2: show clock")
	s.do("wait 1s")
	r := s.do("R1:")
	require.Equal(t, "Destination filename [startup-config]? ", r.Question)
	require.Contains(t, r.Output, "[OK]")
	require.Empty(t, s.Unanswered())
	require.Equal(t, "Router1#", s.do("R1: show clock").Prompt)
	require.Contains(t, s.logs["R1"].String(), "Destination filename [startup-config]? \nBuilding configuration...")
}

func TestExtendedPingIsAnswered(t *testing.T) {
	s := psk(t)
	s.do("wait 10s")
	s.do("R1: ping")
	for _, row := range [][2]string{
		{"", "Protocol"}, {"192.168.2.1", "Target IP address"}, {"3", "Repeat count"}, {"", "Datagram size"}, {"", "Timeout"},
		{"y", "Extended commands"}, {"Loopback0", "Source address"},
	} {
		r := s.do("R1: " + row[0])
		require.Contains(t, r.Question, row[1])
		require.False(t, r.Refused)
	}
	for s.Unanswered() != nil {
		s.do("R1:")
	}
	require.Contains(t, s.logs["R1"].String(), "Success rate is 100 percent (3/3)")
}

// TestPagesTurnThemselves: --More-- swallows no command.
func TestPagesTurnThemselves(t *testing.T) {
	s := psk(t)
	whole := s.do("R1: show running-config").Output
	s.do("R1: terminal length 10")
	require.Equal(t, whole, s.do("R1: show running-config").Output)
	require.Equal(t, "Router1#", s.do("R1: show clock").Prompt)
	require.NotContains(t, s.logs["R1"].String(), "More")
}

// TestLimitIsTold: a command that takes longer does not stop in silence.
func TestLimitIsTold(t *testing.T) {
	s := psk(t)
	r := s.do("R1: ping 10.0.0.9 repeat 4000 timeout 1") // more than an hour
	require.False(t, r.Cut)
	require.Contains(t, r.Output, "(0/4000)")
	s.consoles.Limit = time.Minute
	r = s.do("R1: ping 10.0.0.9 repeat 100 timeout 1")
	require.True(t, r.Cut)
	require.Contains(t, r.Output, "(0/60)")
	require.Equal(t, "Router1#", s.do("R1: show clock").Prompt)
}

func TestQuestionMarkHelps(t *testing.T) {
	s := psk(t)
	require.Contains(t, s.do("R1: show crypto ?").Output, "ikev2")
	require.Equal(t, Lines(), s.do("?").Output)
	require.Contains(t, Lines(), "link R1:Ethernet0/0 down")
	_, err := ParseLine("nonsense")
	require.ErrorContains(t, err, strings.TrimSpace(Lines()))
}

// givesUp stands for a driver that a signal stops.
type givesUp struct{ *netsim.Sim }

func (givesUp) RunUntil(func() bool, time.Time) bool { return false }

func TestDriverGivesUp(t *testing.T) {
	s := psk(t)
	s.driver = givesUp{s.lab.Sim}
	for _, text := range []string{"wait 1s", "R1: ping 10.0.0.9", "R2: show clock"} {
		_, err := s.try(text)
		require.ErrorIs(t, err, script.ErrStopped, text)
	}
}

// TestPasswordIsKeptNowhere: neither on the screen, nor in the console's log or
// a result, nor in the stream of records.
func TestPasswordIsKeptNowhere(t *testing.T) {
	s := psk(t)
	var events bytes.Buffer
	e := s.lab.WriteEvents(&events, true)
	for _, line := range []string{"configure terminal", "enable secret 5 $1$abcd1234$2uW3ulNSsCppUKwdkf7Nd/", "end", "disable", "enable"} {
		s.do("R1: " + line)
	}
	for _, guess := range []string{"S3same?", "cisco"} {
		r := s.do("R1: " + guess)
		require.Equal(t, "Password: ", r.Question)
		require.Empty(t, r.Command+r.Output)
	}
	require.Equal(t, "Router1#", s.do("R1: show clock").Prompt)
	require.NoError(t, e.Close())
	log := s.logs["R1"].String()
	require.Contains(t, log, "Router1>enable\nPassword: \nPassword: \nRouter1#show clock\n")
	for _, guess := range []string{"S3same", "cisco"} {
		require.NotContains(t, log[strings.Index(log, "enable\n"):], guess)
	}
	require.NotContains(t, events.String(), "S3same")
}

// TestBannerIsText: a question mark in it asks nothing.
func TestBannerIsText(t *testing.T) {
	s := psk(t)
	for _, line := range []string{"configure terminal", "banner motd #", "Who are you?", "#", "end"} {
		require.False(t, s.do("R1: "+line).Refused, line)
	}
	require.Contains(t, s.do("R1: show running-config | begin banner").Output, "banner motd ^C\nWho are you?\n^C\n")
	require.Contains(t, s.logs["R1"].String(), "'#'.\nWho are you?\n#\nRouter1(config)#end\n", "no prompt stands before text")
}
