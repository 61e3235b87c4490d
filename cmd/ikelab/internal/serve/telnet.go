package serve

import (
	"io"
	"net"
	"time"

	"ikelab/cmd/ikelab/internal/terminal"
	"ikelab/router/shell"
	"ikelab/topologies/lab"
)

// telnetHost is the telnet of one router.
type telnetHost struct {
	*Server
	router *lab.Router
}

// serve is one connection.
func (h *telnetHost) serve(c net.Conn) {
	line, ok := h.vacant(h.router)
	if !ok || !line.Telnet {
		h.gate.leave()
		return
	}
	stream := newTelnet(c)
	v := h.newVisit(h.router, stream, func() { _ = c.Close() })
	who, ok := h.login(v.terminal, line)
	h.gate.leave()
	if ok {
		_ = c.SetDeadline(time.Time{})
		who.from = c.RemoteAddr()
		who.columns, who.rows = stream.follow(v.resize)
		if v.begin(who) == nil {
			v.serve()
		}
	}
	_ = v.terminal.Close()
	select {
	case <-v.terminal.Done():
		drain(c)
	case <-time.After(lingerAfter):
	}
}

// drain reads what the other end still types, until it has closed too: a socket
// that is closed over unread octets takes back what was written last.
func drain(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok && t.CloseWrite() == nil {
		_ = c.SetReadDeadline(time.Now().Add(lingerAfter))
		_, _ = io.Copy(io.Discard, c)
	}
}

// login asks who comes, as the line wants it.
func (h *telnetHost) login(t *terminal.Remote, line shell.VTY) (who visitor, ok bool) {
	h.in(func() {
		if b := h.router.Shell().Banners(); b.MOTD != "" || b.Login != "" {
			t.Write("\n" + b.MOTD + "\n" + b.Login + "\n")
		}
	})
	if line.Login == shell.LoginNone {
		return who, true
	}
	t.Write("\n\nUser Access Verification\n\n")
	if line.Login == shell.LoginLine {
		return who, h.linePassword(t, line.Password)
	}
	for range attempts {
		name, err := t.Read(terminal.Prompt{Text: "Username: "})
		if err != nil {
			return who, false
		}
		typed, err := t.ReadPassword("Password: ")
		if err != nil {
			return who, false
		}
		if account, ok := h.account(h.router, name); h.gate.matches(account.Password, typed) && ok {
			return visitor{user: name, privileged: account.Privileged}, true
		}
		t.Write("% Login invalid\n\n")
	}
	return who, false
}

// linePassword asks for the password of the line.
func (h *telnetHost) linePassword(t *terminal.Remote, password shell.Credential) bool {
	if !password.Set() {
		t.Write("Password required, but none set\n")
		return false
	}
	for range attempts {
		typed, err := t.ReadPassword("Password: ")
		if err != nil {
			return false
		}
		if h.gate.matches(password, typed) {
			return true
		}
	}
	t.Write("% Bad passwords\n")
	return false
}
