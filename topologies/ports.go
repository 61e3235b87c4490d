package topologies

import "strings"

// Ports lists the physical ports of each router by the router's name: those
// that links use and those that its configuration names, in the order in which
// they occur.
func (t *Topology) Ports() map[string][]string {
	lists := make(map[string]*portList, len(t.Nodes))
	for _, n := range t.Nodes {
		lists[n.Name] = &portList{seen: map[string]bool{}}
	}
	for _, link := range t.Links {
		for _, end := range link.Ends {
			if l := lists[end.Node]; l != nil {
				l.add(end.Interface)
			}
		}
	}
	ports := make(map[string][]string, len(t.Nodes))
	for _, n := range t.Nodes {
		l := lists[n.Name]
		l.configured(n.Config)
		ports[n.Name] = l.names
	}
	return ports
}

// portList is a set in the order of its making.
type portList struct {
	names []string
	seen  map[string]bool
}

func (l *portList) add(name string) {
	if !l.seen[name] {
		l.seen[name] = true
		l.names = append(l.names, name)
	}
}

// configured adds the ports that a configuration names.
func (l *portList) configured(text string) {
	for line := range strings.Lines(text) {
		name, found := strings.CutPrefix(strings.TrimSpace(line), "interface ")
		if !found {
			continue
		}
		if full, err := PortName(strings.ReplaceAll(name, " ", "")); err == nil {
			l.add(full)
		}
	}
}
