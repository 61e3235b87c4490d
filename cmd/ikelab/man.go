package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into a folder",
		Long: `man writes ikelab.1 and a page for each command, ikelab-run.1 and so on, into a
folder: one named man1 below a folder of the manual path has man(1) find them.`,
		Example: "  ikelab man ~/.local/share/man/man1\n  man ikelab-run",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return failed(err)
			}
			root := newRoot()
			root.DisableAutoGenTag = true
			now := time.Now()
			return failed(doc.GenManTree(root, &doc.GenManHeader{Title: "IKELAB", Section: "1", Source: "ikelab " + version(), Manual: "ikelab", Date: &now}, args[0]))
		},
	}
}
