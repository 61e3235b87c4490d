package shell

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ntp"
	"ikelab/router/operator"
)

func TestLogging(t *testing.T) {
	console := newTerminal(t, Options{Console: true, Privileged: true})
	var vty strings.Builder
	other := console.sh.Open(Options{Out: func(s string) { vty.WriteString(s) }, Privileged: true})
	console.configured(t, "service timestamps log datetime msec", "logging buffered debugging", "logging console debugging", "logging monitor debugging")
	console.happen(linkUp)
	const line = "*Nov 11 20:28:34.003: %LINK-3-UPDOWN: Interface Ethernet0/0, changed state to up"
	require.Equal(t, line+"\n", console.shown())
	require.Empty(t, vty.String(), "a terminal without `terminal monitor` hears nothing")
	other.Enter(testNow, "terminal monitor")
	console.happen(operator.Restarted{})
	require.Contains(t, vty.String(), "%SYS-5-RESTART: System restarted --")
	require.Contains(t, console.typed("show logging | include LINK"), line)
	require.Contains(t, console.typed("show logging | include SYS-5-RESTART"), "%SYS-5-RESTART", "an underscore in a name is no obstacle")
	require.Contains(t, console.typed("show logging | include Trap"), "    Trap logging: level informational, 2 message lines logged")
	console.configured(t, "logging console warnings")
	console.happen(operator.Restarted{})
	require.Empty(t, console.shown(), "notifications are less severe than warnings")
	require.Contains(t, console.typed("show logging | include Console"), "Console logging: level warnings, ")
}

// TestDebugsAreRendered: the same record reads as the debugs that are on want.
func TestDebugsAreRendered(t *testing.T) {
	console := newTerminal(t, Options{Console: true, Privileged: true})
	console.configured(t, "service timestamps debug datetime msec")
	console.happen(ikev2.PacketArrived{})
	require.Empty(t, console.shown())
	console.typed("debug crypto ikev2 packet")
	console.happen(ikev2.PacketArrived{})
	require.Equal(t, "*Nov 11 20:28:34.003: IKEv2:Got a packet from dispatcher\n*Nov 11 20:28:34.003: IKEv2:Processing an item off the pak queue\n", console.shown())
}

// TestBadPacketsAreLoggedOnceAMinute, each kind by itself.
func TestBadPacketsAreLoggedOnceAMinute(t *testing.T) {
	console := newTerminal(t, Options{Console: true})
	for range 3 {
		console.happen(crypto.Refused{Why: crypto.InvalidSPI})
		console.happen(crypto.Refused{Why: crypto.NotIPsec})
	}
	require.Equal(t, 2, strings.Count(console.shown(), "%CRYPTO-4-"))
	console.now = console.now.Add(time.Minute)
	console.happen(crypto.Refused{Why: crypto.InvalidSPI})
	require.Equal(t, 1, strings.Count(console.shown(), "RECVD_PKT_INV_SPI"))
}

func TestStamps(t *testing.T) {
	require.Empty(t, stamped("", &ntp.Clock{}, testNow, testNow, iosconfig.Timestamps{}))
	full := iosconfig.Timestamps{Kind: iosconfig.TimestampDatetime, Msec: true, Year: true, Timezone: true}
	require.Equal(t, "*Nov 11 2013 20:28:34.003 UTC: up", stamped("up", &ntp.Clock{}, testNow, testNow, full))
	require.Equal(t, "*Nov  1 20:28:34: up", stamped("up", &ntp.Clock{}, testNow.AddDate(0, 0, -10), testNow, iosconfig.Timestamps{Kind: iosconfig.TimestampDatetime}))
	require.Equal(t, "00:01:40: up", stamped("up", &ntp.Clock{}, testNow.Add(100*time.Second), testNow, iosconfig.Timestamps{Kind: iosconfig.TimestampUptime}))
}

// TestLogBufferIsBounded: the oldest lines go first.
func TestLogBufferIsBounded(t *testing.T) {
	var l logs
	for i := range 100 {
		l.append(strings.Repeat(string(rune('a'+i%26)), 99), 1000)
	}
	require.Len(t, l.buffer, 10)
	require.LessOrEqual(t, l.octets, 1000)
	require.Equal(t, "v", l.buffer[9][:1])
}
