package router

import (
	"cmp"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
	"ikelab/router/operator"
	"ikelab/router/record"
)

// Startup is a startup configuration that has been read.
type Startup struct {
	text string
	editor.Loaded
}

// StartupReader reads startup configurations, one after the other: what two of
// them begin with alike is read once and shared. It depends on nothing else, so
// that a worker may have it. The zero value is ready.
type StartupReader struct {
	generation iosconfig.Generation
	loader     *editor.Loader
}

// Read reads a configuration as a router with the image does.
func (r *StartupReader) Read(text, image string) Startup {
	if g := generationOf(image); r.loader == nil || g != r.generation {
		r.generation, r.loader = g, rows.NewLoader(g)
	}
	return Startup{text, r.loader.Load(text)}
}

// recordRefused tells which lines of a file were not understood, and then what
// came of it. Of a file that was understood there is nothing to tell.
func recordRefused(e *record.Emitter, l *editor.Loaded) {
	if len(l.Refused) == 0 {
		return
	}
	read := operator.ConfigurationRead{Refused: len(l.Refused)}
	for _, r := range l.Refused {
		line := operator.LineRefused{Number: r.Line, Line: r.Public, Column: r.Column, Message: r.Msg, Passed: r.Passed, Below: r.Below}
		if r.Public != r.Text {
			line.Whole = r.Text
		}
		e.Emit(line)
		read.Passed += r.Passed
	}
	for _, k := range l.Kept {
		read.Kept += k.Lines
		read.Families = append(read.Families, k.Head)
	}
	for _, w := range l.Warnings {
		read.Doubts = append(read.Doubts, w.Msg)
	}
	e.Emit(read)
}

// generationOf is the generation that an image is of.
func generationOf(image string) iosconfig.Generation {
	return iosconfig.Generation(cmp.Or(image, string(iosconfig.IOS151)))
}
