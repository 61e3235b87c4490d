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
		Long: "check reads router configurations and prints every error with its place, and warns of lines that are accepted but do not do what\n" +
			"they seem to: nothing acts on them yet, or they name what does not exist. The exit status is 1 if there is any error.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			errors, warnings := 0, 0
			for _, name := range args {
				text, err := readFile(name)
				if err != nil {
					return failed(err)
				}
				wrong, doubtful := topologies.CheckConfig(name, string(text))
				errors, warnings = errors+len(wrong), warnings+len(doubtful)
				for _, p := range append(wrong, doubtful...) {
					fmt.Fprintln(cmd.OutOrStdout(), p.Error())
				}
			}
			if errors > 0 {
				return exitCode(1)
			}
			summary := count(len(args), "file") + ", no errors"
			if warnings > 0 {
				summary += ", " + count(warnings, "warning")
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), summary)
			return failed(err)
		},
	}
}
