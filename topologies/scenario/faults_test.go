package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFaults: what each kind does is what the other end and the records say.
func TestFaults(t *testing.T) {
	up := "- wait: {state: settled}\n  limit: 1m\n"
	for name, steps := range map[string]string{
		"drop": "- {fault: drop, exchange: IKE_AUTH, message: response, node: R2}\n" + up +
			"- expect: {wire: seen, exchange: IKE_AUTH, message: request, node: R1, count: 2}\n- expect: {record: ike.repeated, node: R2}\n",
		"drop the second":             "- {fault: drop, exchange: IKE_SA_INIT, nth: 2, times: 1}\n" + up + "- expect: {record: fabric.frame_dropped, count: 1, fields: {note: drop the IKE_SA_INIT}}",
		"drop all":                    "- {name: f, fault: drop, exchange: IKE_SA_INIT, all: true}\n- wait 20s\n- expect: {not: {state: settled}}\n- release: f\n- wait: {state: settled}\n  limit: 3m",
		"delay":                       "- {fault: delay, exchange: IKE_AUTH, message: request, by: 5s}\n" + up + "- wait 10s\n- expect: {record: ike.repeated, node: R2}",
		"duplicate":                   "- {fault: duplicate, exchange: IKE_SA_INIT, message: request}\n" + up + "- expect: {record: ike.repeated, node: R2}",
		"corrupt":                     "- {fault: corrupt, exchange: IKE_AUTH, message: request}\n" + up + "- expect: {record: ike.refused, node: R2}",
		"truncate":                    "- {fault: truncate, exchange: IKE_AUTH, message: request, octets: 7}\n" + up + "- expect: {record: ike.refused, node: R2}",
		"replay":                      "- {fault: replay, exchange: IKE_AUTH, message: request, by: 3s}\n" + up + "- wait 10s\n- expect: {record: ike.repeated, node: R2, count: 1}\n- expect: {state: settled}",
		"hold":                        "- {name: f, fault: hold, exchange: IKE_AUTH, message: request, all: true}\n- wait 3s\n- expect: {wire: seen, exchange: IKE_AUTH}\n- expect: {not: {record: ike.message_parsed, node: R2, fields: {message.exchange: IKE_AUTH}}}\n- release: f\n" + up,
		"forged notify":               "- {fault: forge, as: notify, notify: AUTHENTICATION_FAILED, exchange: IKE_SA_INIT, message: response}\n" + up + "- expect: {record: ike.hint, node: R1}",
		"forged delete":               "- {fault: forge, as: delete, exchange: IKE_AUTH, message: response}\n" + up + "- expect: {record: ike.refused, node: R1}",
		"payload":                     up + "- {fault: drop, payload: REKEY_SA, node: R1}\n- wait 2h\n- expect: {state: settled}",
		"replayed ESP":                up + "- {fault: replay, sequence: 3, node: R1, by: 1s}\n- {node: R1, run: ping 192.168.2.1 source Loopback0, expect: '!!!!!'}\n- wait 2s\n- expect: {record: crypto.refused, node: R2, count: 1}",
		"reordered ESP":               up + "- {fault: reorder, esp: true, node: R1}\n- {node: R1, run: ping 192.168.2.1 source Loopback0 repeat 3}\n- expect: {not: {record: crypto.refused}}",
		"IKE behind its repetition":   "- {fault: reorder, exchange: IKE_AUTH, message: request, from: initiator, node: R1, behind: {exchange: IKE_AUTH, message: request, node: R2}}\n- wait 1m\n- expect: {state: settled}",
		"the first message of a port": "- {fault: drop, port: 'R1:e0/0', message-id: 0}\n" + up + "- expect: {record: fabric.frame_dropped, count: 1, fields: {note: 'drop the id 0 at R1:Ethernet0/0'}}",
		"an old message id":           up + "- {fault: forge, as: old-sequence, exchange: INFORMATIONAL}\n- {node: R1, run: clear crypto session}\n- wait 2m\n- expect: {state: settled}",
		"ESP of a wrong SPI":          up + "- {fault: forge, as: wrong-spi, esp: true, node: R1}\n- {node: R1, run: ping 192.168.2.1 source Loopback0, expect: '!!!!!'}\n- expect: {record: crypto.refused, node: R2, count: 1}",
		"partition":                   up + "- partition: R1\n- {node: R1, run: ping 10.0.0.2, expect: '.....'}\n- heal\n- {node: R1, run: ping 10.0.0.2, expect: '!!!!!'}",
		"nothing in clear":            "- never: {wire: clear, within: 192.168.0.0/16}\n- never: {wire: reuse}\n" + up + "- {node: R1, run: ping 192.168.2.1 source Loopback0, expect: '!!!!!'}\n- wait 3h",
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, runs(t, 1, steps).Err, steps)
		})
	}
}

// TestFaultsThatNeverStrike fail their scenario.
func TestFaultsThatNeverStrike(t *testing.T) {
	require.EqualError(t, runs(t, 1, "- {fault: drop, exchange: CREATE_CHILD_SA, node: R2}\n- wait 10s").Err,
		"f:4:3: fault drop at R2: it never struck: there was no CREATE_CHILD_SA of R2, or not so many")
	require.ErrorContains(t, runs(t, 1, "- never: {wire: clear, within: 10.0.0.0/8}\n- {node: R1, run: ping 10.0.0.2}").Err, "it holds during run ping 10.0.0.2 at R1")
	for steps, want := range map[string]string{
		"- {fault: delay, esp: true}":                       "delay needs by, a duration",
		"- {fault: drop, behind: {esp: true}}":              "behind belongs to reorder, not to drop",
		"- {fault: drop, port: R9}":                         `"R9" is not a port such as R1:Ethernet0/0`,
		"- {fault: reorder, esp: true, behind: {node: R9}}": "R9",
		"- {fault: forge, esp: true}":                       "forge needs as: what is forged",
		"- {fault: forge, as: notify, exchange: IKE_AUTH}":  "forge needs notify: which",
	} {
		require.ErrorContains(t, runs(t, 1, steps).Err, want)
	}
}

func TestPowerAndTraffic(t *testing.T) {
	up := "- wait: {state: settled}\n  limit: 1m\n"
	for name, steps := range map[string]string{
		"constant": up + "- {traffic: R1, to: 192.168.2.1, source: Loopback0, rate: 100, for: 5s, loss: 0, latency: 10ms}",
		"bursts":   up + "- {traffic: R1, to: 10.0.0.2, rate: 2, burst: 50, size: 1400, for: 3s, loss: 0}",
		"loss": up + "- impair: R1:e0/0\n  loss: 20%\n- {traffic: R1, to: 10.0.0.2, rate: 100, for: 10s, loss: '> 25'}\n" +
			"- {traffic: R1, to: 10.0.0.2, rate: 100, for: 10s, loss: '< 45'}",
		"meanwhile": up + "- {name: t, traffic: R1, to: 10.0.0.2, for: 1m, background: true}\n- wait 30s\n- link R1:e0/0 down\n- wait 6s\n- link R1:e0/0 up\n- {result: t, loss: '> 9'}",
		"transfer": up + "- {transfer: R1, to: 192.168.2.1, source: Loopback0, octets: 2000000, size: 1300, within: 2s}\n- impair: R1:e0/0\n  loss: 2%\n  delay: 10ms\n" +
			"- {transfer: R1, to: 192.168.2.1, source: Loopback0, octets: 2000000, size: 1300, within: 5m}",
		"crash": up + "- {configure: hostname Lost, node: R2}\n- {name: c, crash: R2, for: 10s}\n- wait: {state: none, nodes: R2}\n  limit: 0s\n- wait 11s\n- {run: show version, node: R2, expect: [Router2 uptime]}\n- wait: {all: [{state: settled}, {record: ike.sa_up, node: R2, since: c}]}\n  limit: 30m",
		"stop":  up + "- stop: R2\n- {run: ping 10.0.0.2, node: R1, expect: '.....'}\n- start: R2\n- {run: ping 10.0.0.2, node: R1, expect: '!!!!'}",
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, runs(t, 1, steps).Err, steps)
		})
	}
	for steps, want := range map[string]string{
		"- {traffic: R1, to: 10.0.0.9, for: 1s, loss: 0}":  "the loss is another one\n  expected loss in percent: 0",
		"- {transfer: R1, to: 10.0.0.9, within: 5s}":       "it takes longer\n  expected 1048576 octets within 5s",
		"- stop: R2\n- stop: R2":                           "R2 is off",
		"- stop: R2\n- {run: show clock, node: R2}":        "R2 is off",
		"- wait 2s\n- start: R2":                           "R2 is on",
		"- result: t":                                      `no traffic that has begun is called "t"`,
		"- capture start":                                  "nothing can be captured here",
		"- {traffic: R1, to: 10.0.0.2, source: Loopback9}": `R1 has no address at "Loopback9"`,
		"- impair: R1:e0/0\n  delay: 50ms\n- {traffic: R1, to: 10.0.0.2, latency: 9ms}": "it is slower",
	} {
		require.ErrorContains(t, runs(t, 1, steps).Err, want, steps)
	}
}
