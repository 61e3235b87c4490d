package system

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// The older spellings of `ip domain lookup` and `ip domain name`: 15.1 takes
// both and prints the newer one.

const (
	domainLookup = "ip domain lookup"
	domainName   = "ip domain name"
)

var domainLookupRow = editor.Row[iosconfig.Config]{
	NoEffect: true, Syntax: "ip domain-lookup", Help: "|Enable IP Domain Name System hostname translation",
	Set:     forget(domainLookup),
	Clear:   func(e *global, _ syntax.Args) error { e.Keep(domainLookup, "no "+domainLookup); return nil },
	Default: forget(domainLookup),
}

var domainNameRow = editor.Row[iosconfig.Config]{
	NoEffect: true, Syntax: "ip domain-name / <name:word>", Help: "|Define the default domain name|Default domain name",
	Set: func(e *global, a syntax.Args) error {
		e.Keep(domainName, domainName+" "+a.Word("name"))
		return nil
	},
	Clear: forget(domainName),
}

// forget takes away what is kept of a command.
func forget(head string) func(*global, syntax.Args) error {
	return func(e *global, _ syntax.Args) error { e.Keep(head, ""); return nil }
}
