package shell

import "ikelab/iosconfig/syntax"

var commands = &Commands{
	user:       execTable(terminalRows, showRows, moreRows, cryptoRows, natShowRows, dhcpShowRows, userRows),
	privileged: execTable(terminalRows, showRows, moreRows, cryptoRows, natShowRows, dhcpShowRows, natClearRows, dhcpRows, configurationRows, configRows, supportRows, userRows, flashRows, copyRows, clearRows, debugRows, privilegedRows, reloadRows, absentRows, unsimulatedRows),
}

// EXEC is the commands of both levels. Sessions carry them by way of their shell:
// rows refer to sessions, and sessions must not refer back.
func EXEC() *Commands { return commands }

// execTable is a level; what `show` shows can be filtered.
func execTable(rows ...[]syntax.Command[exec]) *syntax.Table[exec] {
	t := syntax.NewTable("Exec commands:", rows...)
	t.Filtered = "show"
	return t
}
