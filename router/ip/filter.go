package ip

// Filter judges packets on their way through an interface, and says by which of its lines
// they are to be told of.
type Filter interface {
	Judge(packet []byte) (permits bool, log Logging)
}

// Logging is a line of an access list with `log`; no List: there is none.
type Logging struct {
	List  string
	Line  int
	Input bool // `log-input`
	// Standard says that it is of a standard list: conversations are their sources.
	Standard bool
}

// The ways through an interface, by which its filters are found.
const (
	In = iota
	Out
)
