package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ikelab/topologies"
)

func labsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "labs",
		Short: "List the embedded labs",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range topologies.LabNames() {
				t, err := topologies.Embedded(name)
				if err != nil {
					return failed(err)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%-22s %s\n", name, t.Description)
			}
			return nil
		},
	}
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE...",
		Short: "Check router configurations",
		Long:  "check reads router configurations and prints every error with its place. The exit status is 1 if there is any.",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			errors := 0
			for _, name := range args {
				text, err := readFile(name)
				if err != nil {
					return failed(err)
				}
				for _, p := range topologies.CheckConfig(name, string(text)) {
					errors++
					fmt.Fprintln(cmd.OutOrStdout(), p.Error())
				}
			}
			if errors > 0 {
				return exitCode(1)
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s, no errors\n", count(len(args), "file"))
			return failed(err)
		},
	}
}
