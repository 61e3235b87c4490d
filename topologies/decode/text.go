package decode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/debug"
)

// Text is what people read: a line about the packet, and the message as `debug
// crypto ikev2 packet` prints it.
func (f *Found) Text() string {
	var b strings.Builder
	at := ""
	if !f.At.IsZero() {
		at = f.At.Format(" 2006-01-02 15:04:05.000000")
	}
	fmt.Fprintf(&b, "%d%s %s -> %s: %s", f.Packet, at, place(f.From), place(f.To), f.What)
	if f.ESP != nil {
		fmt.Fprintf(&b, " %v", f.ESP)
	}
	switch {
	case f.Broken:
		fmt.Fprintf(&b, ": broken: %s", f.Problem)
	case f.Problem != "":
		fmt.Fprintf(&b, ": %s", f.Problem)
	}
	b.WriteByte('\n')
	for _, r := range f.Records {
		for _, l := range debug.Render(r, debug.Switches{Packet: true}, debug.View{Generation: iosconfig.IOS151}) {
			b.WriteString(l.Text + "\n")
		}
	}
	return b.String()
}

// jsonFound is Found in JSON.
type jsonFound struct {
	Packet  int          `json:"packet"`
	At      *time.Time   `json:"at,omitempty"`
	From    string       `json:"from"`
	To      string       `json:"to"`
	What    string       `json:"what"`
	Problem string       `json:"problem,omitempty"`
	Broken  bool         `json:"broken,omitempty"`
	ESP     *jsonESP     `json:"esp,omitempty"`
	Records []jsonRecord `json:"records,omitempty"`
}

type jsonESP struct {
	SPI      string `json:"spi"`
	Sequence uint32 `json:"sequence"`
	Octets   int    `json:"octets"`
	Opened   bool   `json:"opened"`
	Verified bool   `json:"verified"`
	Dummy    bool   `json:"dummy,omitempty"`
	Next     uint8  `json:"next_header,omitempty"`
	Inner    string `json:"inner,omitempty"`
}

type jsonRecord struct {
	Kind string          `json:"kind"`
	Body json.RawMessage `json:"body"`
}

// JSON is an object on a line. Its records are those of `--events`.
func (d *Decoder) JSON(f *Found) ([]byte, error) {
	j := jsonFound{Packet: f.Packet, From: place(f.From), To: place(f.To), What: f.What, Problem: f.Problem, Broken: f.Broken}
	if !f.At.IsZero() {
		j.At = &f.At
	}
	if e := f.ESP; e != nil {
		j.ESP = &jsonESP{fmt.Sprintf("0x%08X", uint32(e.SPI)), e.Sequence, e.Octets, e.Opened, e.Verified, e.Dummy, e.Next, e.Inner}
	}
	for _, r := range f.Records {
		j.Records = append(j.Records, jsonRecord{r.Kind(), d.json.Body(r)})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(j)
	return b.Bytes(), err
}

// String is a line about the whole capture.
func (c Counts) String() string {
	return fmt.Sprintf("%d packets: %d of IKE, %d of them in clear or opened; %d of ESP, %d of them verified; %d keepalives; %d broken; %d others",
		c.Packets, c.IKE, c.Opened, c.ESP, c.Verified, c.Keepalives, c.Broken, c.Other)
}
