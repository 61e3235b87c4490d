package lab

import (
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"ikelab/router/record"
)

// encoder turns bodies into JSON. What encoding/json finds out at each value
// about its type, the encoder finds out once.
type encoder struct {
	secrets bool
	plans   map[reflect.Type]*plan
	at      time.Time // the instant that stamp is
	stamp   []byte
}

// plan is how the values of a type are written.
type plan struct {
	write  func(b []byte, v reflect.Value) []byte
	fields []field // of a struct
}

type field struct {
	index int
	key   string // `"name":`; empty: of an embedded struct, whose fields follow
	*plan
}

func newEncoder(secrets bool) encoder {
	return encoder{secrets: secrets, plans: map[reflect.Type]*plan{}}
}

func (e *encoder) body(b []byte, body record.Body) []byte {
	v := reflect.ValueOf(body)
	return e.plan(v.Type()).write(b, v)
}

var (
	stringer      = reflect.TypeFor[fmt.Stringer]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	anError       = reflect.TypeFor[error]()
)

func (e *encoder) plan(t reflect.Type) *plan {
	if p := e.plans[t]; p != nil {
		return p
	}
	p := &plan{}
	e.plans[t] = p // before the fields: a type may hold itself
	p.write = e.writer(t, p)
	return p
}

// writer chooses by what a type is called before what it is made of.
func (e *encoder) writer(t reflect.Type, p *plan) func(b []byte, v reflect.Value) []byte {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return func(b []byte, v reflect.Value) []byte { return e.quoteTime(b, v.Interface().(time.Time)) }
	case t == reflect.TypeFor[time.Duration]():
		return func(b []byte, v reflect.Value) []byte { return appendString(b, time.Duration(v.Int()).String()) }
	case t.Kind() == reflect.Interface:
		return e.dynamic
	case t.Kind() == reflect.Pointer && !t.Implements(stringer):
		elem := e.plan(t.Elem())
		return func(b []byte, v reflect.Value) []byte { return elem.write(b, v.Elem()) }
	case t.Implements(stringer) && isNumber(t.Kind()):
		return named(isSigned(t.Kind()))
	case t.Implements(stringer):
		return func(b []byte, v reflect.Value) []byte { return appendString(b, v.Interface().(fmt.Stringer).String()) }
	case t.Implements(textMarshaler):
		return func(b []byte, v reflect.Value) []byte { return appendText(b, v.Interface().(encoding.TextMarshaler)) }
	}
	return e.plain(t, p)
}

func (e *encoder) plain(t reflect.Type, p *plan) func(b []byte, v reflect.Value) []byte {
	switch k := t.Kind(); {
	case k == reflect.Struct:
		p.fields = e.fieldsOf(t)
		return func(b []byte, v reflect.Value) []byte {
			b = append(b, '{')
			b = p.appendFields(b, v)
			return append(b, '}')
		}
	case (k == reflect.Slice || k == reflect.Array) && t.Elem().Kind() == reflect.Uint8:
		return appendOctets
	case k == reflect.Slice || k == reflect.Array:
		return e.list(e.plan(t.Elem()))
	case k == reflect.String:
		return func(b []byte, v reflect.Value) []byte { return appendString(b, v.String()) }
	case k == reflect.Bool:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendBool(b, v.Bool()) }
	case isSigned(k):
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendInt(b, v.Int(), 10) }
	case isNumber(k):
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendUint(b, v.Uint(), 10) }
	case k == reflect.Float64:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendFloat(b, v.Float(), 'g', -1, 64) }
	}
	panic("lab: a record holds a " + t.String() + ", for which there is no JSON")
}

// fieldsOf are the exported fields; those with a secret only when it is
// wanted.
func (e *encoder) fieldsOf(t reflect.Type) (list []field) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("record")
		if !f.IsExported() || tag == "secret" && !e.secrets {
			continue
		}
		switch fd := (field{i, `"` + FieldName(f.Name) + `":`, e.plan(f.Type)}); {
		case f.Anonymous && f.Type.Kind() == reflect.Struct && !f.Type.Implements(stringer):
			list = append(list, field{index: i, plan: fd.plan})
		case tag == "spi":
			fd.plan = &plan{write: appendSPI}
			list = append(list, fd)
		default:
			list = append(list, fd)
		}
	}
	return list
}

// appendFields appends the fields that have another value than zero.
func (p *plan) appendFields(b []byte, v reflect.Value) []byte {
	for i := range p.fields {
		f := &p.fields[i]
		fv := v.Field(f.index)
		switch {
		case fv.IsZero():
		case f.key == "":
			b = f.appendFields(b, fv)
		default:
			if b[len(b)-1] != '{' {
				b = append(b, ',')
			}
			b = append(b, f.key...)
			b = f.write(b, fv)
		}
	}
	return b
}

// dynamic writes what an interface holds; errors as their text.
func (e *encoder) dynamic(b []byte, v reflect.Value) []byte {
	v = v.Elem()
	switch {
	case !v.IsValid():
		return append(b, "null"...)
	case v.Type().Implements(anError):
		return appendString(b, v.Interface().(error).Error())
	}
	inner := v
	if v.Kind() == reflect.Pointer {
		inner = v.Elem()
	}
	p := e.plan(inner.Type())
	if inner.Kind() != reflect.Struct || inner.Type().Implements(stringer) {
		return p.write(b, inner)
	}
	b = append(b, `{"is":`...)
	b = appendString(b, inner.Type().Name())
	b = p.appendFields(b, inner)
	return append(b, '}')
}

func (e *encoder) list(elem *plan) func(b []byte, v reflect.Value) []byte {
	return func(b []byte, v reflect.Value) []byte {
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = elem.write(b, v.Index(i))
		}
		return append(b, ']')
	}
}

// named writes what a number's String says, which is asked once for each value.
func named(signed bool) func(b []byte, v reflect.Value) []byte {
	names := map[uint64]string{} // in quotes
	return func(b []byte, v reflect.Value) []byte {
		text, known := names[bitsOf(v, signed)]
		if !known {
			text = string(appendString(nil, v.Interface().(fmt.Stringer).String()))
			if len(names) < mostNames {
				names[bitsOf(v, signed)] = text
			}
		}
		return append(b, text...)
	}
}

func bitsOf(v reflect.Value, signed bool) uint64 {
	if signed {
		return uint64(v.Int())
	}
	return v.Uint()
}

// mostNames bounds the names of a type that are remembered: SPIs name
// themselves too.
const mostNames = 1024

func (e *encoder) quoteTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

func isSigned(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Int64 }

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uintptr }

func appendText(b []byte, m encoding.TextMarshaler) []byte {
	text, err := m.MarshalText()
	if err != nil {
		return appendString(b, err.Error())
	}
	return appendString(b, string(text))
}

func appendOctets(b []byte, v reflect.Value) []byte {
	b = append(b, '"')
	if v.Kind() == reflect.Slice {
		b = hex.AppendEncode(b, v.Bytes())
	} else {
		for i := range v.Len() {
			b = hex.AppendEncode(b, []byte{byte(v.Index(i).Uint())})
		}
	}
	return append(b, '"')
}

// appendSPI appends the SPI of an IKE SA, which is no number that JSON's
// readers can hold.
func appendSPI(b []byte, v reflect.Value) []byte {
	var octets [8]byte
	binary.BigEndian.PutUint64(octets[:], v.Uint())
	b = append(b, '"')
	b = hex.AppendEncode(b, octets[:])
	return append(b, '"')
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			text, _ := json.Marshal(s) // never fails for a string
			return append(b, text...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// FieldName is a field's name in JSON: MessageID is message_id, SPIi spi_i.
func FieldName(s string) string {
	var b strings.Builder
	upper := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= 'A' && s[i] <= 'Z' }
	for i := range len(s) {
		last := i == len(s)-1
		switch {
		case i == 0:
		case upper(i) && !upper(i-1): // messageID
			b.WriteByte('_')
		case upper(i) && upper(i-1) && !last && !upper(i+1) && i+2 < len(s): // IKEPort
			b.WriteByte('_')
		case !upper(i) && upper(i-1) && upper(i-2) && last: // SPIi
			b.WriteByte('_')
		}
		b.WriteByte(s[i] | 0x20*btoi(upper(i)))
	}
	return b.String()
}

func btoi(b bool) byte {
	if b {
		return 1
	}
	return 0
}
