package iosconfig

// Store holds the running configuration. What it hands out never changes:
// an edit copies, and commits the copy.
type Store struct{ running *Config }

// NewStore begins with a configuration.
func NewStore(c *Config) *Store { return &Store{running: c} }

// Running is the configuration that is running.
func (s *Store) Running() *Config { return s.running }

// Replace makes another configuration the running one.
func (s *Store) Replace(c *Config) { s.running = c }

// Commit is one step of the running configuration: an interactive line, or a
// whole file.
type Commit struct {
	Before, After *Config
	Changes       []Change // none: nothing changed
}

// Change is what one line changed.
type Change struct {
	Line   string // as typed, without blanks around it
	Public string // without its secret
	No     bool   // its `no` form
	Object Object
}
