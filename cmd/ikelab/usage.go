package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// tellUsage has a command, and those below it, say how they are called where they were
// called otherwise.
func tellUsage(c *cobra.Command) {
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagFault(err) })
	if fits := c.Args; fits != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := fits(c, args); err != nil {
				return fmt.Errorf("%w\nusage: %s", err, c.UseLine())
			}
			return nil
		}
	}
	for _, below := range c.Commands() {
		tellUsage(below)
	}
}

// flagFault is what is wrong with a flag, without the names of Go's functions.
func flagFault(err error) error {
	var number *strconv.NumError
	if !errors.As(err, &number) {
		return err
	}
	why := "not a number"
	if errors.Is(number, strconv.ErrRange) {
		why = "out of range"
	}
	return errors.New(strings.Replace(err.Error(), number.Error(), why, 1))
}
