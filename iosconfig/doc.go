// Package iosconfig is the typed configuration of a router and the editor that
// changes it. One table of rows (syntax.Command) drives everything a command
// does: parsing with abbreviations, `?`, Tab, the `no` and `default` forms,
// modes and running-config.
//
// New is a router without configuration, NewEditor a person in configure mode,
// Load a file (every error, nothing half applied) and Running is show
// running-config. Load(Running(c)) equals c.
package iosconfig
