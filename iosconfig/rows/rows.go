package rows

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows/crypto"
	"ikelab/iosconfig/rows/ip"
	"ikelab/iosconfig/rows/system"
)

// global is global configuration. Its rows stand in the order in which
// running-config prints them.
var global = editor.NewMode(editor.Mode[iosconfig.Config]{
	Name: "config", Title: "Configure commands:", Kind: iosconfig.KindGlobal,
	Get:  func(c *iosconfig.Config, _ []string) *iosconfig.Config { return c },
	Put:  func(c *iosconfig.Config, _ []string, next *iosconfig.Config) { *c = *next },
	Kept: func(c *iosconfig.Config) *[]string { return &c.Kept },
}, system.Rows, ip.HeadRows, crypto.Rows, ip.Rows, system.LateRows, ip.SixAccessRows, system.LineRows, system.LastRows)

// NewEditor begins in global configuration mode.
func NewEditor(store *iosconfig.Store) *editor.Editor { return editor.New(store, global) }

// NewLoader reads configuration files of a generation.
func NewLoader(g iosconfig.Generation) *editor.Loader {
	return editor.NewLoader(iosconfig.New(g), global)
}

// Load reads one configuration file as one commit.
func Load(text string, g iosconfig.Generation) editor.Loaded { return NewLoader(g).Load(text) }

// Running returns the lines of `show running-config` behind its header.
func Running(c *iosconfig.Config) []string { return editor.Running(c, global, false) }

// RunningAll returns those of `show running-config all`.
func RunningAll(c *iosconfig.Config) []string { return editor.Running(c, global, true) }

// Families lists the words with which commands begin that are kept as they are
// typed, with what stands below them.
func Families() []string {
	list := slices.Concat(global.Families(), ip.Families(), system.Families())
	slices.Sort(list)
	return slices.Compact(list)
}

// NoEffect lists the syntax of the commands that are accepted and printed
// back but that nothing acts on yet, by mode.
func NoEffect() []string {
	var list []string
	for _, mode := range slices.Concat([][]string{global.NoEffect()}, ip.NoEffect(), system.NoEffect(), crypto.NoEffect()) {
		for _, line := range mode {
			if !slices.Contains(list, line) {
				list = append(list, line)
			}
		}
	}
	return list
}
