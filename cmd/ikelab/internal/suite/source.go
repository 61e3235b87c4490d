package suite

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
	"ikelab/topologies/script"
)

// Source is a scenario file with what it refers to.
type Source struct {
	Path     string // of the file; of an embedded one its name in the lab
	data     []byte
	embedded string // the lab; "": a file
	read     func(name string) ([]byte, error)
	topology func(name string) (*topologies.Topology, error)
	host     Host
}

// Host is how files of the host are read, and how a lab with a link to a real
// network gets there: paced by the wall clock, until close. The end of ctx ends what
// takes time there.
type Host struct {
	Read     func(path string) ([]byte, error)
	Topology func(path string) (*topologies.Topology, error)
	Paced    func(ctx context.Context, l *lab.Lab) (d script.Driver, close func() error, err error)
}

// Find makes sources of arguments: files, folders, whose scenario files are
// searched for, and embedded labs.
func Find(args []string, host Host) (list []*Source, err error) {
	for _, arg := range args {
		found, err := find(arg, host)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

func find(arg string, host Host) (list []*Source, err error) {
	info, missing := os.Stat(arg)
	switch {
	case missing == nil && !info.IsDir():
		return fileSources([]string{arg}, host)
	case missing == nil:
		var paths []string
		err := filepath.WalkDir(arg, func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, topologies.ScenarioSuffix) {
				paths = append(paths, path)
			}
			return err
		})
		if err == nil && len(paths) == 0 {
			err = fmt.Errorf("no *%s in %s", topologies.ScenarioSuffix, arg)
		}
		if err != nil {
			return nil, err
		}
		return fileSources(paths, host)
	case slices.Contains(topologies.LabNames(), arg):
		return labSources(arg)
	}
	return nil, fmt.Errorf("there is no file, folder or lab %q", arg)
}

func fileSources(paths []string, host Host) (list []*Source, err error) {
	for _, path := range paths {
		data, err := host.Read(path)
		if err != nil {
			return nil, err
		}
		beside := func(name string) string {
			if filepath.IsAbs(name) {
				return name
			}
			return filepath.Join(filepath.Dir(path), name)
		}
		list = append(list, &Source{
			Path: path, data: data, host: host,
			read:     func(name string) ([]byte, error) { return host.Read(beside(name)) },
			topology: func(name string) (*topologies.Topology, error) { return host.Topology(beside(name)) },
		})
	}
	return list, nil
}

func labSources(lab string) (list []*Source, err error) {
	for _, name := range topologies.LabScenarios(lab) {
		data, err := topologies.LabFile(lab, name)
		if err != nil {
			return nil, err
		}
		list = append(list, &Source{
			Path: name, data: data, embedded: lab,
			read:     func(name string) ([]byte, error) { return topologies.LabFile(lab, name) },
			topology: func(string) (*topologies.Topology, error) { return topologies.Embedded(lab) },
		})
	}
	if len(list) == 0 {
		err = fmt.Errorf("lab %q has no scenarios", lab)
	}
	return list, err
}

// Case is one run: a row of a file's matrix under a seed.
type Case struct {
	*Source
	Name  string
	Seed  uint64
	row   int
	paced bool // what comes from a real network does not come again
}

// Wanted says which cases of the sources are run.
type Wanted struct {
	Run   *regexp.Regexp // names that match; nil: all
	Seeds int            // how many, from the first; 0: one
	Seed  *uint64        // the first; nil: the file's
}

// Cases reads the sources. What is wrong in a file is of type form.Problems.
func Cases(sources []*Source, w Wanted) (list []*Case, err error) {
	for _, s := range sources {
		rows, err := scenario.Parse(s.Path, s.data, s.read)
		if err != nil {
			return nil, err
		}
		for i, row := range rows {
			if w.Run != nil && !w.Run.MatchString(row.Name) {
				continue
			}
			first, err := s.seed(row, w)
			if err != nil {
				return nil, err
			}
			for n := range max(1, w.Seeds) {
				list = append(list, &Case{Source: s, Name: row.Name, Seed: first + uint64(n), row: i})
			}
		}
	}
	return list, nil
}

func (s *Source) seed(row *scenario.Scenario, w Wanted) (uint64, error) {
	t, err := s.lab(row)
	switch {
	case err != nil:
		return 0, err
	case w.Seed != nil:
		return *w.Seed, nil
	case row.Seed != nil:
		return *row.Seed, nil
	case t.Seed != nil:
		return *t.Seed, nil
	}
	return 1, nil
}

// lab reads the topology of a scenario.
func (s *Source) lab(row *scenario.Scenario) (*topologies.Topology, error) {
	if row.Lab != "" {
		return topologies.Embedded(row.Lab)
	}
	return s.topology(row.Topology)
}

// replay is the command that runs a case again.
func (c *Case) replay() string {
	arg := c.Path
	if c.embedded != "" {
		arg = c.embedded
	}
	return fmt.Sprintf("ikelab test %s --run '^%s$' --seed %d", arg, strings.ReplaceAll(regexp.QuoteMeta(c.Name), "'", "."), c.Seed)
}
