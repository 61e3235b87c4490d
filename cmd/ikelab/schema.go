package main

import (
	"github.com/spf13/cobra"

	"ikelab/topologies"
	"ikelab/topologies/scenario"
)

func schemaCommand() *cobra.Command {
	page := false
	c := &cobra.Command{
		Use:       "schema topology|scenario",
		Short:     "Print the JSON Schema of a kind of file, from which editors complete",
		Example:   "  ikelab schema topology\n  ikelab schema scenario --page",
		ValidArgs: []string{"topology", "scenario"},
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			schema := topologies.Schema
			if args[0] == "scenario" {
				schema = scenario.Schema
			}
			if page {
				schema = pageOf(args[0])
			}
			text, err := schema()
			if err == nil {
				_, err = cmd.OutOrStdout().Write(text)
			}
			return failed(err)
		},
	}
	c.Flags().BoolVar(&page, "page", false, "print the same for people, in Markdown")
	return c
}

func pageOf(kind string) func() ([]byte, error) {
	page := topologies.Page
	if kind == "scenario" {
		page = scenario.Page
	}
	return func() ([]byte, error) { return []byte(page()), nil }
}
