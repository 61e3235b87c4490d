package logs

import (
	"slices"
	"strings"

	"ikelab/topologies/phrase"
)

// Log is what was understood of a log.
type Log struct {
	Lines  int // that hold anything
	Read   int // of these
	Sides  []*Side
	Events []Event
	Faults []Fault
	Unread []Unread
}

// Unread counts lines that said nothing to the reader.
type Unread struct {
	Kind  string // a key of the catalogue
	What  string // which debug, which message
	Lines int
	First int // the number of the first one
}

// Role is which end of an IKE SA a router is; it is not always in a log.
type Role uint8

// The roles.
const (
	RoleUnknown Role = iota
	Initiator
	Responder
)

// Result is what became of an IKE SA as far as a log goes.
type Result uint8

// The results.
const (
	Open   Result = iota // the log ends before it is decided
	Up                   // it came up
	Failed               // it did not come up
	Ended                // it was up and has been deleted
)

// Side is an IKE SA as one router saw it. What the log does not show is empty.
type Side struct {
	Router      string // its name, where the log has one
	Session, ID string
	SPIi, SPIr  string // 16 digits
	Role        Role
	Local, Peer string // "192.0.2.1:500"

	LocalID, PeerID Identity
	Lookup          Lookup
	Auth            Auth
	NAT             string // the toolkit's words
	Offers          Offers
	Messages        []*Message
	States          []string // in order, each once in a row
	Result          Result

	clues map[clue]int // and the first line of each
	span
}

// span is where in the log a side is spoken of.
type span struct {
	First, Last int // lines
	At          string
	over        bool // it was deleted
}

// Identity is what an end says it is.
type Identity struct{ Kind, Text string }

// Lookup is what was found for the peer in the configuration.
type Lookup struct {
	Profile, Keyring, Peer, Policy string
	Proposals                      []string
}

// Auth is how the ends prove who they are.
type Auth struct{ Mine, Peers string }

// Offers are the proposals of the first exchanges, and what was taken.
type Offers struct {
	IKE, ESP           []Proposal // what the initiator offers
	Suite, Pair        *Proposal  // what the responder took
	Received, Expected []string   // the two lists of a mismatch, as they stand there
	Group              string     // that keys were computed in
}

// Message is one of IKE, as it passed a router.
type Message struct {
	Line     int
	At       string
	Sent     bool
	Exchange string
	Response bool
	ID       string
	Length   string
	Payloads []string
	Offers   []Proposal
	Group    string
	Select   [2][]string // TSi, TSr
	Repeats  int         // how often it was sent again
	Auth     string      // the method of its AUTH
	Kinds    [2]string   // of IDi and IDr

	marks
}

// marks are what is known of a message while it is being read.
type marks struct {
	known        bool // whether it was sent or received
	from         source
	listed       bool // the names of the payloads stood in a line
	closed       bool // its payloads have been shown
	flagged      bool // flags were read
	byInit       bool // the sender is the SA's initiator
	sealedHeader bool // all payloads are in one that is encrypted
}

// source says which of the forms of a message were seen.
type source uint8

const (
	fromSummary source = 1 << iota
	fromHeader
	fromPlatform
)

// Event is a message of syslog that matters to tunnels.
type Event struct {
	Line     int
	At, Host string
	Name     string // "CRYPTO-4-RECVD_PKT_INV_SPI"
	Text     string
}

// Fault is something that the log shows to be wrong, or worth knowing.
type Fault struct {
	Kind    string // the key of what is said
	Side    *Side  // nil: of no IKE SA
	Router  string
	Peer    string // "": as Side has it
	Line    int
	Says    phrase.Phrase
	Mend    phrase.Phrase // "": nothing is to be done
	Missing phrase.Phrase // what would show more; "": nothing more is needed
}

// clue is something in a line that tells of a fault.
type clue uint8

const (
	cluNoMatch clue = iota + 1
	cluHeardNoProposal
	cluNoProfile
	cluNotFound
	cluNoKey
	cluNotAuthentic
	cluVerifyFailed
	cluHeardAuthFailed
	cluMethod
	cluDiffers
	cluSelectors
	cluHeardSelectors
	cluExceeded
	cluRetransmitted
	cluNoAuth
	cluCertificate
	cluNoTrust
	cluWrongGroup
	cluNAT
	cluNATOff
	cluTwin
	cluNoAdditional
	cluURL
	cluWeak
	cluAlive
	cluDeleting
	cluInitFailed
	cluAuthExchangeFailed
	cluChildFailed
	cluAborted
	cluUp
	cluGone
	cluHeardOther
)

func (s *Side) has(c clue) bool { return s.clues[c] != 0 }

func (s *Side) note(c clue, number int) {
	if s.clues == nil {
		s.clues = map[clue]int{}
	}
	if s.clues[c] == 0 {
		s.clues[c] = number
	}
}

// last is the last message of an exchange, request or response; nil: none was seen.
func (s *Side) last(like *Message) *Message {
	for _, m := range slices.Backward(s.Messages) {
		// Each end numbers its requests: two exchanges may have the same id.
		otherWay := m.known && like.known && (m.Sent == like.Sent) != (m.Response == like.Response)
		if m.Exchange == like.Exchange && m.ID == like.ID && !otherWay {
			return m
		}
	}
	return nil
}

// request is the last request of a message's exchange that was sent from here.
func (s *Side) request(like *Message) *Message {
	for _, m := range slices.Backward(s.Messages) {
		if m.Exchange == like.Exchange && m.ID == like.ID && m.Sent && !m.Response {
			return m
		}
	}
	return nil
}

// answered says whether a response to a request was seen.
func (s *Side) answered(request *Message) bool {
	last := s.last(request)
	return last != nil && last.Response
}

// first is the first message of a kind; nil: none was seen.
func (s *Side) first(exchange string, response bool) *Message {
	for _, m := range s.Messages {
		if m.Exchange == exchange && m.Response == response {
			return m
		}
	}
	return nil
}

func boolCount(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sameHost compares the addresses of two endpoints: the port floats, and may be left out.
func sameHost(a, b string) bool {
	return a == b || hostOf(a) == hostOf(b) || hostOf(a) == b || a == hostOf(b)
}

func hostOf(endpoint string) string {
	if i := strings.LastIndexByte(endpoint, ':'); i >= 0 {
		return strings.Trim(endpoint[:i], "[]")
	}
	return endpoint
}

// set keeps what was said first.
func set(field *string, text string) {
	if *field == "" {
		*field = text
	}
}
