package iosconfig

import "strconv"

// NTP is `ntp …`, as far as something acts on it.
type NTP struct {
	Logging bool
	Master  int    // stratum; 0: the router does not serve by its own clock
	Source  string // interface that requests come from; "": by the route
	Servers List[NTPServer]
}

// DefaultMaster is the stratum of `ntp master` alone.
const DefaultMaster = 8

// NTPServer is `ntp server`. What is 0 is as by default.
type NTPServer struct {
	Host    string // an address, or a name
	VRF     string // "": the global table
	Version int
	Key     int
	MinPoll int
	MaxPoll int
	Prefer  bool
	Burst   bool
	IBurst  bool
	Source  string
}

// Name is what there is one line of.
func (s *NTPServer) Name() string {
	if s.VRF != "" {
		return "vrf " + s.VRF + " " + s.Host
	}
	return s.Host
}

// String is the line.
func (s *NTPServer) String() string {
	line := "ntp server " + s.Name()
	for _, o := range []struct {
		word string
		n    int
	}{{"version", s.Version}, {"key", s.Key}, {"maxpoll", s.MaxPoll}, {"minpoll", s.MinPoll}} {
		if o.n != 0 {
			line += " " + o.word + " " + strconv.Itoa(o.n)
		}
	}
	if s.Source != "" {
		line += " source " + s.Source
	}
	for _, o := range []struct {
		word string
		on   bool
	}{{"prefer", s.Prefer}, {"burst", s.Burst}, {"iburst", s.IBurst}} {
		if o.on {
			line += " " + o.word
		}
	}
	return line
}
