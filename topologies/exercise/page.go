package exercise

import (
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"

	"ikelab/topologies"
)

// Files are those of an embedded lab as a folder of its own has them: its file, and the
// templates of its network.
func Files(name string) (map[string][]byte, error) {
	from := source{files.ReadFile, path.Join("labs", name+suffix)}
	text, err := from.read(from.file)
	if err != nil {
		return nil, err
	}
	base := path.Join("bases", headOf(from)["base"])
	list := map[string][]byte{}
	entries, err := fs.ReadDir(files, base)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if list[e.Name()], err = files.ReadFile(path.Join(base, e.Name())); err != nil {
			return nil, err
		}
	}
	common, err := files.ReadFile(path.Join("bases", partsFile))
	if err != nil {
		return nil, err
	}
	list[partsFile] = append(common, list[partsFile]...)
	lines := slices.DeleteFunc(strings.SplitAfter(string(text), "\n"), func(line string) bool { return strings.HasPrefix(line, "base: ") })
	list["task.yml"] = []byte(strings.Join(lines, ""))
	return list, nil
}

// page is the lab for people, in Markdown: its task and its network, and what is checked.
// It tells neither the fault nor the solution.
func (l *Lab) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n<!-- Made from topologies/exercise by: go test ./topologies/exercise -run TestPages -update -->\n\n", l.Title)
	fmt.Fprintf(&b, "Level %d, about %d minutes: `ikelab run %s`. Names, addresses and the place of the fault follow from `--seed`; here it is 1.\n\n", l.Level, l.Minutes, l.Name)
	b.WriteString("## The task\n\n" + l.Task + "\n## The network\n\n" + l.drawing() + "\n## What is checked\n\n| what | points |\n|---|---|\n")
	for _, c := range l.checks {
		fmt.Fprintf(&b, "| %s | %d |\n", c.what, c.points)
	}
	return b.String()
}

// hostAddress is that of a host's only port.
func hostAddress(n *topologies.Node) (a netip.Prefix) {
	for _, a = range n.Addresses {
	}
	return a
}

// drawing is the topology as Mermaid draws it.
func (l *Lab) drawing() string {
	var b strings.Builder
	b.WriteString("```mermaid\ngraph LR\n")
	id := map[string]string{}
	for i, n := range l.Topology.Nodes {
		id[n.Name] = fmt.Sprintf("n%d", i)
		shape := [2]string{"[", "]"}
		text := n.Name
		if n.Kind == topologies.KindHost {
			shape, text = [2]string{"([", "])"}, fmt.Sprintf("%s<br>%v", n.Name, hostAddress(n))
		}
		fmt.Fprintf(&b, "  n%d%s\"%s\"%s\n", i, shape[0], text, shape[1])
	}
	for _, link := range l.Topology.Links {
		x, y := link.Ends[0], link.Ends[1]
		fmt.Fprintf(&b, "  %s ---|\"%s - %s\"| %s\n", id[x.Node], x.Interface, y.Interface, id[y.Node])
	}
	b.WriteString("```\n")
	return b.String()
}
