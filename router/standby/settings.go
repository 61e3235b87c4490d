package standby

import (
	"io"
	"net/netip"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// Settings are what a configuration says of a group.
type Settings struct {
	Number      int
	Version     int // 1, 2
	Secondary   []netip.Addr
	Address     netip.Addr // invalid: the active router tells it
	Priority    int
	Preempt     bool
	Delay       time.Duration // before it takes over from somebody
	Hello, Hold time.Duration // 0: as the active router has them, or the defaults
	Text        string        // of authentication; "": cisco
	Key         string        // of authentication by MD5; "": by text
	Name        string
	Named       bool // by the configuration
	Tracked     []Track
}

// Track is an object on which a group depends, or the line protocol of an interface.
type Track struct {
	Object    int
	Interface string // "": an object
	Decrement int
	Shutdown  bool // the group does not take part while it is down
}

// Options are what the groups of a device need.
type Options struct {
	Stack   *ip.Stack
	Timers  *ip.Timers
	Records *record.Emitter
	Random  io.Reader // by which hellos do not come all at once
	// Up says whether a tracked object is up; not known: there is none.
	Up func(number int) (up, known bool)
	// Moved is told that this device has the address of a group, or has it no longer.
	Moved func(now time.Time)
}

// The defaults (RFC 2281 section 5.1).
const (
	DefaultHello    = 3 * time.Second
	DefaultHold     = 10 * time.Second
	DefaultPriority = 100
	defaultText     = "cisco"
	mostHold        = 255 * time.Second
	leastHello      = 15 * time.Millisecond // that IOS lets one configure: who is told less does not believe it
)

const port = 1985

var groupsOf = [...]netip.Addr{1: netip.AddrFrom4([4]byte{224, 0, 0, 2}), 2: netip.AddrFrom4([4]byte{224, 0, 0, 102})}

// MAC is the hardware address that goes with a group.
func MAC(version, number int) [6]byte {
	if version == 2 {
		return [6]byte{0x00, 0x00, 0x0c, 0x9f, 0xf0 | byte(number>>8)&0x0f, byte(number)}
	}
	return [6]byte{0x00, 0x00, 0x0c, 0x07, 0xac, byte(number)}
}
