// Package why says why a tunnel is down, comes and goes, or carries nothing: from what was
// recorded and from what routers show, never from what a topology or a scenario says of itself.
//
//	w := why.Watch(l)                       // before power-on
//	v, err := w.Explain("R1", "Tunnel0")    // both ends are looked at
//	fmt.Print(v.In(phrase.English, 80))
//
// A Claim is a sentence (package phrase) with its evidence, records and fields of screens, the
// lines of configuration that decided, the section of the RFC, and what to type. Where there is
// no evidence a Verdict says what to look at next, and claims nothing.
package why
