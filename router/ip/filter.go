package ip

// Filter judges packets on their way through an interface.
type Filter interface{ Permits(packet []byte) bool }

// The ways through an interface, by which its filters are found.
const (
	In = iota
	Out
)
