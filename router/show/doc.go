// Package show is the screens of `show …`: the state of a router as IOS writes
// it, or as JSON. A screen is a struct, filled from the states that the rooms
// export; Lines is a pure function of it and of the generation of IOS, and JSON
// is the same struct: what one says the other says.
//
//	s := show.IKEv2SAs{Now: now, SAs: show.IKESAsOf(source, show.Which{})}
//	lines := s.Lines(iosconfig.IOS151)
//	text := show.JSON(s)
//
// Keys are lower_snake_case. Instants are RFC 3339, durations whole seconds
// (their keys end in _seconds), SPIs and MAC addresses text. A key that has
// nothing to say is absent where `omitempty` or `omitzero` says so; a list is
// there even when it is empty. No screen shows a key of an SA.
package show
