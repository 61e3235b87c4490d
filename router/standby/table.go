package standby

// State is that of a group at this device.
type State uint8

// The states (RFC 2281 section 5.3).
const (
	Initial State = iota
	Learn
	Listen
	Speak
	Standby
	Active
	states
	Off // not configured any more, or not yet; no message tells it
)

var stateNames = [...]string{"Init", "Learn", "Listen", "Speak", "Standby", "Active", states: "", Off: "Disabled"}

// Counts says whether a change of state is one that IOS counts, and logs: it is of who is active or standby.
func (s State) Counts(to State) bool { return s >= Standby || to == Standby || to == Active }

// String is its name in IOS's messages.
func (s State) String() string { return stateNames[s] }

// MarshalText is String.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Event is what happens to a group, by the letter of RFC 2281 section 5.5.
type Event uint8

// The events.
const (
	Enabled      Event = 'a'
	Disabled     Event = 'b'
	ActiveGone   Event = 'c'
	StandbyGone  Event = 'd'
	HelloDue     Event = 'e'
	BetterSpeak  Event = 'f'
	BetterActive Event = 'g'
	WorseActive  Event = 'h'
	Resigned     Event = 'i'
	Couped       Event = 'j'
	BetterHot    Event = 'k' // the standby router
	WorseHot     Event = 'l'
)

// MarshalText is the letter.
func (e Event) MarshalText() ([]byte, error) { return []byte{byte(e)}, nil }

// row is what an event leads to: the actions by their letters in RFC 2281 section 5.6, and the state.
type row struct {
	do string
	to State
}

// stays: the state is as it was.
const stays = states

// table is that of RFC 2281 section 5.7. The row of event a leads to Learn where the address is not known,
// and those of h marked with * are taken by who preempts only: see next.
var table = map[Event]map[State]row{
	Enabled:      {Initial: {"AB", Listen}},
	Disabled:     {Learn: {"CD", Initial}, Listen: {"CD", Initial}, Speak: {"CD", Initial}, Standby: {"CD", Initial}, Active: {"CDH", Initial}},
	ActiveGone:   {Listen: {"AB", Speak}, Standby: {"CDFI", Active}},
	StandbyGone:  {Listen: {"B", Speak}, Speak: {"D", Standby}},
	HelloDue:     {Speak: {"F", stays}, Standby: {"F", stays}, Active: {"F", stays}},
	BetterSpeak:  {Speak: {"B", Listen}, Standby: {"B", Listen}},
	BetterActive: {Learn: {"EAB", Listen}, Listen: {"EA", stays}, Speak: {"EA", stays}, Standby: {"EA", stays}, Active: {"AB", Speak}},
	WorseActive:  {Learn: {"EAB", Listen}, Listen: {"BGFI", Active}, Speak: {"BGFI", Active}, Standby: {"BGFI", Active}, Active: {"G", stays}},
	Resigned:     {Listen: {"AB", Speak}, Speak: {"A", stays}, Standby: {"CFI", Active}},
	Couped:       {Active: {"ABH", Speak}},
	BetterHot:    {Listen: {"B", stays}, Speak: {"B", Listen}, Standby: {"B", Listen}, Active: {"B", stays}},
	WorseHot:     {Listen: {"B", Speak}, Speak: {"D", Standby}, Active: {"B", stays}},
}
