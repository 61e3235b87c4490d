package serve

import (
	"encoding/binary"
	"errors"
	"net"
	"time"

	"golang.org/x/crypto/ssh"

	"ikelab/cmd/ikelab/internal/terminal"
	"ikelab/router/shell"
	"ikelab/topologies/lab"
)

// sshHost is the SSH of one router.
type sshHost struct {
	*Server
	router *lab.Router
	key    ssh.Signer
}

// version is what IOS 15 calls itself.
const version = "SSH-2.0-Cisco-1.25"

var errDenied = errors.New("permission denied")

// config is how somebody logs in: by password, typed or in a dialogue, or by
// key.
func (h *sshHost) config() *ssh.ServerConfig {
	c := &ssh.ServerConfig{
		MaxAuthTries: attempts, ServerVersion: version,
		PasswordCallback: func(c ssh.ConnMetadata, typed []byte) (*ssh.Permissions, error) {
			return h.password(c.User(), string(typed))
		},
		KeyboardInteractiveCallback: func(c ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			answers, err := ask("", "", []string{"Password: "}, []bool{false})
			if err != nil || len(answers) != 1 {
				return nil, errDenied
			}
			return h.password(c.User(), answers[0])
		},
		PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			account, known := h.account(h.router, c.User())
			for _, k := range account.Keys {
				if known && k.Is(key.Marshal()) {
					return permissions(account), nil
				}
			}
			return nil, errDenied
		},
		BannerCallback: func(ssh.ConnMetadata) (text string) {
			h.in(func() { text = h.router.Shell().Banners().Login })
			if text != "" {
				text += "\n"
			}
			return text
		},
	}
	c.AddHostKey(h.key)
	return c
}

// password checks one. A user that does not exist takes as long as one that
// does.
func (h *sshHost) password(user, typed string) (*ssh.Permissions, error) {
	account, _ := h.account(h.router, user)
	if !h.gate.matches(account.Password, typed) {
		return nil, errDenied
	}
	return permissions(account), nil
}

// privileged is how a login tells the session what the user may.
const privileged = "privileged"

func permissions(a shell.Account) *ssh.Permissions {
	p := &ssh.Permissions{Extensions: map[string]string{}}
	if a.Privileged {
		p.Extensions[privileged] = ""
	}
	return p
}

// serve is one connection.
func (h *sshHost) serve(c net.Conn) {
	line, ok := h.vacant(h.router)
	if !ok || !line.SSH {
		h.gate.leave()
		return
	}
	conn, channels, requests, err := ssh.NewServerConn(c, h.config())
	h.gate.leave()
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	_, may := conn.Permissions.Extensions[privileged]
	who := visitor{user: conn.User(), from: conn.RemoteAddr(), privileged: may}
	for asked := range channels {
		if asked.ChannelType() != "session" {
			_ = asked.Reject(ssh.Prohibited, "only sessions") // no forwarding
			continue
		}
		channel, requests, err := asked.Accept()
		if err != nil {
			return
		}
		s := &sshSession{sshHost: h, conn: c, channel: channel, who: who, hangUp: func() { _ = conn.Close() }}
		s.serve(requests)
		part(conn)
		return // one session to a connection, as IOS has it
	}
}

// part lets the other end close the connection, which has read all then.
func part(c *ssh.ServerConn) {
	gone := make(chan struct{})
	go func() {
		_ = c.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(lingerAfter):
	}
}

// sshSession is the channel of one session (RFC 4254 section 6).
type sshSession struct {
	*sshHost
	conn    net.Conn
	channel ssh.Channel
	who     visitor
	hangUp  func()
}

// serve takes requests until one begins the session, and serves it to its end.
func (s *sshSession) serve(requests <-chan *ssh.Request) {
	for r := range requests {
		begun := false
		switch r.Type {
		case "pty-req":
			s.who.columns, s.who.rows = ptySize(r.Payload)
			begun = true
		case "shell":
			_ = s.conn.SetDeadline(time.Time{}) // who is logged in must begin, too
			_ = r.Reply(true, nil)
			s.shell(requests)
			return
		case "exec":
			_ = s.conn.SetDeadline(time.Time{})
			_ = r.Reply(true, nil)
			s.exec(text(r.Payload))
			return
		}
		if r.WantReply {
			_ = r.Reply(begun, nil)
		}
	}
}

// shell is an interactive session.
func (s *sshSession) shell(requests <-chan *ssh.Request) {
	v := s.newVisit(s.router, s.channel, s.hangUp)
	go s.follow(requests, v)
	if err := v.begin(s.who); err == nil {
		v.serve()
	}
	s.close(v.terminal, 0)
}

// follow takes what comes while a session lasts; before it has begun, nothing
// comes of it.
func (s *sshSession) follow(requests <-chan *ssh.Request, v *visit) {
	for r := range requests {
		if r.Type == "window-change" {
			v.resize(windowSize(r.Payload))
		}
		if r.WantReply {
			_ = r.Reply(false, nil)
		}
	}
}

// exec carries one command out, without pages.
func (s *sshSession) exec(command string) {
	v := s.newVisit(s.router, s.channel, s.hangUp)
	status := uint32(1)
	if err := v.begin(s.who); err == nil {
		v.in(func() { v.session.Resize(0, 0) })
		v.Enter(command)
		_ = v.Await()
		v.in(func() {
			v.terminal.Write(v.session.Pending()) // nobody answers
			if !v.session.Refused() {
				status = 0
			}
		})
		v.end()
	}
	s.close(v.terminal, status)
}

// close says how it ended, once all has been read.
func (s *sshSession) close(t *terminal.Remote, status uint32) {
	_ = t.Close()
	select {
	case <-t.Done():
	case <-time.After(lingerAfter):
	}
	_, _ = s.channel.SendRequest("exit-status", false, binary.BigEndian.AppendUint32(nil, status))
	_ = s.channel.Close()
}

// ptySize reads the window of a pty-req (RFC 4254 section 6.2).
func ptySize(p []byte) (columns, rows int) {
	name := text(p)
	return windowSize(p[min(len(p), 4+len(name)):])
}

// mostColumns is what a line may have in IOS.
const mostColumns = 512

// windowSize reads columns and rows; 0 where there are none.
func windowSize(p []byte) (columns, rows int) {
	if len(p) < 8 {
		return 0, 0
	}
	return int(min(binary.BigEndian.Uint32(p), mostColumns)), int(min(binary.BigEndian.Uint32(p[4:]), mostColumns))
}

// text reads a string (RFC 4251 section 5); "" where there is none.
func text(p []byte) string {
	if len(p) < 4 {
		return ""
	}
	n := binary.BigEndian.Uint32(p)
	if uint64(n) > uint64(len(p)-4) {
		return ""
	}
	return string(p[4 : 4+n])
}
