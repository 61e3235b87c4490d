// Package editor is configure mode, whatever the commands are: modes whose rows
// edit one object each, copy and commit, files, and running-config.
//
// A row is a syntax.Command that is given a copy of the mode's object (At.It)
// and changes that. When it succeeds the copy is put where the object was, in
// a copy of the configuration that shares all else, and that becomes the
// running one (iosconfig.Store). An object that another editor has deleted
// meanwhile is made anew. A commit names the objects that a line changed.
//
// Section makes the rows that create objects and enter their mode; Number,
// Word, Switch, Kept and their kin make the common rows.
package editor
