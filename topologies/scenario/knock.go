package scenario

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/router/record"
	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// knock asks for a conversation, to see whether an access list lets it be.
type knock struct {
	node, protocol string
	knock          lab.Knock
	port           int
	filtered       string // "true", "false"; "": nobody minds
	host           *lab.Station
	refusals       int
}

// knockWait is how long such a packet may be under way.
const knockWait = 2 * time.Second

func (a *knock) keys() []form.Key {
	a.protocol = "tcp"
	return []form.Key{
		{Name: "knock", Help: "the host that sends", Value: form.Word(&a.node, "knock")},
		{Name: "to", Help: "an address of IPv4", Required: true, Value: form.Parsed(&a.knock.To, "to", "address", netip.ParseAddr)},
		{Name: "port", Help: "where it knocks", Required: true, Value: form.Number(&a.port, "port", 1, 65535)},
		{Name: "protocol", Help: "tcp, whose first segment is sent, or udp; without: tcp", Value: form.Choice(&a.protocol, "protocol", "tcp", "udp")},
		{Name: "source", Help: "an address that the packet says it is from; without: the host's", Value: form.Parsed(&a.knock.From, "source", "address", netip.ParseAddr)},
		{Name: "filtered", Help: "whether an access list on the way must drop it", Value: form.Choice(&a.filtered, "filtered", "true", "false")},
	}
}

func (a *knock) prepare(r *Runner) error {
	if a.host = r.lab.Station(a.node); a.host == nil {
		return fmt.Errorf("there is no host %q in %s", a.node, r.lab.Topology.Name)
	}
	a.knock.UDP, a.knock.Port = a.protocol == "udp", uint16(a.port)
	return nil
}

func (a *knock) do(r *Runner) ([]script.Result, error) {
	if !a.host.Powered() {
		return nil, failed(a.host.Name() + " is off")
	}
	a.refusals = 0
	r.ear.lend(r.lab, a.hear)
	defer r.ear.lend(r.lab, nil)
	a.host.Knock(a.knock)
	r.RunUntil(func() bool { return a.refusals > 0 }, r.lab.Sim.Now().Add(knockWait))
	if a.filtered != "" && (a.filtered == "true") != (a.refusals > 0) {
		found := map[bool]string{true: "an access list drops it", false: "no access list drops it"}
		return nil, failed(found[a.refusals > 0], condition.Finding{Want: "that " + found[a.filtered == "true"], Got: found[a.refusals > 0]})
	}
	return nil, nil
}

// hear counts what ends the knock.
func (a *knock) hear(r record.Record) {
	if a.knock.Filtered(r) {
		a.refusals++
	}
}
