package wire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Writing into a buffer with room allocates nothing; reading costs an object
// a payload and one for the octets.
func TestAllocations(t *testing.T) {
	for _, n := range notedMessages() {
		m, buf := n.message(), make([]byte, 0, 1024)
		require.Zero(t, testing.AllocsPerRun(100, func() { m.Append(buf) }), n.name)
		require.Zero(t, testing.AllocsPerRun(100, func() { m.AppendSealed(buf, glass{}, countIV) }), n.name)
		b := m.Append(nil)
		inner := 0 // lists inside payloads: proposals, transforms, selectors, attributes
		for _, p := range m.Payloads {
			switch p.(type) {
			case *SA:
				inner += 2
			case *TS, *CP:
				inner++
			}
		}
		allocs := testing.AllocsPerRun(100, func() { _, _ = Parse(b) })
		require.LessOrEqual(t, int(allocs), 3+len(m.Payloads)+inner, n.name)
	}
}

func BenchmarkParse(b *testing.B) {
	for _, n := range notedMessages()[:3] {
		data := n.message().Append(nil)
		b.Run(n.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, n := range notedMessages()[:3] {
		m := n.message()
		b.Run(n.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Append(nil)
			}
		})
	}
}

// BenchmarkSealed leaves the cipher out.
func BenchmarkSealed(b *testing.B) {
	m := notedMessages()[2].message()
	data := m.AppendSealed(nil, glass{}, countIV)
	b.Run("AppendSealed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m.AppendSealed(nil, glass{}, countIV)
		}
	})
	b.Run("Open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Open(data, glass{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	m := notedMessages()[2].message()
	b.ReportAllocs()
	for b.Loop() {
		if err := Check(m); err != nil {
			b.Fatal(err)
		}
	}
}
