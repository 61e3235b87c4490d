package serve

import (
	"runtime"
	"time"

	"ikelab/router/shell"
)

// What somebody may cost who has not logged in.
const (
	grace       = 30 * time.Second // to log in
	mostKnocks  = 64               // connections without a login
	attempts    = 3                // of one connection
	afterWrong  = time.Second      // before the next
	lingerAfter = 2 * time.Second  // for the last words of a session to be read
)

// gate limits who is not logged in yet.
type gate struct {
	knocking chan struct{}
	checking chan struct{} // hashes that are being computed
}

func newGate() *gate {
	return &gate{knocking: make(chan struct{}, mostKnocks), checking: make(chan struct{}, runtime.NumCPU())}
}

// enter lets a connection knock; false: there are too many that do.
func (g *gate) enter() bool {
	select {
	case g.knocking <- struct{}{}:
		return true
	default:
		return false
	}
}

// leave is when it has logged in, or is gone.
func (g *gate) leave() { <-g.knocking }

// matches checks a password, which costs time on purpose. A wrong one costs
// the user some, too.
func (g *gate) matches(c shell.Credential, typed string) bool {
	g.checking <- struct{}{}
	ok := c.Matches(typed)
	<-g.checking
	if !ok {
		time.Sleep(afterWrong)
	}
	return ok
}
