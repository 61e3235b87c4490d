package scenario

import (
	"fmt"
	"strings"

	"ikelab/topologies/form"
)

// kind is a kind of step.
type kind struct {
	name, help string
	words      []string // keys that the words of a line fill, in order
	rest       bool     // the last of them takes all that is left
	example    string   // a line
	make       func() action
}

// kinds are the steps there are, in the order in which help lists them.
var kinds = []kind{
	{"run", "type a line at a router's console, and expect what it shows", nil, false, "R1: show crypto session", func() action { return &run{} }},
	{"configure", "type lines in configuration mode", []string{"node", "configure"}, true, "configure R1 no ip domain lookup", func() action { return &configure{} }},
	{"type", "type a line at a router's console, and wait for nothing", []string{"node", "type"}, true, "type R1 ping 192.168.2.1", func() action { return &typed{} }},
	{"break", "type Ctrl-C at a router's console", []string{"break"}, false, "break R1", func() action { return &broken{} }},
	{"wait", "let virtual time pass, or until a condition holds", []string{"wait"}, false, "wait 10s", func() action { return &wait{} }},
	{"expect", "a condition holds now; a text occurs in what the last line showed", []string{"expect"}, true, "expect UP-ACTIVE", func() action { return &expect{} }},
	{"never", "a condition must not hold from now on", []string{"never"}, false, "never {record: ike.sa_down}", func() action { return &never{} }},
	{"end", "the end of a never", []string{"end"}, false, "end NAME", func() action { return &end{} }},
	{"link", "cut or mend a link", []string{"link", "state"}, false, "link R1:Ethernet0/0 down", func() action { return &link{} }},
	{"impair", "change what happens to frames on a link, or to those that leave a port", []string{"impair"}, false, "impair R1:Ethernet0/0 delay=10ms loss=1%", func() action { return &impair{} }},
	{"partition", "keep routers from all others", []string{"partition"}, false, "partition R2", func() action { return &part{} }},
	{"heal", "the partition ends", []string{"heal"}, false, "heal", func() action { return &part{heals: "all"} }},
	{"fault", "do something to certain packets", []string{"fault", "exchange", "message"}, false, "fault drop IKE_AUTH response node=R2", func() action { return &breakage{} }},
	{"release", "a fault ends", []string{"release"}, false, "release NAME", func() action { return &release{} }},
	{"rogue", "have a misbehaving peer play a case, and expect what is owed in return", []string{"rogue", "play"}, true, "rogue X version 3.0", func() action { return &misbehave{} }},
	{"reload", "type `reload` at a router and confirm it", []string{"reload"}, false, "reload R2", func() action { return &reload{} }},
	{"stop", "take the power of a router or a host away: nobody is told", []string{"stop"}, false, "stop R2", func() action { return &power{what: "stop"} }},
	{"start", "give a router or a host power", []string{"start"}, false, "start R2", func() action { return &power{what: "start"} }},
	{"crash", "take the power of a router or a host away, and give it back", []string{"crash"}, false, "crash R2 for=10s", func() action { return &power{what: "crash"} }},
	{"ping", "send echoes, one after the other, and show what came back", []string{"ping", "to"}, false, "ping H1 192.168.2.10 repeat=5", func() action { return &ping{} }},
	{"traffic", "send echoes at a constant rate or in bursts, and judge what came back", []string{"traffic", "to"}, false, "traffic R1 192.168.2.1 source=Loopback0 rate=100 for=10s loss=0", func() action { return &traffic{} }},
	{"result", "judge traffic that went on meanwhile", []string{"result"}, false, "result NAME", func() action { return &result{} }},
	{"transfer", "move octets as TCP does, with a window that loss narrows", []string{"transfer", "to"}, false, "transfer R1 192.168.2.1 source=Loopback0 octets=1000000 within=10s", func() action { return &transfer{} }},
	{"knock", "ask for a conversation by TCP or UDP, and see whether an access list drops that", []string{"knock", "to", "port"}, false, "knock H1 192.168.2.10 23 filtered=true", func() action { return &knock{} }},
	{"rebind", "have a NAT gateway give its mappings other ports, or forget them", []string{"rebind"}, false, "rebind NAT", func() action { return &rebind{} }},
	{"redirect", "have a gateway send its clients to another one", []string{"redirect", "to"}, false, "redirect HUB1 10.0.0.3", func() action { return &redirect{} }},
	{"revoke", "have an authority take back the certificates of a router", []string{"revoke", "by"}, false, "revoke R2 ROOT", func() action { return &revoke{} }},
	{"why", "say why a tunnel is down or carries nothing, and expect a cause", []string{"why", "tunnel", "entry"}, false, "why R1 Tunnel0 cause=auth.key", func() action { return &ask{} }},
	{"age", "use the ESP sequence numbers of all SAs of a lab up, but for so many", []string{"age"}, false, "age 1000", func() action { return &age{} }},
	{"capture", "capture all links, with keys, or end that", []string{"capture", "folder"}, false, "capture start DIR", func() action { return &capture{} }},
	{"include", "the steps of another file", nil, false, "", func() action { return &include{} }},
}

// common are the keys that every step has.
func common(s *Step) []form.Key {
	return []form.Key{{Name: "name", Help: "of this step, for other steps and for people", Value: form.Word(&s.Name, "name")}}
}

// stepKinds is the table for a reader, which fills s.
func stepKinds(s *Step) []form.Kind {
	list := make([]form.Kind, len(kinds))
	for i, k := range kinds {
		list[i] = form.Kind{Name: k.name, Help: k.help, Keys: func() []form.Key {
			s.Kind, s.action = k.name, k.make()
			return s.action.keys()
		}}
	}
	return list
}

// lineForms are what a line may be, besides the steps.
var lineForms = [][2]string{
	{"NODE: LINE", "type a line at a router's console; NODE is its name in the topology, or its host name"},
	{"NODE: LINE?", "what `?` shows there"},
	{"NODE:", "press Enter there, such as for the default answer to a question"},
}

// Lines lists for people what a line may be.
func Lines() string {
	var b strings.Builder
	row := func(form, help string) { fmt.Fprintf(&b, "  %-40s %s\n", form, help) }
	for _, f := range lineForms {
		row(f[0], f[1])
	}
	for _, k := range kinds {
		if len(k.words) > 0 {
			row(k.example, k.help)
		}
	}
	row("?", "this list; `link ?` tells what a step may say")
	return b.String()
}

// about is the help for one kind of step.
func (k *kind) about() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", k.name, k.help)
	for _, key := range append(k.make().keys(), common(&Step{})...) {
		fmt.Fprintf(&b, "  %-14s %s (%s)\n", key.Name, key.Help, key.Value.Form)
	}
	if k.example != "" {
		fmt.Fprintf(&b, "such as: %s\n", k.example)
	}
	return b.String()
}

func findKind(name string) *kind {
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i]
		}
	}
	return nil
}
