package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"
)

// pipe is standard input and output without a terminal. A line "^]", or the
// control character itself, stands for the key.
type pipe struct {
	in      *bufio.Scanner
	mu      sync.Mutex // the driver and the reader both write
	out     io.Writer
	midLine bool // the last output did not end its line
}

func newPipe(in io.Reader, out io.Writer) *pipe {
	return &pipe{in: bufio.NewScanner(in), out: out}
}

func (p *pipe) read(prompt string, _ keys) (string, error) {
	if !p.in.Scan() {
		if err := p.in.Err(); err != nil {
			return "", err
		}
		return "", io.EOF
	}
	line := strings.TrimRight(p.in.Text(), "\r")
	p.write(prompt + line + "\n")
	switch line {
	case "^]", "\x1d":
		return "", errEscape
	case "^C", "\x03":
		return "", errBreak
	case "^Z", "\x1a":
		return "", errEnd
	}
	return line, nil
}

// readKey goes on with the next page: nobody sits here.
func (p *pipe) readKey(string) (rune, error) { return ' ', nil }

func (p *pipe) write(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if text != "" {
		p.midLine = text[len(text)-1] != '\n'
	}
	fmt.Fprint(p.out, text)
}

// notice begins a line of its own when it comes into the middle of one.
func (p *pipe) notice(line string) {
	p.mu.Lock()
	midLine := p.midLine
	p.mu.Unlock()
	if midLine {
		line = "\n" + line
	}
	p.write(line + "\n")
}

func (p *pipe) awaitBreak(over <-chan struct{}) bool {
	<-over
	return false
}

func (p *pipe) close() error { return nil }
