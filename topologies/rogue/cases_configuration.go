package rogue

import "ikelab/ikev2/wire"

// What can be said in configuration payloads (RFC 7296 3.15).

func configurations() []Case {
	set := func(values ...[]byte) func(t *Talk) {
		return func(t *Talk) {
			cp := &wire.CP{Kind: wire.CFGSet}
			for _, v := range values {
				cp.Attributes = append(cp.Attributes, wire.CPAttribute{Type: wire.INTERNAL_IP4_SUBNET, Value: v})
			}
			t.ask(t.SA.inform(cp))
		}
	}
	var many [][]byte
	for n := range 1000 {
		many = append(many, []byte{10, byte(n >> 8), byte(n), 0, 255, 255, 255, 0})
	}
	unasked := []string{"INFORMATIONAL response { }"}
	const nothing = "If no attributes were accepted, the responder … MUST return either an empty CFG_ACK payload or a response message without a CFG_ACK payload (after RFC 7296 3.15.1)"
	return []Case{
		{Name: "a network without its mask in CFG_SET", As: Member, RFC: syntax, Want: []string{badInform}, Do: set([]byte{10, 0, 0, 0})},
		{Name: "a mask with holes in CFG_SET", As: Member, RFC: syntax, Want: []string{badInform}, Do: set([]byte{10, 0, 0, 0, 255, 0, 255, 0})},
		{Name: "all addresses in CFG_SET, for a router that takes none", As: Member, RFC: nothing, Want: unasked, Do: set(make([]byte, 8))},
		{Name: "a thousand networks in CFG_SET", As: Member, RFC: nothing, Want: unasked, Do: set(many...)},
	}
}
