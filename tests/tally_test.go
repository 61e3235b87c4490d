package tests

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"ikelab/topologies"
)

// TestExchangesTally: where nothing is lost, what one end has sent the other has
// received, kind by kind, over a day of rekeys of both kinds, probes and deletes.
func TestExchangesTally(t *testing.T) {
	l := boot(t, topologies.DefaultLab, 1)
	l.do("wait 10m", "R1: clear crypto ikev2 sa", "wait 10m", "R2: clear crypto sa", "wait 1h")
	counts := func(node string) gjson.Result {
		return gjson.Parse(regexp.MustCompile(`(?s)\{.*\}`).FindString(l.do(node + ": show crypto ikev2 stats exchange detailed | json")))
	}
	ours, theirs := counts("R1"), counts("R2")
	compared := 0
	for _, part := range []string{"exchanges", "error_notifies", "other_notifies"} {
		mine, other := ours.Get(part).Array(), theirs.Get(part).Array()
		require.Len(t, other, len(mine))
		for i, row := range mine {
			if row.Get("name").String() == "DPD" {
				continue // an answer to a probe is not told from others
			}
			for _, kind := range []string{"requests", "responses"} {
				require.Equal(t, row.Get("tx_"+kind).Int(), other[i].Get("rx_"+kind).Int(), row.Raw+other[i].Raw)
				require.Equal(t, row.Get("rx_"+kind).Int(), other[i].Get("tx_"+kind).Int(), row.Raw+other[i].Raw)
				compared += int(row.Get("tx_" + kind).Int())
			}
		}
	}
	require.Greater(t, compared, 100)
	for _, name := range []string{"IKE_SA_INIT", "IKE_AUTH", "CREATE_CHILD_SA_IKE_REKEY", "INFORMATIONAL"} {
		require.Positive(t, ours.Get(fmt.Sprintf(`exchanges.#(name=="%s").tx_requests`, name)).Int()+ours.Get(fmt.Sprintf(`exchanges.#(name=="%s").rx_requests`, name)).Int(), name)
	}
}

// TestClearOnePair: `clear crypto sa entry` and `spi` delete the pair that they name, and no other.
func TestClearOnePair(t *testing.T) {
	l := boot(t, topologies.DefaultLab, 1)
	l.do("wait 10s")
	spi := func() string {
		return regexp.MustCompile(`0x[0-9A-F]+`).FindString(l.do("R1: show crypto ipsec sa | include current outbound"))
	}
	first := spi()
	l.do("R1: clear crypto sa entry 10.0.0.1 esp "+first, "R1: clear crypto sa entry 10.0.0.2 ah "+first)
	require.Equal(t, first, spi(), "an address that it does not lead to, another protocol")
	l.do("R1: clear crypto sa entry 10.0.0.2 esp "+first, "wait 10s")
	second := spi()
	require.NotEqual(t, first, second)
	l.do("R1: clear crypto sa spi "+second, "wait 10s")
	require.NotEqual(t, second, spi())
}
