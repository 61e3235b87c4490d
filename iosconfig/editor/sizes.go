package editor

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// choiceRow is a command with one of several words, of which the standard one is not
// kept.
func choiceRow[O any](command, words, help, standard string, field func(*O) *string) Row[O] {
	row := Row[O]{
		Syntax: command + " / choice={" + words + "}",
		Help:   help,
		Set:    func(e *At[O], a syntax.Args) error { *field(e.It) = Unless(a.Word("choice"), standard); return nil },
		Clear:  func(e *At[O], _ syntax.Args) error { *field(e.It) = ""; return nil },
		Show:   func(e *At[O]) []string { return Word(command, *field(e.It)) },
	}
	if standard != "" {
		row = Usually(row, command+" "+standard)
	}
	return row
}

// DFBitRow is `… df-bit {clear|copy|set}`.
func DFBitRow[O any](command, help, standard string, field func(*O) *string) Row[O] {
	return choiceRow(command, "clear|copy|set", help+"|Clear DF bit for tunneled packets|Copy DF bit from inner header|Set DF bit for tunneled packets", standard, field)
}

// SizesRows are `crypto ipsec df-bit` and `crypto ipsec fragmentation`, global and of
// an interface, where help begins with that of crypto itself.
func SizesRows[O any](help, df, fragmentation string, of func(*O) *iosconfig.Sizes) []Row[O] {
	return []Row[O]{
		DFBitRow("crypto ipsec df-bit", help+"Handling of encapsulated DF bit.", df, func(o *O) *string { return &of(o).DFBit }),
		choiceRow("crypto ipsec fragmentation", "before-encryption|after-encryption",
			"||Handling of fragmentation of near-MTU sized packets|Fragment before encryption|Fragment after encryption", fragmentation,
			func(o *O) *string { return &of(o).Fragmentation }),
	}
}
