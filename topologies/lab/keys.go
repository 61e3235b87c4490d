package lab

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"ikelab/router"
	"ikelab/router/record"
)

// keyLog keeps the keys that records tell of, for the capture that is running
// or one that begins later. They become rows of Wireshark's tables when there
// is a table to write.
type keyLog struct {
	ike, esp keyTable
	live     map[keyHolder]keyRecord
	ended    []endedKeys // in the order in which they did
	heard    int
}

// keyHolder is an SA or a pair at one of its ends.
type keyHolder struct {
	node uint32
	sa   router.WiresharkSA
}

// keyRecord is what a record tells of keys, and its place among those of the lab.
type keyRecord struct {
	number  int
	secrets router.WiresharkSecrets
}

type endedKeys struct {
	at time.Time
	keyRecord
}

// keysKept is how long the keys of an SA that has ended are kept for a capture
// that begins later: what is under way may still be sealed with them.
const keysKept = 10 * time.Minute

func newKeyLog() *keyLog { return &keyLog{live: map[keyHolder]keyRecord{}} }

// listen takes the records of devices.
func (k *keyLog) listen(r record.Record) {
	sa, what := router.WiresharkKeys(r.Body)
	if what == router.NoKeys {
		return
	}
	holder := keyHolder{r.ID.Node(), sa}
	if before, known := k.live[holder]; known {
		delete(k.live, holder)
		k.ended = append(k.ended, endedKeys{r.At, before})
	}
	if what == router.KeysBegin {
		k.heard++
		told := keyRecord{k.heard, router.WiresharkSecretsOf(r.Body)}
		k.live[holder] = told
		k.each(told.secrets, (*keyTable).add)
	}
	k.forget(r.At)
}

// forget drops the keys of SAs that ended long ago.
func (k *keyLog) forget(now time.Time) {
	n := 0
	for n < len(k.ended) && now.Sub(k.ended[n].at) > keysKept {
		k.each(k.ended[n].secrets, (*keyTable).drop)
		n++
	}
	clear(k.ended[:n])
	k.ended = k.ended[n:]
}

// attach writes the rows so far and all that come.
func (k *keyLog) attach(ike, esp io.Writer) error {
	k.ike, k.esp = keyTable{to: ike, ends: map[string]int{}}, keyTable{to: esp, ends: map[string]int{}}
	known := slices.Collect(maps.Values(k.live))
	for _, e := range k.ended {
		known = append(known, e.keyRecord)
	}
	slices.SortFunc(known, func(a, b keyRecord) int { return cmp.Compare(a.number, b.number) })
	for _, r := range known {
		k.each(r.secrets, (*keyTable).add)
	}
	return k.err()
}

// detach ends the writing.
func (k *keyLog) detach() { k.ike, k.esp = keyTable{}, keyTable{} }

// err is what went wrong with the writing so far.
func (k *keyLog) err() error { return errors.Join(k.ike.err, k.esp.err) }

// each does something with the rows of a record in their tables, if those are
// being written.
func (k *keyLog) each(s router.WiresharkSecrets, do func(t *keyTable, row string)) {
	if k.ike.to == nil {
		return
	}
	ike, esp := router.WiresharkRows(s)
	for _, row := range ike {
		do(&k.ike, row)
	}
	for _, row := range esp {
		do(&k.esp, row)
	}
}

// keyTable is a table that is being written. Both ends of an SA tell the same
// row.
type keyTable struct {
	to   io.Writer
	ends map[string]int // how many know a row
	err  error
}

func (t *keyTable) add(row string) {
	t.ends[row]++
	if t.ends[row] == 1 && t.err == nil {
		_, t.err = fmt.Fprintln(t.to, row)
	}
}

// drop is the end of one end's knowledge of a row.
func (t *keyTable) drop(row string) {
	if t.ends[row]--; t.ends[row] <= 0 {
		delete(t.ends, row)
	}
}
