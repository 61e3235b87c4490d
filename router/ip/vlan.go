package ip

import "encoding/binary"

// Subinterfaces: each has the frames of a VLAN on its port (IEEE 802.1Q).

const (
	ethertypeVLAN = 0x8100
	tagLen        = 4
	tagAt         = 12        // octets of addresses stand before it
	typeAt        = tagAt + 2 // what follows the type
	vlanMask      = 0x0fff
)

// VLAN is what a subinterface has of the frames of its port.
type VLAN struct {
	Of     string // the interface that it is a part of; "": it is none
	ID     int    // 0: it has no frames
	Native bool   // its frames have no tag
}

// has says whether frames with a VLAN, 0 being none, are the subinterface's.
func (v *VLAN) has(id int) bool { return v.ID != 0 && (id == v.ID || id == 0 && v.Native) }

// untag is a frame without its tag, which leaves no addresses before it, and the VLAN;
// 0: there is none, since a tag with VLAN 0 says a priority only (IEEE 802.1Q 9.6).
func untag(frame []byte) (rest []byte, vlan int, ok bool) {
	if binary.BigEndian.Uint16(frame[tagAt:]) != ethertypeVLAN {
		return frame, 0, true
	}
	if len(frame) < typeAt+tagLen {
		return nil, 0, false
	}
	return frame[tagLen:], int(binary.BigEndian.Uint16(frame[typeAt:]) & vlanMask), true
}

// tagger has the frame that is about to leave by a subinterface.
type tagger struct{ frame []byte }

// tag gives a frame the tag of its VLAN.
func (t *tagger) tag(v *VLAN, frame []byte) []byte {
	if v.Native {
		return frame
	}
	t.frame = append(t.frame[:0], frame[:tagAt]...)
	t.frame = binary.BigEndian.AppendUint16(t.frame, ethertypeVLAN)
	t.frame = binary.BigEndian.AppendUint16(t.frame, uint16(v.ID))
	t.frame = append(t.frame, frame[tagAt:]...)
	return t.frame
}
