package scenario

import (
	"fmt"
	"net/netip"

	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// rebind is a NAT gateway that loses what it has mapped.
type rebind struct {
	node    string
	address netip.Addr
	flush   bool
	gateway *lab.Station
}

func (a *rebind) keys() []form.Key {
	return []form.Key{
		{Name: "rebind", Help: "a nat", Value: form.Word(&a.node, "rebind")},
		{Name: "address", Help: "that it has outside from now on", Value: form.Parsed(&a.address, "address", "address", netip.ParseAddr)},
		{Name: "flush", Help: "mappings are forgotten: those inside get new ones with their next packets", Value: form.Flag(&a.flush, "flush")},
	}
}

func (a *rebind) prepare(r *Runner) (err error) {
	a.gateway, err = r.world.NAT(a.node)
	if err == nil && a.address.IsValid() && !a.address.Is4() {
		err = fmt.Errorf("%v is no IPv4 address", a.address)
	}
	return err
}

func (a *rebind) do(*Runner) ([]script.Result, error) {
	if !a.gateway.Powered() {
		return nil, failed(a.gateway.Name() + " is off")
	}
	if a.address.IsValid() || !a.flush {
		a.gateway.Rebind(a.address)
	}
	if a.flush {
		a.gateway.Flush()
	}
	return nil, nil
}
