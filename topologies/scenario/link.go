package scenario

import (
	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// link cuts or mends a link.
type link struct {
	port  string
	state string
	link  *netsim.Link
}

func (a *link) keys() []form.Key {
	return []form.Key{
		{Name: "link", Help: "a port at one of its ends, such as R1:Ethernet0/0", Value: form.Word(&a.port, "link")},
		{Name: "state", Help: "down: the cable is cut, and both ends notice", Required: true, Value: form.Choice(&a.state, "state", "down", "up")},
	}
}

func (a *link) prepare(r *Runner) error {
	p, err := r.lab.Port(a.port)
	if err == nil {
		a.link = p.Link()
	}
	return err
}

func (a *link) do(*Runner) ([]script.Result, error) {
	a.link.SetUp(a.state == "up")
	return nil, nil
}

// impair changes the impairments of a link.
type impair struct {
	at          string
	oneWay      bool
	impairments topologies.Impairments
	ports       []*netsim.Port
}

func (a *impair) keys() []form.Key {
	return append([]form.Key{
		{Name: "impair", Help: "a port at one of the link's ends", Value: form.Word(&a.at, "impair")},
		{Name: "one-way", Help: "only frames that leave this port", Value: form.Flag(&a.oneWay, "one-way")},
	}, topologies.ImpairmentKeys(&a.impairments)...)
}

func (a *impair) prepare(r *Runner) error {
	p, err := r.lab.Port(a.at)
	if err != nil {
		return err
	}
	a.ports = []*netsim.Port{p}
	if !a.oneWay {
		a.ports = append(a.ports, p.Far())
	}
	return nil
}

// do replaces all impairments: what is not said is gone.
func (a *impair) do(*Runner) ([]script.Result, error) {
	for _, p := range a.ports {
		if err := p.SetImpairments(lab.Faults(a.impairments)); err != nil {
			return nil, failed(err.Error())
		}
	}
	return nil, nil
}
