package debug

import (
	"net/netip"
	"testing"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/router/record"
)

// BenchmarkRender is what a negotiation is full of: steps, a message that leaves, a key that
// was looked up.
func BenchmarkRender(b *testing.B) {
	m := &wire.Message{Header: wire.NewHeader(0xAB, 0, true, wire.IKE_SA_INIT, 0, false), Payloads: []wire.Payload{
		&wire.KE{Group: 14, Data: make([]byte, 256)}, &wire.Nonce{Data: make([]byte, 20)}, &wire.Notify{Kind: wire.NAT_DETECTION_SOURCE_IP, Data: make([]byte, 20)},
	}}
	bodies := []record.Body{
		&ikev2.Step{SA: sa, Initiator: true, State: ikev2.IBldInit, Event: ikev2.EvGetConfigMode},
		ikev2.MessageBuilt{SA: sa, Message: m}, ikev2.PacketArrived{}, ikev2.WindowMoved{SA: sa, Ours: true},
		ikev2.KeyLookup{Keyring: "K", By: ikev2.ByAddress, Addr: netip.MustParseAddr("10.0.0.2")},
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, body := range bodies {
			Render(body, all, view)
		}
	}
}
