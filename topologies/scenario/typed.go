package scenario

import (
	"errors"
	"strings"

	"ikelab/router/shell"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// typed types a line at a console and waits for nothing.
type typed struct {
	line     string
	node     string
	page     bool
	password bool
	router   *lab.Router
}

// Type is the step that types a line at a router's console; page: it is a key at --More--.
func Type(node, line string, page bool) *Step {
	return typing(&typed{node: node, line: strings.ToValidUTF8(line, "?"), page: page})
}

func typing(a *typed) *Step { return &Step{Kind: "type", Text: "type", action: a} }

// Break is the step that types Ctrl-C there.
func Break(node string) *Step {
	return &Step{Kind: "break", Text: "break", action: &broken{node: node}}
}

func (a *typed) keys() []form.Key {
	return []form.Key{
		{Name: "type", Help: "a line, or an answer", Value: form.Text(&a.line, "type")},
		{Name: "node", Help: "a router", Value: form.Word(&a.node, "node")},
		{Name: "page", Help: "it is a key at --More--", Value: form.Flag(&a.page, "page")},
		{Name: "password", Help: "it is a password, which no file keeps", Value: form.Flag(&a.password, "password")},
	}
}

func (a *typed) prepare(r *Runner) (err error) {
	a.router, err = r.world.Router(a.node)
	return err
}

// ErrPassword is where a log cannot be followed further.
var ErrPassword = errors.New("a password was typed here, which no log keeps")

func (a *typed) do(r *Runner) ([]script.Result, error) {
	atKey := r.consoles.Session(a.router).Awaits() == shell.Key
	switch {
	case a.password && a.line == "":
		return nil, ErrPassword
	case !a.router.Device.Started():
		return nil, failed(a.router.Name() + " is off")
	case a.page && !atKey: // this console has no pages
		return nil, nil
	case atKey && !a.page:
		r.consoles.Page(a.router)
	}
	if r.replaying && !a.page {
		r.consoles.Echo(a.router, a.line)
	}
	r.consoles.Enter(a.router, a.line)
	return nil, nil
}

// broken types Ctrl-C.
type broken struct {
	node   string
	router *lab.Router
}

func (a *broken) keys() []form.Key {
	return []form.Key{{Name: "break", Help: "a router", Value: form.Word(&a.node, "break")}}
}

func (a *broken) prepare(r *Runner) (err error) {
	a.router, err = r.world.Router(a.node)
	return err
}

func (a *broken) do(r *Runner) ([]script.Result, error) {
	r.consoles.Break(a.router)
	return nil, nil
}
