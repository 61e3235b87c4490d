package shell

import (
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// terminalRows are the commands about the terminal that one sits at.
var terminalRows = []syntax.Command[exec]{
	{Syntax: "terminal length <length:0-512>", Help: "Set terminal line parameters|Set number of lines on a screen|Number of lines on screen (0 for no pausing)",
		Set: func(x *exec, a args) error { x.s.length = a.Int("length"); return nil }},
	{Syntax: "terminal width <width:0-512>", Help: "|Set width of the display terminal|Number of characters on a screen line (0 for no limit)",
		Set: func(x *exec, a args) error { x.s.width = a.Int("width"); return nil }},
	{Syntax: "terminal history", Help: "|Enable and control the command history function", Set: does(func(x *exec) { x.s.history.off = false })},
	{Syntax: "terminal history size <size:0-256>", Help: "||Set history buffer size|Size of history buffer",
		Set: func(x *exec, a args) error { x.s.history.resize(a.Int("size")); return nil }},
	{Syntax: "terminal monitor", Help: "|Copy debug output to the current terminal line", Set: does(monitorOn)},
	{Syntax: "terminal no monitor", Help: "|Negate a command or set its defaults|Copy debug output to the current terminal line",
		Set: does(func(x *exec) { x.s.monitor = false })},
	{Syntax: "terminal no length", Help: "||Set number of lines on a screen", Set: does(func(x *exec) { x.s.length = unset })},
	{Syntax: "terminal no width", Help: "||Set width of the display terminal", Set: does(func(x *exec) { x.s.width = unset })},
	{Syntax: "terminal no history", Help: "||Enable and control the command history function", Set: does(func(x *exec) { x.s.history.off = true })},
	{Syntax: "terminal default length", Help: "|Set a command to its defaults|Set number of lines on a screen", Set: does(func(x *exec) { x.s.length = unset })},
	{Syntax: "terminal default width", Help: "||Set width of the display terminal", Set: does(func(x *exec) { x.s.width = unset })},
	{Syntax: "terminal no history size", Help: "|||Set history buffer size", Set: does(func(x *exec) { x.s.history.resize(unset) })},
	{Syntax: "show terminal", Help: "Show running system information|Display terminal configuration parameters", Set: always(terminalScreen)},
	{Syntax: "show history", Help: "|Display the session command history",
		Set: always(func(x *exec, _ args) show.Screen { return show.History{Commands: append([]string{}, x.s.History()...)} })},
	{Syntax: "show aliases [<mode:word>]", Help: "|Display alias commands|Mode of the aliases", Set: always(aliasesScreen)},
	{Syntax: "show privilege", Help: "|Show current privilege level", Set: always(privilegeScreen)},
}

// flashRows are the commands about files.
var flashRows = []syntax.Command[exec]{
	{Syntax: "dir [{/all|/recursive}...] [{all-filesystems|<url:word>}]", Help: "List files on a filesystem|List all files|List files recursively|List files on all filesystems|Directory or file name", Set: shows(listFiles)},
	{Syntax: "pwd", Help: "Display current working directory", Set: saying("flash:")},
	{Syntax: "more <url:word>", Help: "Display the contents of a file|File name", Set: moreFile},
	{Syntax: "delete [{/force|/recursive}...] <url:word>", Help: "Delete a file|Force delete|Recursive delete|File to be deleted", Set: deleteFile},
	{Syntax: "show flash:", Help: "|display information about flash: file system", Set: always(func(x *exec, _ args) show.Screen { return directory(x) })},
	{Syntax: "show bootflash:", Help: "|display information about bootflash: file system", Set: always(func(x *exec, _ args) show.Screen { return directory(x) })},
	{Syntax: "show file systems", Help: "|Show filesystem information|List filesystems", Set: always(func(x *exec, _ args) show.Screen {
		return show.FileSystems{Total: flashSize, Free: flashSize - x.d.Flash().used, NVRAM: nvramSize, Used: len(x.d.Startup())}
	})},
}

// nvramSize is what holds the startup-config, in octets.
const nvramSize = 64 << 10

// resize is `terminal history size`; of more lines the latest stay.
func (h *history) resize(size int) {
	h.size = size
	if size == unset {
		return
	}
	for _, list := range []*[]string{&h.exec, &h.edits} {
		*list = (*list)[max(0, len(*list)-size):]
	}
}

func monitorOn(x *exec) {
	if x.s.options.Console {
		x.line("% Console already monitors")
		return
	}
	x.s.monitor = true
}

func terminalScreen(x *exec, _ args) show.Screen {
	s := x.s
	return show.Terminal{
		Line: s.number(), Length: s.Length(), Width: s.Width(), Monitor: s.monitor, History: s.historySize(), NoHistory: s.history.off, Now: x.now, Opened: s.opened,
		Idle: int(s.options.Line.Idle.Seconds()), Transports: s.options.Line.transports(),
	}
}
