package topologies

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed labs
var labFiles embed.FS

// DefaultLab is the lab that runs when none is named.
const DefaultLab = "psk-site-to-site"

// labFile is the topology file of an embedded lab.
const labFile = "lab.clab.yml"

// Embedded returns the embedded lab of that name.
func Embedded(name string) (*Topology, error) {
	if !slices.Contains(LabNames(), name) {
		return nil, fmt.Errorf("topologies: there is no lab %q", name)
	}
	dir := path.Join("labs", name)
	data, err := labFiles.ReadFile(path.Join(dir, labFile))
	if err != nil {
		return nil, fmt.Errorf("topologies: lab %q: %w", name, err)
	}
	return Parse(path.Join(name, labFile), data, func(file string) ([]byte, error) {
		return labFiles.ReadFile(path.Join(dir, file))
	})
}

// LabFile reads a file of an embedded lab.
func LabFile(lab, name string) ([]byte, error) {
	data, err := labFiles.ReadFile(path.Join("labs", lab, name))
	if err != nil {
		return nil, fmt.Errorf("topologies: lab %q has no file %q", lab, name)
	}
	return data, nil
}

// LabScenarios lists the scenario files of an embedded lab.
func LabScenarios(lab string) []string {
	return slices.DeleteFunc(LabFiles(lab), func(name string) bool { return !strings.HasSuffix(name, ScenarioSuffix) })
}

// LabFiles lists all files of an embedded lab.
func LabFiles(lab string) (names []string) {
	entries, err := fs.ReadDir(labFiles, path.Join("labs", lab))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// ScenarioSuffix is what names of scenario files end with.
const ScenarioSuffix = ".scenario.yml"

// LabNames lists the embedded labs, the default one first.
func LabNames() []string {
	entries, err := fs.ReadDir(labFiles, "labs")
	if err != nil {
		panic("topologies: embedded labs are missing: " + err.Error())
	}
	names := []string{DefaultLab}
	for _, e := range entries {
		if e.Name() != DefaultLab {
			names = append(names, e.Name())
		}
	}
	return names
}
