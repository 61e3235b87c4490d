package scenario

import (
	"errors"
	"strings"
	"time"

	"ikelab/netsim"
	"ikelab/router/shell"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// reload is `reload`, typed at a vty and confirmed.
type reload struct {
	nodes   []string
	save    bool
	routers []*lab.Router
}

func (a *reload) keys() []form.Key {
	return []form.Key{
		{Name: "reload", Help: "a router, or several", Value: form.Texts(&a.nodes, "reload")},
		{Name: "save", Help: "the running configuration first", Value: form.Flag(&a.save, "save")},
	}
}

func (a *reload) prepare(r *Runner) (err error) {
	a.routers, err = r.routers(a.nodes)
	return err
}

func (a *reload) do(r *Runner) ([]script.Result, error) {
	for _, node := range a.routers {
		if !node.Device.Started() {
			return nil, failed(node.Name() + " is off")
		}
		s := node.Shell().Open(shell.Options{Privileged: true})
		if a.save {
			node.Enter(s, "write memory")
		}
		node.Enter(s, "reload")
		for strings.Contains(s.Pending(), "[yes/no]") || strings.Contains(s.Pending(), "[confirm]") {
			node.Enter(s, strings.Repeat("no", strings.Count(s.Pending(), "[yes/no]")))
		}
		s.Close()
	}
	return nil, nil
}

// routers finds the routers that a step names.
func (r *Runner) routers(names []string) (list []*lab.Router, err error) {
	for _, name := range names {
		node, wrong := r.world.Router(name)
		list, err = append(list, node), errors.Join(err, wrong)
	}
	return list, err
}

// power gives power to devices or takes it away.
type power struct {
	what    string // the kind
	nodes   []string
	off     time.Duration
	devices []*netsim.Device
}

func (a *power) keys() []form.Key {
	keys := []form.Key{{Name: a.what, Help: "a router or a host, or several", Value: form.Texts(&a.nodes, a.what)}}
	if a.what == "crash" {
		keys = append(keys, form.Key{Name: "for", Help: "how long they are off; without: not at all", Value: form.Duration(&a.off, "for")})
	}
	return keys
}

func (a *power) prepare(r *Runner) (err error) {
	for _, name := range a.nodes {
		device, wrong := r.world.Device(name)
		a.devices, err = append(a.devices, device), errors.Join(err, wrong)
	}
	return err
}

func (a *power) do(r *Runner) ([]script.Result, error) {
	for _, node := range a.devices {
		if on := node.Started(); on == (a.what == "start") {
			return nil, failed(node.Name() + map[bool]string{true: " is on", false: " is off"}[on])
		}
		if a.what != "start" {
			node.PowerOff()
		}
		if a.what != "stop" {
			node.StartAt(r.lab.Sim.Now().Add(a.off))
		}
	}
	return nil, nil
}
