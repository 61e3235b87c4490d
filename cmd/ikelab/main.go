// Command ikelab runs labs of virtual IOS-style IKEv2 routers: at a terminal,
// as a script, as a benchmark. It is the only part of the project that knows
// the wall clock, the file system and the terminal.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	// A lab makes much short-lived garbage beside a small live heap; collecting
	// less often costs little memory and saves a fifth of the time.
	debug.SetGCPercent(400)
	surviveSIGPIPE()
	root, shown := newRoot(), &outlet{to: os.Stdout}
	root.SetOut(shown)
	err := shown.judge(root.Execute())
	var silent exitCode
	switch {
	case err == nil:
	case errors.As(err, &silent):
		os.Exit(int(silent))
	case errors.Is(err, syscall.EPIPE) && errors.Is(shown.err, syscall.EPIPE): // whoever read has gone, as head does
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, message(err))
		os.Exit(exitOf(err))
	}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "ikelab",
		Short:         "A network of virtual IOS-style IKEv2 routers",
		Long:          "ikelab runs labs of virtual IOS-style routers with real IKEv2 and ESP between them.",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
	}
	root.AddCommand(runCommand(), attachCommand(), serveCommand(), execCommand(), labsCommand(), explainCommand(), checkCommand(), whyCommand(), testCommand(), swarmCommand(), schemaCommand(), benchCommand(), decodeCommand(), manCommand())
	completeFlags(root)
	tellUsage(root)
	return root
}
