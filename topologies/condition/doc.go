// Package condition is what can be said about a lab that runs: what a screen
// shows, what has been recorded, which state there is. Scenarios wait for a
// condition, expect it, or want that it never holds; whatever grades a lab asks
// the same.
//
//	var c condition.Condition
//	r.Read(node, condition.Value(&c))       // from a file, by one table
//	w := condition.NewWorld(l)              // before the lab's power-on
//	watch, err := c.Watch(w)
//	f := watch.Look()                       // whether it holds, what was wanted, what came
//
// Looking costs next to nothing until something has happened that the condition
// depends on: records wake it, of the kind that it is about or of the router
// whose screen it reads. What changes without a record (a counter of packets, a
// time that is shown) is noticed within a virtual second.
package condition
