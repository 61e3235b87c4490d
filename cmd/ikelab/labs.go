package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/files"
	"ikelab/topologies"
	"ikelab/topologies/exercise"
)

// skeleton is the lab that new ones begin as.
const skeleton = "key"

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
				fmt.Fprintf(cmd.OutOrStdout(), "%-26s %s\n", name, t.Description)
			}
			return failed(listTasks(cmd.OutOrStdout()))
		},
	}
	c.AddCommand(&cobra.Command{
		Use:   "export LAB DIR",
		Short: "Write an embedded lab's files, to run and to change",
		Long: `export writes the topology of an embedded lab, its startup configurations and its
scenarios into a folder, or the templates of a lab with a task, of which DIR/task.yml is what runs. Files that are there already are left as they are, and the
export refused.`,
		Example: "  ikelab labs export hub-and-spoke mine && ikelab run mine/lab.clab.yml",
		Args:    cobra.ExactArgs(2),

		ValidArgsFunction: completesExport,
		RunE: func(cmd *cobra.Command, args []string) error {
			if exercise.Known(args[0]) {
				list, err := exercise.Files(args[0])
				if err != nil {
					return failed(err)
				}
				return failed(putAll(cmd.OutOrStdout(), args[1], list))
			}
			if _, err := topologies.Embedded(args[0]); err != nil {
				return err
			}
			return failed(exportLab(cmd.OutOrStdout(), args[0], args[1]))
		},
	}, &cobra.Command{
		Use:   "new DIR",
		Short: "Write the skeleton of a lab with a task",
		Long: `new writes a small lab with a task into a folder: a network with a fault, its hints, checks,
solution and wrong mends, to be changed into one's own. DIR/task.yml is what ikelab run takes.`,
		Example: "  ikelab labs new mine && ikelab run mine/task.yml --seed 7",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := exercise.Files(skeleton)
			if err != nil {
				return failed(err)
			}
			return failed(putAll(cmd.OutOrStdout(), args[0], list))
		},
	})
	return c
}

// listTasks lists the labs with a task.
func listTasks(out io.Writer) error {
	fmt.Fprintln(out, "\nWith a task (ikelab run NAME --seed N), level and minutes: something is wrong")
	builds := false
	for _, name := range exercise.Names() {
		l, err := exercise.Open(name, 1)
		if err != nil {
			return err
		}
		if l.Builds() && !builds {
			builds = true
			fmt.Fprintln(out, "\nWith a task, level and minutes: something is to be built")
		}
		fmt.Fprintf(out, "%-26s %d %3d  %s\n", name, l.Level, l.Minutes, l.Title)
	}
	return nil
}

// exportLab writes a lab's files.
func exportLab(out io.Writer, lab, folder string) error {
	list := map[string][]byte{}
	for _, name := range topologies.LabFiles(lab) {
		text, err := topologies.LabFile(lab, name)
		if err != nil {
			return err
		}
		list[name] = text
	}
	return putAll(out, folder, list)
}

// putAll writes files where none of them is yet.
func putAll(out io.Writer, folder string, list map[string][]byte) error {
	names := slices.Sorted(maps.Keys(list))
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(folder, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already", filepath.Join(folder, name))
		}
	}
	for _, name := range names {
		if err := files.Folder(folder).Put(name, list[name]); err != nil {
			return err
		}
		fmt.Fprintln(out, filepath.Join(folder, name))
	}
	return nil
}
