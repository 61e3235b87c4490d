package debug

import (
	"fmt"

	"ikelab/ikev2"
)

// ikeLine puts IOS's prefix before a sentence about an SA, or about none.
func ikeLine(sa ikev2.Ref, text string) string {
	if sa.ID == 0 {
		return "IKEv2:" + text
	}
	return fmt.Sprintf("IKEv2:(SA ID = %d):%s", sa.ID, text)
}

func stepLines(_ View, s *ikev2.Step) []Line {
	role := 'R'
	if s.Initiator {
		role = 'I'
	}
	return []Line{stamped(Trace, ikeLine(s.SA, fmt.Sprintf("SM Trace-> SA: I_SPI=%016X R_SPI=%016X (%c) MsgID = %08X CurState: %v Event: %v",
		s.SA.SPIi, s.SA.SPIr, role, s.MessageID, s.State, s.Event)))}
}

func arrivedLines(View, ikev2.PacketArrived) []Line {
	return []Line{
		stamped(Packet, "IKEv2:Got a packet from dispatcher"),
		stamped(Packet, "IKEv2:Processing an item off the pak queue"),
	}
}
