// Package shell is the command line of a router: its terminals, the rows of
// EXEC, dialogues, the pager and the filters, how ping and traceroute read, and
// where log messages go. It sees the router through Device, and what happens
// through the records that it listens to.
//
//	sh := shell.New(device, emitter, shell.EXEC())
//	s := sh.Open(shell.Options{Out: write, Console: true})
//	s.Enter(now, "show crypto session")   // a line, an answer, or a key at --More--
//	s.Prompt(); s.Pending(); s.Busy()
//	s.Help("show cry"); s.Complete("sh cry")
//
// A session is one terminal; any number may be open, and what carries it is its
// own affair. Nothing here keeps time: a command that waits is told when it is
// over by the device. A person's keys never bring it down: what cannot be
// understood is refused in IOS's words.
package shell
