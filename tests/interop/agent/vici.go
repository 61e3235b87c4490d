//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/strongswan/govici/vici"
)

// viciCall tells charon a command with arguments "key=value" and prints what it
// answers, a line for each value.
func viciCall(out io.Writer, args []string) error {
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
		return listSAs(out, s, in)
	}
	answer, err := s.Call(context.Background(), args[0], in)
	if answer != nil {
		flatten(out, "", answer)
	}
	return err
}

// listSAs prints each value of each IKE SA below its connection's name.
func listSAs(out io.Writer, s *vici.Session, in *vici.Message) error {
	for m, err := range s.CallStreaming(context.Background(), "list-sas", "list-sa", in) {
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
