package crypto

import (
	"fmt"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// limitRow is the limit of SAs being negotiated: of both sides without a word,
// else of one.
var limitRow = editor.Row[iosconfig.Config]{
	Syntax: "crypto ikev2 limit max-in-negotation-sa / <limit:1-9999> [incoming|outgoing]",
	Help: "||Limit the number of maximum and negotiating sa|Limit the number of in negotiation SAs|Limit|" +
		"Limit the number of incoming in negotiation SAs|Limit the number of outgoing in negotiation SAs",
	Set: func(e *global, a syntax.Args) error {
		setLimit(&e.It.IKEv2.MaxNegotiating, a, a.Int("limit"))
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		setLimit(&e.It.IKEv2.MaxNegotiating, a, 0)
		return nil
	},
	Show: func(e *global) []string {
		const command = "crypto ikev2 limit max-in-negotation-sa"
		n := e.It.IKEv2.MaxNegotiating
		if n.In == n.Out {
			return editor.Number(command, n.In)
		}
		var lines []string
		if n.In != 0 {
			lines = append(lines, fmt.Sprintf("%s %d incoming", command, n.In))
		}
		if n.Out != 0 {
			lines = append(lines, fmt.Sprintf("%s %d outgoing", command, n.Out))
		}
		return lines
	},
}

func setLimit(n *iosconfig.Negotiating, a syntax.Args, limit int) {
	if !a.Has("outgoing") {
		n.In = limit
	}
	if !a.Has("incoming") {
		n.Out = limit
	}
}
