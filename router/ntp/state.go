package ntp

import (
	"net/netip"
	"time"
)

// State is the NTP of a device as its screens show it. Instants are those of its clock, spans are in
// milliseconds.
type State struct {
	On             bool               `json:"enabled"`
	Synchronized   bool               `json:"synchronized"`
	Stratum        int                `json:"stratum"`
	Reference      string             `json:"reference"`               // "": none
	ReferenceTime  time.Time          `json:"reference_time,omitzero"` // zero: none
	Offset         float64            `json:"offset_ms"`
	RootDelay      float64            `json:"root_delay_ms"`
	RootDispersion float64            `json:"root_dispersion_ms"`
	PeerDispersion float64            `json:"peer_dispersion_ms"`
	Interval       int                `json:"poll_interval_seconds"`
	Updated        time.Time          `json:"updated,omitzero"` // zero: never
	Uptime         int                `json:"uptime_hundredths"`
	Now            time.Time          `json:"now"`
	Associations   []AssociationState `json:"associations"`
}

// AssociationState is a server that is asked, or the oscillator.
type AssociationState struct {
	Polls
	Address        netip.Addr    `json:"address"`
	VRF            string        `json:"vrf,omitempty"`
	Followed       bool          `json:"followed"`
	Candidate      bool          `json:"candidate"`   // it may be followed
	FalseTicker    bool          `json:"falseticker"` // too few agree with it
	Reference      string        `json:"reference"`
	Stratum        int           `json:"stratum"`
	Heard          time.Time     `json:"heard,omitzero"` // zero: never
	Delay          float64       `json:"delay_ms"`
	Offset         float64       `json:"offset_ms"`
	Dispersion     float64       `json:"dispersion_ms"`
	Distance       float64       `json:"distance_ms"`
	RootDelay      float64       `json:"root_delay_ms"`
	RootDispersion float64       `json:"root_dispersion_ms"`
	Precision      int           `json:"precision"`
	Version        int           `json:"version"`
	ReferenceTime  time.Time     `json:"reference_time,omitzero"`
	Samples        []SampleState `json:"samples"` // the newest first
}

// Polls is how a server is asked.
type Polls struct {
	Interval     int `json:"poll_interval_seconds"`
	PeerInterval int `json:"peer_poll_interval_seconds"`
	Reach        int `json:"reach"` // a bit for each of the last eight requests
	MinPoll      int `json:"minpoll"`
	MaxPoll      int `json:"maxpoll"`
	Received     int `json:"received"`
	Sent         int `json:"sent"`
	Errors       int `json:"errors"`
}

// SampleState is what one answer told.
type SampleState struct {
	Delay  float64 `json:"delay_ms"`
	Offset float64 `json:"offset_ms"`
	Error  float64 `json:"error_ms"`
}

// State is how things stand.
func (s *Service) State(now time.Time) State {
	out := State{On: s.set.On(), Synchronized: s.followed.IsValid(), Stratum: s.stratum(), Now: s.clock.At(now), Associations: []AssociationState{}}
	if !out.On {
		return out
	}
	out.Uptime, out.Interval = int(now.Sub(s.started)/(10*time.Millisecond)), 1<<DefaultMinPoll
	if s.set.Master > 0 {
		out.Associations = append(out.Associations, s.oscillator(now))
	}
	var list []*association
	for _, a := range s.servers {
		if a.fits(now) {
			list = append(list, a)
		}
	}
	for _, a := range s.servers {
		out.Associations = append(out.Associations, a.state(now, list))
	}
	if !out.Synchronized {
		return out
	}
	out.Reference = s.followed.String()
	if s.stratum() == 1 {
		out.Reference = ".LOCL."
	}
	out.ReferenceTime, out.Updated = s.clock.At(s.compared(now)), s.clock.At(s.compared(now))
	delay, dispersion := s.root(now)
	out.RootDelay, out.RootDispersion, out.Interval = ms(delay), ms(dispersion), oscillatorPause
	if s.peer != nil {
		out.Offset, out.PeerDispersion, out.Interval = ms(s.peer.best().offset), ms(s.peer.dispersion(now)), 1<<s.peer.poll
	}
	return out
}

// oscillatorPause is how often IOS compares the clock with its own oscillator, in seconds.
const oscillatorPause = 16

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// oscillator is the device's own, one above which it serves.
func (s *Service) oscillator(now time.Time) AssociationState {
	shows := s.clock.At(now)
	return AssociationState{
		Address: Oscillator, Followed: s.followed == Oscillator, Candidate: true, Reference: ".LOCL.", Stratum: s.set.Master - 1, Heard: shows, ReferenceTime: shows,
		Polls:     Polls{Interval: oscillatorPause, PeerInterval: oscillatorPause, Reach: 0xff, MinPoll: 4, MaxPoll: 4},
		Precision: precision, Version: 4, Samples: []SampleState{},
	}
}

func (a *association) state(now time.Time, fitting []*association) AssociationState {
	v := AssociationState{
		Address: a.Address, VRF: a.VRFName, Followed: a == a.s.peer, Candidate: a.fits(now), Reference: ".INIT.", Stratum: noStratum,
		Polls: Polls{
			Interval: 1 << a.poll, PeerInterval: 1 << DefaultMaxPoll, Reach: int(a.reach), MinPoll: a.MinPoll, MaxPoll: a.MaxPoll, Received: a.in, Sent: a.out, Errors: a.errors,
		},
		Dispersion: ms(a.dispersion(now)), Version: a.Version, Precision: int(a.said.Precision), Samples: []SampleState{},
	}
	v.FalseTicker = v.Candidate && !agree(now, fitting, a)
	if a.heard.IsZero() {
		return v
	}
	best := a.best()
	v.Heard, v.Delay, v.Offset, v.Distance = a.s.clock.At(a.heard), ms(best.delay), ms(best.offset), ms(a.distance(now))
	v.Reference, v.Stratum = referenceText(a.said.Stratum, a.said.Reference), int(a.said.Stratum)
	v.RootDelay, v.RootDispersion, v.ReferenceTime = ms(a.said.RootDelay), ms(a.said.RootDispersion), a.said.ReferenceTime.near(a.s.clock.At(now))
	v.PeerInterval = 1 << min(max(int(a.said.Poll), 0), 17)
	for _, one := range a.samples {
		v.Samples = append(v.Samples, SampleState{Delay: ms(one.delay), Offset: ms(one.offset), Error: ms(one.dispersion + drift(now.Sub(one.at)))})
	}
	return v
}
