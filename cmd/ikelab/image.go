package main

import (
	"strings"

	"github.com/spf13/cobra"

	"ikelab/topologies"
)

// imageFlag is the name of an image, or none.
type imageFlag string

func (f *imageFlag) register(c *cobra.Command, more string) {
	c.Flags().Var(f, "image", "generation of IOS, "+strings.Join(topologies.Images, " or ")+"; "+more)
	_ = c.RegisterFlagCompletionFunc("image", cobra.FixedCompletions(topologies.Images, cobra.ShellCompDirectiveNoFileComp)) // fails only without such a flag
}

// String, Set and Type make it the value of a flag.
func (f *imageFlag) String() string { return string(*f) }
func (f *imageFlag) Type() string   { return "image" }
func (f *imageFlag) Set(name string) error {
	*f = imageFlag(name)
	return topologies.CheckImage(name)
}
