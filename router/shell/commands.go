package shell

import (
	"slices"

	"ikelab/iosconfig/syntax"
)

var commands = &Commands{
	levels: levelsWith(),
	why:    levelsWith(whyRows),
	task:   levelsWith(whyRows, taskRows),
}

// levelsWith are the two levels, with rows that only some shells have.
func levelsWith(more ...[]syntax.Command[exec]) levels {
	user := [][]syntax.Command[exec]{terminalRows, showRows, moreRows, cryptoRows, natShowRows, dhcpShowRows, trackRows, standbyRows, pkiShowRows, sixRows, userRows}
	privileged := [][]syntax.Command[exec]{terminalRows, showRows, moreRows, cryptoRows, natShowRows, dhcpShowRows, trackRows, standbyRows, pkiShowRows, sixRows, natClearRows, dhcpRows, pkiRows, configurationRows, configRows, supportRows, userRows, flashRows, copyRows, clearRows, debugRows, privilegedRows, reloadRows, vrfRows, absentRows, unsimulatedRows}
	return levels{execTable(slices.Concat(user, more)...), execTable(slices.Concat(privileged, more)...)}
}

// EXEC is the commands of both levels. Sessions carry them by way of their shell:
// rows refer to sessions, and sessions must not refer back.
func EXEC() *Commands { return commands }

// execTable is a level; what is shown, of files too, can be filtered.
func execTable(rows ...[]syntax.Command[exec]) *syntax.Table[exec] {
	t := syntax.NewTable("Exec commands:", rows...)
	t.Filtered = []string{"show", "dir", "more"}
	return t
}
