//go:build linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// words are what it can.
var words = map[string]func(out io.Writer, args []string) error{
	"ping":  ping,
	"get":   get,
	"put":   put,
	"pairs": pairs,
	"vici":  viciCall,
	"file":  file,
	"encap": encap,
	"sh":    shell,
}

func main() {
	go serve(":5000", func(c io.ReadWriter) { _ = writeText(c) })
	go serve(":5001", func(c io.ReadWriter) { _, _ = fmt.Fprintln(c, sumOf(c)) })
	fmt.Println("> ready")
	var mu sync.Mutex
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() && lines.Text() != "exit" {
		fields := strings.SplitN(lines.Text(), " ", 3)
		if len(fields) < 2 {
			continue
		}
		go func() {
			var out bytes.Buffer
			err := obey(&out, fields[1], strings.Join(fields[2:], ""))
			mu.Lock()
			defer mu.Unlock()
			fmt.Printf("< %s\n%s\n> %[1]s %[3]v\n", fields[0], out.String(), err)
		}()
	}
}

func obey(out io.Writer, word, rest string) error {
	do, ok := words[word]
	if !ok {
		return fmt.Errorf("no such word: %s", word)
	}
	if word == "sh" {
		return do(out, []string{rest})
	}
	return do(out, strings.Fields(rest))
}

func shell(out io.Writer, args []string) error {
	c := exec.Command("/bin/sh", "-c", args[0])
	c.Stdout, c.Stderr = out, out
	return c.Run()
}

// file prints a file.
func file(out io.Writer, args []string) error {
	text, err := os.ReadFile(args[0])
	_, _ = out.Write(text)
	return err
}
