// Package track is object tracking and IP SLA: what a device watches so that something else may
// depend on it.
//
//	o := track.New(track.Options{Stack: s, Timers: t, Records: e, Changed: …})
//	o.Set(now, track.Settings{…}); o.Remove(now, number)     // an object
//	o.SetOperation(now, track.Operation{…}); o.RemoveOperation(now, number)
//	up, known := o.Up(number)
//
// An object is an interface, a route, an operation of IP SLA or a list of other objects
// (objects.go). Nothing is polled: interfaces tell by Interface, routes by ip.Table.Follow,
// operations (operations.go) when an echo is answered or lost. What has been touched is looked at
// once, at the end of the instant; a change that is to last first waits for its timer.
package track
