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
