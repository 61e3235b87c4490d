package exercise

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/topologies"
	"ikelab/topologies/form"
	"ikelab/topologies/scenario"
)

//go:embed labs bases
var files embed.FS

// suffix is what the files of labs end with.
const suffix = ".yml"

// Names are the labs there are: those in which something is wrong and then those in which
// something is to be built, easy and short ones first.
func Names() []string {
	entries, _ := fs.ReadDir(files, "labs")
	var list []string
	labs := map[string]*Lab{}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), suffix)
		l := &Lab{Name: name, seed: 1, source: embedded(name)}
		if l.read(l.place()) == nil {
			list, labs[name] = append(list, name), l
		}
	}
	slices.SortStableFunc(list, func(a, b string) int {
		x, y := labs[a], labs[b]
		switch {
		case x.Builds() && !y.Builds():
			return 1
		case y.Builds() && !x.Builds():
			return -1
		}
		return cmp.Or(x.Level-y.Level, x.Minutes-y.Minutes)
	})
	return list
}

// Builds says whether something is to be built, and nothing is wrong.
func (l *Lab) Builds() bool { return strings.HasPrefix(l.Name, "build-") }

// Known says whether there is a lab of a name.
func Known(name string) bool {
	_, err := fs.Stat(files, path.Join("labs", name+suffix))
	return err == nil && name != "" && !strings.ContainsAny(name, "/\\.")
}

// Lab is a lab as a seed gives it.
type Lab struct {
	Name, Title string
	Level       int // 1 to 3
	Minutes     int // that it takes
	Task        string
	Hints       []string
	Explanation string
	Cause       string           // the key of what `why` says; "": nothing
	Solution    []Change         // of the network as it is found
	Symptom     []*scenario.Step // after which the fault shows
	Topology    *topologies.Topology

	seed    uint64
	source  source
	faults  []Change
	changed []string // routers that are the learner's
	checks  []*check
	shows   [][]*scenario.Step // what each hint tells to look at
	wrong   []mend             // which must not pass
	right   []mend             // which must
	known   known
}

// known is what has been worked out of a lab.
type known struct {
	before []Item            // what held in the network as it was found; nil: nobody has looked
	solved map[string]string // the configurations after the solution; nil: nobody has asked
	tried  map[string]Item   // what a check found, by it and the configurations
}

// Change is lines typed in configuration mode of a router.
type Change struct {
	Node  string
	Lines string
}

// check is something that must hold, and what it is worth.
type check struct {
	what   string
	points int
	alone  []string // routers whose configurations are judged one by one: the others have the solution's then; none: all are at once
	steps  []*scenario.Step
}

// mend is what somebody might do instead of the solution, or besides it.
type mend struct {
	name    string
	besides bool // the solution
	fails   []string
	changes []Change
}

// source is where a lab's files are.
type source struct {
	read func(name string) ([]byte, error)
	file string
}

// Open reads an embedded lab.
func Open(name string, seed uint64) (*Lab, error) {
	if !Known(name) {
		return nil, fmt.Errorf("there is no lab %q", name)
	}
	return open(name, seed, embedded(name))
}

// embedded is where the file of a lab of ours is.
func embedded(name string) source { return source{files.ReadFile, path.Join("labs", name+suffix)} }

// Read reads a lab from a folder of somebody's own. What it names as base is an embedded
// network, or lies beside it.
func Read(name string, seed uint64, read func(name string) ([]byte, error)) (*Lab, error) {
	return open(name, seed, source{file: "task.yml", read: func(file string) ([]byte, error) {
		if strings.HasPrefix(file, "bases/") {
			return files.ReadFile(file)
		}
		return read(file)
	}})
}

func open(name string, seed uint64, from source) (*Lab, error) {
	l := &Lab{Name: name, seed: seed, source: from, known: known{tried: map[string]Item{}}}
	d, base := l.place()
	err := l.read(d, base)
	if err != nil {
		return nil, err
	}
	if l.Topology, err = l.network(from, base, d); err != nil {
		return nil, err
	}
	return l, l.changeAll(l.faults)
}

// again is the lab with steps that have not run: a step is run once. The network is the same.
func (l *Lab) again() (*Lab, error) {
	fresh := &Lab{Name: l.Name, seed: l.seed, source: l.source, Topology: l.Topology}
	return fresh, fresh.read(fresh.place())
}

// place is what the seed gives the lab, and where its network is.
func (l *Lab) place() (d *Draw, base string) {
	d, base = newDraw(l.seed), path.Dir(l.source.file)
	head := headOf(l.source)
	if head["base"] != "" {
		base = path.Join("bases", head["base"])
	}
	for _, word := range strings.Fields(head["network"]) {
		key, value, _ := strings.Cut(word, "=")
		d.Net[key] = value
	}
	return d, base
}

// read reads the lab's file.
func (l *Lab) read(d *Draw, base string) error {
	text, err := render(l.source, l.source.file, base, d)
	if err != nil {
		return err
	}
	r := form.NewReader(l.source.file, text)
	if root := r.Root(); root != nil {
		r.Read(root, form.Object("the file", l.keys()))
	}
	return r.Err()
}

// headOf are the keys of a lab's file that say what the rest of it is written over.
func headOf(from source) map[string]string {
	head := map[string]string{}
	text, _ := from.read(from.file)
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ": "); ok && (key == "base" || key == "network") {
			head[key] = strings.TrimSpace(value)
		}
	}
	return head
}

// partsFile has what templates share: those of a base, and in the folder above those of all.
const partsFile = "parts.tmpl"

// render carries a template out.
func render(from source, file, base string, data any) ([]byte, error) {
	text, err := from.read(file)
	if err != nil {
		return nil, err
	}
	t := template.New(path.Base(file)).Funcs(template.FuncMap{"mask": mask, "wild": wild, "at": at, "toward": toward}).Option("missingkey=error")
	for _, folder := range []string{path.Dir(base), base} {
		parts, err := from.read(path.Join(folder, partsFile))
		if err != nil {
			continue
		}
		if _, err := t.New(path.Join(folder, partsFile)).Parse(string(parts)); err != nil {
			return nil, err
		}
	}
	if t, err = t.Parse(string(text)); err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// here is what the template of a router's configuration is about.
type here struct {
	*Draw
	Self, Peer *Site
}

func at(d *Draw, s *Site) here { return here{d, s, d.other(s)} }

// toward is the same with a peer of one's choice.
func toward(d *Draw, s, peer *Site) here { return here{d, s, peer} }

// network reads the base.
func (l *Lab) network(from source, base string, d *Draw) (*topologies.Topology, error) {
	const name = "lab.clab.yml"
	text, err := render(from, path.Join(base, name), base, d)
	if err != nil {
		return nil, err
	}
	t, err := topologies.Parse(name, text, func(file string) ([]byte, error) {
		return render(from, path.Join(base, file), base, d)
	})
	if err != nil {
		return nil, err
	}
	t.Name, t.Description = l.Name, l.Title
	for _, n := range t.Nodes {
		if n.Kind == topologies.KindIOS && n.Name != provider {
			l.changed = append(l.changed, n.Name)
		}
	}
	return t, nil
}

// provider is the router that nobody but its owner changes.
const provider = "ISP"

// Wrong is how many wrong mends there are.
func (l *Lab) Wrong() int { return len(l.wrong) }

// Routers are those that a learner may change.
func (l *Lab) Routers() []string { return l.changed }

// changeAll makes changes in the configurations that the routers boot with.
func (l *Lab) changeAll(changes []Change) error {
	for _, c := range changes {
		n := l.Topology.Node(c.Node)
		if n == nil {
			return fmt.Errorf("%s: there is no router %q", l.Name, c.Node)
		}
		var err error
		if n.Config, err = changed(n.Config, n.Image, c.Lines); err != nil {
			return fmt.Errorf("%s: %s: %w", l.Name, c.Node, err)
		}
	}
	return nil
}

// changed is a configuration after lines were typed, as running-config has it.
func changed(config, image, lines string) (string, error) {
	r := rows.Load(strings.TrimSuffix(strings.TrimRight(config, "\n"), "\nend")+"\n"+lines+"\n", iosconfig.Generation(image))
	if len(r.Refused) > 0 {
		return "", fmt.Errorf("%q: %s", r.Refused[0].Text, r.Refused[0].Msg)
	}
	return strings.Join(rows.Running(r.Commit.After), "\n") + "\n", nil
}
