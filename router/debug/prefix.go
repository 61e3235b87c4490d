package debug

import (
	"strconv"

	"ikelab/iosconfig"
)

// What stands before a line of IKEv2. IOS 15.1 names the SA; the newer generation
// names its level, and the session that the SA belongs to.

var levels = map[Class]string{
	Trace: "IKEv2-INTERNAL:", Fact: "IKEv2:", Internal: "IKEv2-INTERNAL:", Packet: "IKEv2-PAK:", Error: "IKEv2-ERROR:",
}

func (l *Line) prefix(g iosconfig.Generation) string {
	newer := g == iosconfig.XE17
	level := "IKEv2:"
	if newer {
		level = levels[l.Class]
	}
	switch {
	case l.voice == plain:
		return ""
	case l.voice == alone:
		return level
	case l.voice == numbered:
		return level + "(" + strconv.Itoa(l.sa.ID) + "): "
	case newer && l.voice == ofSA:
		return level + "(SESSION ID = " + strconv.Itoa(l.sa.Session) + ",SA ID = " + strconv.Itoa(l.sa.ID) + "):"
	}
	return level + "(SA ID = " + strconv.Itoa(l.sa.ID) + "):"
}
