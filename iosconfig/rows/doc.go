// Package rows puts the commands of all families together: the language of a
// router's configuration. NewEditor is a person in configure mode, Load a
// file, Running is show running-config; Load(Running(c)) equals c.
package rows
