package explain

import (
	"time"

	"ikelab/topologies/phrase"
)

// Story is a conversation of two ends.
type Story struct {
	Title   phrase.Phrase
	Ends    [2]End
	Begin   time.Time // what times are counted from; zero: there are none
	Intro   []phrase.Phrase
	Steps   []Step
	Outcome []phrase.Phrase // how it stands in the end
	Screens []Screen        // what is to be checked
}

// End is one of the two.
type End struct{ Name, Address string }

// Step is a message, or something that happens at the ends between two messages.
type Step struct {
	Key      phrase.Phrase // what it is called
	At       time.Time     // zero: not known
	Message  *Message      // nil: none is sent
	Text     []phrase.Phrase
	Payloads []Payload
	Sides    [2]Side // by end
	Failed   bool    // the conversation, or what this step was to make, fails here
	Again    int     // how often the same came again later
}

// Message is what crosses the network in a step.
type Message struct {
	From     int // which end sends it
	Exchange string
	ID       uint32
	Response bool
	Octets   int      // of the datagram, or of its first fragment; 0: not known
	Packets  []uint64 // their numbers in the capture: several of a message in fragments
	Arrived  uint64   // the packet of these, or of a repetition, that came to the receiver; 0: it is the same, or none did
	Lost     bool     // it did not arrive
}

// Payload is a payload of a message, what is in it and what it is for.
type Payload struct {
	Name, Value string
	Octets      int // that it has, where what they are says nothing; 0: what is in it says all
	For         phrase.Phrase
}

// Side is what one end has to do with a step.
type Side struct {
	Facts  []phrase.Phrase // what it finds, decides and has
	Config []Block         // what of its configuration matters
	Debug  []string        // what it prints
}

// Block are lines of a configuration that stand together. Of one that stands in no
// configuration, as it is the image's own, Note says so.
type Block struct {
	Lines []string
	Note  phrase.Phrase
}

// Screen is what a command shows, at one of the ends, and what to look for there.
type Screen struct {
	End     int
	Command string
	Lines   []string
	Points  []Point
}

// Point is a field of a screen, as the screen has it, and what it says.
type Point struct {
	Line string
	Says phrase.Phrase
}

func (s Side) empty() bool { return len(s.Facts)+len(s.Config)+len(s.Debug) == 0 }
