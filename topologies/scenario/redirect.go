package scenario

import (
	"fmt"
	"net/netip"

	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// redirect has a gateway send its clients to another one (RFC 5685).
type redirect struct {
	node, to string
	router   *lab.Router
	gateway  netip.Addr
}

func (a *redirect) keys() []form.Key {
	return []form.Key{
		{Name: "redirect", Help: "a router: clients with SAs go at once, others that come later as its `crypto ikev2 redirect gateway` says", Value: form.Word(&a.node, "redirect")},
		{Name: "to", Help: "the address of the other gateway; without it clients stay", Value: form.Word(&a.to, "to")},
	}
}

func (a *redirect) prepare(r *Runner) (err error) {
	if a.router, err = r.world.Router(a.node); err != nil || a.to == "" {
		return err
	}
	if a.gateway, err = netip.ParseAddr(a.to); err != nil || a.gateway.Zone() != "" {
		return fmt.Errorf("%q is not an address", a.to)
	}
	if a.gateway.Is6() {
		return fmt.Errorf("%v: gateways that clients are sent to have addresses of IPv4 here", a.gateway)
	}
	if first := a.gateway.As4()[0]; first == 0 || first == 127 || first >= 224 {
		return fmt.Errorf("%v is no gateway's address", a.gateway)
	}
	return nil
}

func (a *redirect) do(*Runner) ([]script.Result, error) {
	if !a.router.Device.Started() {
		return nil, failed(a.router.Name() + " is off")
	}
	a.router.Redirect(a.gateway)
	return nil, nil
}
