package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/topologies"
)

func labsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "labs",
		Short: "List the embedded labs, or export one",

		Example: "  ikelab labs\n  ikelab labs export hub-and-spoke DIR",
		Args:    cobra.NoArgs,
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
	c.AddCommand(&cobra.Command{
		Use:   "export LAB DIR",
		Short: "Write an embedded lab's files, to run and to change",
		Long: `export writes the topology of an embedded lab, its startup configurations and its
scenarios into a folder. Files that are there already are left as they are, and the
export refused.`,
		Example: "  ikelab labs export hub-and-spoke mine && ikelab run mine/lab.clab.yml",
		Args:    cobra.ExactArgs(2),

		ValidArgsFunction: completesExport,
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := topologies.Embedded(args[0]); err != nil {
				return err
			}
			return failed(exportLab(cmd.OutOrStdout(), args[0], args[1]))
		},
	})
	return c
}

// exportLab writes a lab's files where none of them is yet.
func exportLab(out io.Writer, lab, folder string) error {
	names := topologies.LabFiles(lab)
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(folder, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already", filepath.Join(folder, name))
		}
	}
	for _, name := range names {
		text, err := topologies.LabFile(lab, name)
		if err == nil {
			err = files.Folder(folder).Put(name, text)
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(out, filepath.Join(folder, name))
	}
	return nil
}
