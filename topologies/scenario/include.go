package scenario

import (
	"errors"

	"ikelab/topologies/form"
	"ikelab/topologies/script"
)

// include stands for the steps of another file until the file is read.
type include struct {
	file      string
	variables map[string]string
}

func (a *include) keys() []form.Key {
	m := &matrix{}
	a.variables = map[string]string{}
	m.into = a.variables
	return []form.Key{
		{Name: "include", Help: "a file with steps", Value: form.Word(&a.file, "include")},
		{Name: "variables", Help: "texts that stand for ${name} there", Value: m.variablesValue()},
	}
}

var errIncluded = errors.New("an include is no step of its own")

func (a *include) prepare(*Runner) error { return errIncluded }

func (a *include) do(*Runner) ([]script.Result, error) { return nil, errIncluded }
