package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ikelab/cmd/ikelab/internal/attach"
	"ikelab/topologies"
	"ikelab/topologies/exercise"
)

// What a shell completes behind our commands ("ikelab completion bash" and its kin).

// completesLab is an embedded lab or a topology's file, as the first argument.
func completesLab(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return labsAndFiles(typed), cobra.ShellCompDirectiveDefault
}

// labsAndFiles are the embedded labs with what they show, and topologies' files.
func labsAndFiles(typed string) (list []string) {
	for _, name := range topologies.LabNames() {
		if t, err := topologies.Embedded(name); err == nil && strings.HasPrefix(name, typed) {
			list = append(list, cobra.CompletionWithDesc(name, t.Description))
		}
	}
	for _, name := range exercise.Names() {
		if strings.HasPrefix(name, typed) {
			list = append(list, name)
		}
	}
	files, _ := filepath.Glob(strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(typed) + "*.clab.yml")
	return append(list, files...)
}

// completesExec is a lab, and then lines that are typed at its routers.
func completesExec(_ *cobra.Command, args []string, typed string) (list []string, _ cobra.ShellCompDirective) {
	name := topologies.DefaultLab
	if len(args) > 0 {
		name, _ = splitLab(args)
	} else {
		list = labsAndFiles(typed)
	}
	if t, _, err := readLab(name, 1); err == nil {
		for _, n := range t.Nodes {
			if n.Kind == topologies.KindIOS && strings.HasPrefix(n.Name+":", typed) {
				list = append(list, n.Name+":")
			}
		}
	}
	return list, cobra.ShellCompDirectiveNoSpace
}

// completesConsole is a lab that runs and one of its routers, or this alone.
func completesConsole(_ *cobra.Command, args []string, _ string) (list []string, _ cobra.ShellCompDirective) {
	places, _ := attach.Labs()
	for _, p := range places {
		if len(args) == 0 && len(places) > 1 {
			list = append(list, p.Name())
		}
		if len(places) == 1 && len(args) == 0 || len(args) == 1 && (args[0] == p.Lab || args[0] == p.Name()) {
			routers, _ := p.Routers()
			list = append(list, routers...)
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// completesExport is an embedded lab, and then a folder.
func completesExport(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return append(topologies.LabNames(), exercise.Names()...), cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeFlags has shells complete the values of flags: what they may be, files
// and folders.
func completeFlags(root *cobra.Command) {
	values := map[string][]string{"format": {"text", "json"}}
	folders := []string{"capture", "save", "consoles", "failures", "keys"}
	for _, c := range root.Commands() {
		for name, words := range values {
			if c.Flags().Lookup(name) != nil {
				_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
			}
		}
		for _, name := range folders {
			if c.Flags().Lookup(name) != nil {
				_ = c.MarkFlagDirname(name)
			}
		}
	}
}
