package terminal

import (
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestOutboxNeverWaits: who does not read makes nobody wait, and is given up.
func TestOutboxNeverWaits(t *testing.T) {
	end, other := io.Pipe() // a write waits until somebody reads
	defer end.Close()
	r := NewRemote(strings.NewReader(""), other)
	r.Write("first\n")
	for range 3 * mostUnread / 1024 {
		r.Write(strings.Repeat("x", 1023) + "\n")
	}
	require.ErrorIs(t, r.Failure(), errUnread)
}

// TestNoticesAreDropped while the other end does not read, and it is told how many.
func TestNoticesAreDropped(t *testing.T) {
	end, other := io.Pipe()
	r := NewRemote(strings.NewReader(""), other)
	line := strings.Repeat("n", 99)
	for range 10 * crowded / 100 {
		r.Notice(line)
	}
	var text bytes.Buffer
	read := make(chan struct{})
	go func() {
		_, _ = io.Copy(&text, end)
		close(read)
	}()
	require.Eventually(t, func() bool { return !r.out.crowded() }, 5*time.Second, time.Millisecond)
	r.Notice("the last")
	require.NoError(t, r.Close())
	<-r.Done()
	require.NoError(t, r.Failure())
	other.Close()
	<-read
	require.True(t, strings.HasSuffix(text.String(), "\r\nthe last\r\n"))
	require.Contains(t, text.String(), " shows them]\r\n")
	told := strings.Count(text.String(), line+"\r\n")
	for _, m := range regexp.MustCompile(`\[(\d+) lines came faster`).FindAllStringSubmatch(text.String(), -1) {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		told += n
	}
	require.Equal(t, 10*crowded/100, told, "each line is shown or counted")
	require.Less(t, text.Len(), 3*crowded)
}

// TestEnters: Enter is one octet, however it is sent, also where its parts come
// apart.
func TestEnters(t *testing.T) {
	for typed, want := range map[string]string{"a\r\nb\r\x00c\r\r\nd\n\n": "a\rb\rc\r\rd\n\n", "\x00\n": "\x00\n"} {
		for _, size := range []int{1, 2, 100} {
			e := &enters{Reader: strings.NewReader(typed)}
			var got []byte
			for buf := make([]byte, size); ; {
				n, err := e.Read(buf)
				got = append(got, buf[:n]...)
				if err != nil {
					break
				}
			}
			require.Equal(t, want, string(got))
		}
	}
}
