package terminal

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"ikelab/router/shell/line"
)

// pipe is standard input and output without a terminal. A line "^]", or the
// control character itself, stands for the key; `?` at the end of a line shows
// help, as the key does.
type pipe struct {
	in      *bufio.Scanner
	mu      sync.Mutex // the driver and the reader both write
	out     io.Writer
	seen    io.Writer // by a terminal in place of the pipe; nil: nobody
	midLine bool      // the last output did not end its line
	err     error
}

// longestLine is what a line may have in octets.
const longestLine = 1 << 20

func newPipe(in io.Reader, out io.Writer) *pipe {
	p := &pipe{in: bufio.NewScanner(in), out: out}
	p.in.Buffer(nil, longestLine)
	return p
}

func (p *pipe) Read(at Prompt) (string, error) { return p.read(at, true) }

func (p *pipe) ReadPassword(prompt string) (string, error) {
	return p.read(Prompt{Text: prompt}, false)
}

func (p *pipe) read(at Prompt, shown bool) (string, error) {
	for p.in.Scan() {
		raw := strings.TrimRight(p.in.Text(), "\r")
		text := edited(raw, at.Keys)
		echo := ""
		if shown {
			echo = text
		}
		p.Write(at.Text + echo + "\n")
		switch raw {
		case "^]", "\x1d":
			return "", ErrEscape
		case "^C", "\x03":
			return "", ErrBreak
		case "^Z", "\x1a":
			return "", ErrEnd
		}
		typed, help := strings.CutSuffix(text, "?")
		if !help || at.Keys == nil || strings.HasSuffix(raw, "\x16?") {
			return text, p.failure()
		}
		p.Write(at.Keys.Help(typed) + "\n")
	}
	if err := p.in.Err(); err != nil {
		return "", fmt.Errorf("standard input: %w", err)
	}
	return "", io.EOF
}

// edited is a line after the keys that edit it, if there are any.
func edited(raw string, k line.Keys) string {
	if k == nil || !strings.ContainsFunc(raw, unicode.IsControl) {
		return raw
	}
	return line.Typed(raw, k)
}

// failure is why nobody sees what is written.
func (p *pipe) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// ReadKey goes on with the next page: nobody sits here.
func (p *pipe) ReadKey(string) (rune, error) { return ' ', p.failure() }

func (p *pipe) Write(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.print(text)
}

func (p *pipe) print(text string) {
	if text == "" {
		return
	}
	p.midLine = text[len(text)-1] != '\n'
	if p.seen != nil {
		_, _ = io.WriteString(p.seen, crlf(text))
	}
	if _, err := io.WriteString(p.out, text); err != nil && p.err == nil {
		p.err = err
	}
}

// Notice begins a line of its own when it comes into the middle of one.
func (p *pipe) Notice(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.midLine {
		line = "\n" + line
	}
	p.print(line + "\n")
}

func (p *pipe) AwaitBreak(over <-chan struct{}) error {
	<-over
	return nil
}

// Columns are those of a terminal that does not know its own.
func (p *pipe) Columns() int { return defaultWidth }

// Dismiss does nothing: who reads a pipe cannot be interrupted.
func (p *pipe) Dismiss(bool) {}

func (p *pipe) Close() error { return p.failure() }
