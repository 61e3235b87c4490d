// Command ikelab runs labs of virtual IOS-style IKEv2 routers: at a terminal,
// as a script, as a benchmark. It is the only part of the project that knows
// the wall clock, the file system and the terminal.
package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"ikelab/topologies"
)

func main() {
	// A lab makes much short-lived garbage beside a small live heap; collecting
	// less often costs little memory and saves a fifth of the time.
	debug.SetGCPercent(400)
	surviveSIGPIPE()
	root := newRoot()
	err := root.Execute()
	var silent exitCode
	switch {
	case err == nil:
	case errors.As(err, &silent):
		os.Exit(int(silent))
	case errors.Is(err, syscall.EPIPE): // whoever read has gone, as head does
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, message(err))
		os.Exit(exitOf(err))
	}
}

// message leaves places in files at the beginning of their lines, where
// editors look for them.
func message(err error) string {
	if errors.As(err, &topologies.Problems{}) {
		return err.Error()
	}
	return "ikelab: " + plain(err)
}

// packages begin the messages of errors; people who use the program need not
// know them.
var packages = regexp.MustCompile(`(?m)(^|: )(?:topologies|lab|script|bench|netsim|hostlink|pcapng|router|iosconfig|ikev2|ipsec): `)

// plain is an error's message without names of our packages.
func plain(err error) string { return packages.ReplaceAllString(err.Error(), "$1") }

// exitCode ends the program without a further word.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// failure is an error of what was asked for, as opposed to how: exit status 1.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

// exitOf is 1 for what went wrong and 2 for wrong usage, which is what cobra's
// own errors are about.
func exitOf(err error) int {
	var signal signalled
	if errors.As(err, &signal) {
		return signal.exit()
	}
	if errors.As(err, &failure{}) {
		return 1
	}
	return 2
}

func failed(err error) error {
	if err == nil {
		return nil
	}
	return failure{err}
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
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(runCommand(), execCommand(), labsCommand(), checkCommand(), benchCommand())
	return root
}

// version is what the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version + " " + info.GoVersion
}
