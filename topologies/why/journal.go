package why

import (
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/record"
)

// journal is what a device did lately, by kinds; each list has an end.
type journal struct {
	kept   map[string][]record.Record
	edited time.Time // its configuration, last
	edits  int       // how often it did
	sas    []ikeSA   // the newest last

	read reading // as it showed itself last
}

// reading is a running configuration, as long as nothing changes.
type reading struct {
	at    time.Time
	edits int
	text  []string
	cfg   *iosconfig.Config
}

// most is how many records of a kind are kept of a device.
const most = 64

func (j *journal) keep(r record.Record) {
	kind := r.Body.Kind()
	list := append(j.kept[kind], r)
	if len(list) > most {
		list = slices.Delete(list, 0, len(list)-most)
	}
	j.kept[kind] = list
}

// ikeSA is an IKE SA as one device has recorded it.
type ikeSA struct {
	spi     uint64   // the initiator's
	began   bool     // it is the initiator
	entries []string // of the SPD that it has served
	profile string   // "": none was found yet
}

// mostSAs is how many are remembered of a device.
const mostSAs = 512

// sa finds an IKE SA, and makes it if need be.
func (j *journal) sa(spi uint64) *ikeSA {
	for i := range slices.Backward(j.sas) {
		if j.sas[i].spi == spi {
			return &j.sas[i]
		}
	}
	if len(j.sas) == mostSAs {
		j.sas = slices.Delete(j.sas, 0, mostSAs/4)
	}
	j.sas = append(j.sas, ikeSA{spi: spi})
	return &j.sas[len(j.sas)-1]
}

// knows says whether the device has had a part in an IKE SA.
func (j *journal) knows(spi uint64) bool {
	return slices.ContainsFunc(j.sas, func(s ikeSA) bool { return s.spi == spi })
}

func (s *ikeSA) serves(entry string) {
	if entry != "" && !slices.Contains(s.entries, entry) {
		s.entries = append(s.entries, entry)
	}
}

// note keeps what a record says of an IKE SA.
func (j *journal) note(r record.Record) {
	switch b := r.Body.(type) {
	case ikev2.ProfileLookup:
		if b.SA.SPIi == 0 {
			return
		}
		s := j.sa(b.SA.SPIi)
		s.began = b.Initiator
		s.serves(b.Entry)
		if b.Found {
			s.profile = b.Profile
		}
	case ikev2.AddChild:
		j.sa(b.IKE.SPIi).serves(b.Entry)
	case ikev2.SAUp:
		s := j.sa(b.SA.SPIi)
		s.profile, s.began = b.Info.Profile, b.Info.Initiator
		if b.Rekeys != 0 && j.knows(b.Rekeys) {
			old := *j.sa(b.Rekeys)
			j.sa(b.SA.SPIi).entries = slices.Clone(old.entries)
		}
	}
}
