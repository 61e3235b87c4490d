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
		"drop the second":    "- {fault: drop, exchange: IKE_SA_INIT, nth: 2, times: 1}\n" + up + "- expect: {record: fabric.frame_dropped, count: 1, fields: {note: drop the IKE_SA_INIT}}",
		"drop all":           "- {name: f, fault: drop, exchange: IKE_SA_INIT, all: true}\n- wait 20s\n- expect: {not: {state: settled}}\n- release: f\n- wait: {state: settled}\n  limit: 3m",
		"delay":              "- {fault: delay, exchange: IKE_AUTH, message: request, by: 5s}\n" + up + "- wait 10s\n- expect: {record: ike.repeated, node: R2}",
		"duplicate":          "- {fault: duplicate, exchange: IKE_SA_INIT, message: request}\n" + up + "- expect: {record: ike.repeated, node: R2}",
		"corrupt":            "- {fault: corrupt, exchange: IKE_AUTH, message: request}\n" + up + "- expect: {record: ike.refused, node: R2}",
		"truncate":           "- {fault: truncate, exchange: IKE_AUTH, message: request, octets: 7}\n" + up + "- expect: {record: ike.refused, node: R2}",
		"replay":             "- {fault: replay, exchange: IKE_AUTH, message: request, by: 3s}\n" + up + "- wait 10s\n- expect: {record: ike.repeated, node: R2, count: 1}\n- expect: {state: settled}",
		"hold":               "- {name: f, fault: hold, exchange: IKE_AUTH, message: request, all: true}\n- wait 3s\n- expect: {wire: seen, exchange: IKE_AUTH}\n- expect: {not: {record: ike.message_parsed, node: R2, fields: {message.exchange: IKE_AUTH}}}\n- release: f\n" + up,
		"forged notify":      "- {fault: forge, as: notify, notify: AUTHENTICATION_FAILED, exchange: IKE_SA_INIT, message: response}\n" + up + "- expect: {record: ike.hint, node: R1}",
		"forged delete":      "- {fault: forge, as: delete, exchange: IKE_AUTH, message: response}\n" + up + "- expect: {record: ike.refused, node: R1}",
		"payload":            up + "- {fault: drop, payload: REKEY_SA, node: R1}\n- wait 2h\n- expect: {state: settled}",
		"replayed ESP":       up + "- {fault: replay, sequence: 3, node: R1, by: 1s}\n- {node: R1, run: ping 192.168.2.1 source Loopback0, expect: '!!!!!'}\n- wait 2s\n- expect: {record: crypto.refused, node: R2, count: 1}",
		"reordered ESP":      up + "- {fault: reorder, esp: true, node: R1}\n- {node: R1, run: ping 192.168.2.1 source Loopback0 repeat 3}\n- expect: {not: {record: crypto.refused}}",
		"ESP of a wrong SPI": up + "- {fault: forge, as: wrong-spi, esp: true, node: R1}\n- {node: R1, run: ping 192.168.2.1 source Loopback0, expect: '!!!!!'}\n- expect: {record: crypto.refused, node: R2, count: 1}",
		"partition":          up + "- partition: R1\n- {node: R1, run: ping 10.0.0.2, expect: '.....'}\n- heal\n- {node: R1, run: ping 10.0.0.2, expect: '!!!!!'}",
		"nothing in clear":   "- never: {wire: clear, within: 192.168.0.0/16}\n- never: {wire: reuse}\n" + up + "- {node: R1, run: ping 192.168.2.1 source Loopback0, expect: '!!!!!'}\n- wait 3h",
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
	require.ErrorContains(t, runs(t, 1, "- {fault: delay, esp: true}").Err, "delay needs by, a duration")
}
