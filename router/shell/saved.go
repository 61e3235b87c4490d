package shell

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
)

// saved is what the text that the router would start with says, read when somebody wants
// it: it may have ten thousand lines, and people look at a screen again and again.
type saved struct {
	text string
	cfg  *iosconfig.Config // nil: nobody has wanted it
}

func (s *saved) read(text string, g iosconfig.Generation) *iosconfig.Config {
	if s.cfg == nil || s.text != text {
		*s = saved{text, rows.Load(text, g).Commit.After}
	}
	return s.cfg
}
