package main

import (
	"errors"
	"fmt"
	"regexp"

	"ikelab/topologies/form"
)

// message leaves places in files at the beginning of their lines, where
// editors look for them.
func message(err error) string {
	if errors.As(err, &form.Problems{}) {
		return err.Error()
	}
	return "ikelab: " + plain(err)
}

// packages begin the messages of errors; people who use the program need not
// know them.
var packages = regexp.MustCompile(`(?m)(^|: )(?:topologies|lab|script|scenario|condition|swarm|bench|decode|netsim|hostlink|pcapng|router|iosconfig|ikev2|ipsec): `)

// plain is an error's message without names of our packages.
func plain(err error) string { return withoutPackages(err.Error()) }

func withoutPackages(text string) string { return packages.ReplaceAllString(text, "$1") }

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

// count is a number of things, for people.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
