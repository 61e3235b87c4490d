package scenario

import (
	"fmt"

	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// revoke has an authority take back what a router has got from it.
type revoke struct {
	node, by string
	router   *lab.Router
	take     func(router string) bool
}

func (a *revoke) keys() []form.Key {
	return []form.Key{
		{Name: "revoke", Help: "a router, whose certificates are taken back", Value: form.Word(&a.node, "revoke")},
		{Name: "by", Help: "the authority", Value: form.Word(&a.by, "by")},
	}
}

func (a *revoke) prepare(r *Runner) (err error) {
	if a.router, err = r.world.Router(a.node); err != nil {
		return err
	}
	authority := r.lab.Authority(a.by)
	if authority == nil {
		return fmt.Errorf("there is no authority %q", a.by)
	}
	a.take = authority.Revoke
	return nil
}

func (a *revoke) do(*Runner) ([]script.Result, error) {
	if !a.take(a.router.Name()) {
		return nil, failed(a.by + " has signed nothing for " + a.router.Name() + " that is not revoked already")
	}
	return nil, nil
}
