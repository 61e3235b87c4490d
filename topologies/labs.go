package topologies

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
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
