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
	from := embedded(name)
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
	b.WriteString("In the console `lab task` tells the task again, `lab hint` helps, and so does `why`, for a point each time, `lab check` says what holds by now, `lab solution` gives up.\n\n")
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
	end := func(e topologies.Endpoint) string {
		if a := addressAt(l.Topology.Node(e.Node).Config, e.Interface); a != "" {
			return e.Interface + " " + a
		}
		return e.Interface
	}
	far := l.distances()
	for _, link := range l.Topology.Links {
		x, y := link.Ends[0], link.Ends[1]
		if far[y.Node] < far[x.Node] { // what is drawn first stands further left
			x, y = y, x
		}
		fmt.Fprintf(&b, "  %s ---|\"%s<br>%s\"| %s\n", id[x.Node], end(x), end(y), id[y.Node])
	}
	b.WriteString("```\n")
	return b.String()
}

// distances are how many links lead to each node from the first host.
func (l *Lab) distances() map[string]int {
	next := l.Topology.Nodes[:1]
	if i := slices.IndexFunc(l.Topology.Nodes, func(n *topologies.Node) bool { return n.Kind == topologies.KindHost }); i >= 0 {
		next = l.Topology.Nodes[i : i+1]
	}
	far := map[string]int{next[0].Name: 0}
	for queue := []string{next[0].Name}; len(queue) > 0; queue = queue[1:] {
		for _, link := range l.Topology.Links {
			for i, e := range link.Ends {
				other := link.Ends[1-i].Node
				if _, seen := far[other]; e.Node == queue[0] && !seen {
					far[other] = far[e.Node] + 1
					queue = append(queue, other)
				}
			}
		}
	}
	return far
}

// addressAt is the address of an interface in a configuration, "" if it has none.
func addressAt(config, name string) string {
	at := ""
	for line := range strings.Lines(config) {
		if interfaceName, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "interface "); ok {
			at = interfaceName
		}
		if words := strings.Fields(line); at == name && len(words) > 3 && words[0] == "ip" && words[1] == "address" {
			return words[2]
		}
	}
	return ""
}
