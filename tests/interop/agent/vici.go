//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/strongswan/govici/vici"
)

// calls is how many commands charon is told at once: its socket takes few.
var calls = make(chan struct{}, 4)

// viciCall tells charon a command with arguments "key=value" and prints what it
// answers, a line for each value.
func viciCall(out io.Writer, args []string) error {
	calls <- struct{}{}
	defer func() { <-calls }()
	// The library waits for an answer for five seconds longer than this.
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	s, err := vici.NewSession()
	if err != nil {
		return err
	}
	defer s.Close()
	in := vici.NewMessage()
	for _, a := range args[1:] {
		key, value, _ := strings.Cut(a, "=")
		if err := in.Set(key, value); err != nil {
			return err
		}
	}
	if args[0] == "list-sas" {
		return listSAs(ctx, out, s, in)
	}
	answer, err := s.Call(ctx, args[0], in)
	if answer != nil {
		flatten(out, "", answer)
	}
	return err
}

// listSAs prints each value of each IKE SA below its connection's name.
func listSAs(ctx context.Context, out io.Writer, s *vici.Session, in *vici.Message) error {
	for m, err := range s.CallStreaming(ctx, "list-sas", "list-sa", in) {
		if err != nil {
			return err
		}
		flatten(out, "", m)
	}
	return nil
}

func flatten(out io.Writer, path string, m *vici.Message) {
	for _, key := range m.Keys() {
		switch value := m.Get(key).(type) {
		case *vici.Message:
			flatten(out, path+key+".", value)
		default:
			fmt.Fprintf(out, "%s%s=%v\n", path, key, value)
		}
	}
}
