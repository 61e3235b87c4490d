package lab

import (
	"fmt"
	"io"
	"time"

	"ikelab/router"
	"ikelab/router/record"
)

// keyLog renders the stream as Wireshark's key tables, for the capture that is
// running or one that begins later.
type keyLog struct {
	ike, esp keyTable
	of       map[string][]keyRow // by device and SA
	ended    []endedKey          // in the order in which they did
}

type keyRow struct {
	table *keyTable
	row   string
}

type endedKey struct {
	at time.Time
	keyRow
}

// keysKept is how long the keys of an SA that has ended are kept for a capture
// that begins later: what is under way may still be sealed with them.
const keysKept = 10 * time.Minute

// keyTable is one table; both ends of an SA report the same row.
type keyTable struct {
	rows []string       // in the order in which they came, some forgotten
	live map[string]int // how many ends know a row
	to   io.Writer      // nil: nobody
	err  error
}

func newKeyLog() *keyLog {
	return &keyLog{ike: keyTable{live: map[string]int{}}, esp: keyTable{live: map[string]int{}}, of: map[string][]keyRow{}}
}

// listen takes the records of devices.
func (k *keyLog) listen(r record.Record) {
	begun, ended := router.WiresharkKeys(r.Body)
	for _, key := range begun {
		table := &k.ike
		if key.ESP {
			table = &k.esp
		}
		name := r.Node + " " + key.SA
		k.of[name] = append(k.of[name], keyRow{table, key.Row})
		table.add(key.Row)
	}
	if ended == "" {
		return
	}
	name := r.Node + " " + ended
	for _, row := range k.of[name] {
		k.ended = append(k.ended, endedKey{r.At, row})
	}
	delete(k.of, name)
	k.forget(r.At)
}

// forget drops the rows of SAs that ended long ago.
func (k *keyLog) forget(now time.Time) {
	n := 0
	for n < len(k.ended) && now.Sub(k.ended[n].at) > keysKept {
		k.ended[n].table.drop(k.ended[n].row)
		n++
	}
	k.ended = k.ended[n:]
}

func (t *keyTable) add(row string) {
	t.live[row]++
	if t.live[row] > 1 {
		return
	}
	t.rows = append(t.rows, row)
	if t.to != nil && t.err == nil {
		_, t.err = fmt.Fprintln(t.to, row)
	}
}

// drop is the end of one end's knowledge of a row.
func (t *keyTable) drop(row string) {
	if t.live[row]--; t.live[row] > 0 {
		return
	}
	delete(t.live, row)
	if len(t.rows) > 2*len(t.live)+16 { // half of them are forgotten
		kept := t.rows[:0]
		for _, r := range t.rows {
			if t.live[r] > 0 {
				kept = append(kept, r)
			}
		}
		clear(t.rows[len(kept):])
		t.rows = kept
	}
}

// attach writes the rows so far and all that come.
func (t *keyTable) attach(w io.Writer) error {
	t.to, t.err = w, nil
	for _, row := range t.rows {
		if t.live[row] == 0 {
			continue
		}
		if _, err := fmt.Fprintln(w, row); err != nil {
			return err
		}
	}
	return nil
}
