// Package scenario is what must happen in a lab, as a file that says so: steps
// in order, each of which does something or expects something. It also carries
// out single steps that are written on one line, as `ikelab exec` is given them.
//
//	cases, err := scenario.Parse("x.scenario.yml", data, read)   // one for each row of its matrix
//	report := scenario.Run(cases[0], topology, scenario.Options{Seed: 1})
//	step, err := scenario.ParseLine("link R1:Ethernet0/0 down")
//
// Runner.Do is the one door for what is done to a lab from outside. What went
// through it is a Log, which with the seed and the topology is the whole run:
//
//	data, err := runner.Log(version, name).Bytes()
//	err = another.Replay(log)                                    // goes the same way, octet by octet
//
// There is one table of kinds of steps (table.go); files, lines, help, messages,
// the JSON Schema and docs/scenarios.md come from it. A step is data until it is
// prepared, before the lab's power-on: then it finds its routers and begins to
// watch what it will ask about.
//
// A kind of step is a struct in a file of its own with keys, prepare and do, and
// a row in the table.
package scenario
