package swarm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ofMap are edits of an end of such a tunnel, through which the same is protected.
func ofMap(d *drawing, t *Tunnel, r *Router) []change {
	sequence := pick(d, d.sequences(t))
	entry, port, access := t.entry(sequence), "interface "+t.port(), accessList(sequence)
	inserted := entryLines(t, r, 10*t.Number-1, sequence)
	perHostUndone := "no " + perHost
	if t.PerHost == r.Number {
		perHostUndone = perHost
	}
	list := []change{
		{[]string{port, "shutdown"}, []string{port, "no shutdown"}},
		{[]string{entry, "set pfs " + pick(d, groups)}, []string{entry, t.pfs()}},
		{[]string{entry, "set security-association lifetime seconds 150"}, []string{entry, r.seconds()}},
		{[]string{fmt.Sprintf("crypto ipsec transform-set T%d %s", t.Number, pick(d, transforms)), t.carrying()}, []string{t.transform(), t.carrying()}},
		{[]string{entry, "no set ikev2-profile P"}, []string{entry, "set ikev2-profile P"}},
		{[]string{entry, perHost}, []string{entry, perHostUndone}},
		{inserted, []string{"no " + inserted[0]}},
		{[]string{access, "5 permit ip host 172.31.0.1 host 172.31.0.2"}, []string{access, "no 5"}},
	}
	if r.VRF || t.Second { // which the profile names
		list = slices.Delete(list, 4, 5)
	}
	for _, line := range d.lines(t, r.Number, sequence) { // it has another number
		number, text, _ := strings.Cut(line, " ")
		list = append(list, change{[]string{access, "no " + number, "no " + number + "1", number + "1 " + text}, []string{access, "no " + number + "1", "no " + number, line}})
	}
	return list
}

// opening are edits after which something rightly goes in clear.
func opening(d *drawing, t *Tunnel, r *Router) []change {
	sequence := pick(d, d.sequences(t))
	entry, port, access := t.entry(sequence), "interface "+t.port(), accessList(sequence)
	peer, ours := setPeer(t, r.Number), "crypto map "+t.mapName()
	list := []change{
		{[]string{entry, "no " + peer}, []string{entry, peer}},
		{[]string{entry, "no " + matches(sequence)}, []string{entry, matches(sequence)}},
		{[]string{port, "no " + ours}, []string{port, ours}},
	}
	if r.VRF {
		list = append(list, change{[]string{entry, "no set ikev2-profile P"}, []string{entry, "set ikev2-profile P"}})
	}
	for _, line := range d.lines(t, r.Number, sequence) {
		number, text, _ := strings.Cut(line, " ")
		n, _ := strconv.Atoi(number)
		before := strconv.Itoa(n - 4) // two edits at once do not take the same
		list = append(list,
			change{[]string{access, "no " + number}, []string{access, line}},
			change{[]string{access, before + " deny" + strings.TrimPrefix(text, "permit")}, []string{access, "no " + before}},
		)
	}
	return list
}

// asMap draws a tunnel of crypto maps.
func asMap(d *drawing, t *Tunnel) {
	t.Mode, t.Transport, t.Split = byMap, d.oneIn(4), d.oneIn(4)
	for i := range t.Lists {
		t.Lists[i] = pick(d, []list{networks, networks, halves, protocols})
		if !t.Shared && !t.Split && d.oneIn(4) {
			t.Lists[i] = whole
		}
	}
	if d.oneIn(6) {
		t.PerHost = pick(d, []int{t.A, t.B})
	}
	if d.oneIn(3) {
		for i := range t.Reverse {
			t.Reverse[i] = pick(d, []string{"", "reverse-route", "reverse-route static"})
		}
	}
}
