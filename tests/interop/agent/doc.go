//go:build linux

// Command agent is what a guest of the interoperability tests obeys: it takes
// lines "id word argument…" and answers each, as soon as it is done, with
// "< id", what there is to say, and "> id error". Starting a process in User
// Mode Linux costs a tenth of a second, so what is asked often needs none.
package main
