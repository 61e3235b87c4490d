package shell

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// configured is a shell whose router has these lines.
func configured(t *testing.T, lines ...string) *Shell {
	t.Helper()
	term := newTerminal(t, Options{Console: true, Privileged: true})
	term.typed("configure terminal")
	for _, line := range lines {
		require.Empty(t, term.typed(line), line)
	}
	term.typed("end")
	return term.sh
}

// TestVTY: what stands below `line vty` is what who comes meets.
func TestVTY(t *testing.T) {
	bare := VTY{SSH: true, Telnet: true, Idle: 10 * time.Minute, Length: 24, Width: 80}
	with := func(change func(*VTY)) VTY { v := bare; change(&v); return v }
	for _, row := range []struct {
		lines []string
		want  VTY
	}{
		{nil, bare},
		{[]string{"aaa new-model"}, with(func(v *VTY) { v.Login = LoginLocal })},
		{[]string{"line vty 0 4", "login local"}, with(func(v *VTY) { v.Login = LoginLocal })},
		{[]string{"line vty 0 4", "login local", "login"}, bare},
		{[]string{"line vty 0 4", "no login"}, with(func(v *VTY) { v.Login = LoginNone })},
		{[]string{"line vty 0 4", "no login", "default login"}, bare},
		{[]string{"line vty 0 4", "password 0 cisco"}, with(func(v *VTY) { v.Password = Credential{"0", "cisco"} })},
		{[]string{"line vty 0 4", "transport input ssh"}, with(func(v *VTY) { v.Telnet = false })},
		{[]string{"line vty 0 4", "transport input telnet"}, with(func(v *VTY) { v.SSH = false })},
		{[]string{"line vty 0 4", "transport input telnet ssh"}, bare},
		{[]string{"line vty 0 4", "transport input none"}, with(func(v *VTY) { v.SSH, v.Telnet = false, false })},
		{[]string{"line vty 0 4", "privilege level 15"}, with(func(v *VTY) { v.Privileged = true })},
		{[]string{"line vty 0 4", "privilege level 14"}, bare},
		{[]string{"line vty 0 4", "exec-timeout 1 30"}, with(func(v *VTY) { v.Idle = 90 * time.Second })},
		{[]string{"line vty 0 4", "no exec-timeout"}, with(func(v *VTY) { v.Idle = 0 })},
		{[]string{"line vty 0 4", "length 0", "width 132"}, with(func(v *VTY) { v.Length, v.Width = 0, 132 })},
		{[]string{"line vty 1 4", "privilege level 15"}, bare},
	} {
		v, ok := configured(t, row.lines...).Vacant()
		require.True(t, ok)
		require.Equal(t, row.want, v, row.lines)
	}
}

// TestVacant: there are as many lines as the configuration says, five without.
func TestVacant(t *testing.T) {
	sh := configured(t, "line vty 5 6", "privilege level 15")
	var all []*Session
	for n := range 7 {
		v, ok := sh.Vacant()
		require.True(t, ok)
		require.Equal(t, n >= 5, v.Privileged)
		all = append(all, sh.Open(Options{}))
	}
	_, ok := sh.Vacant()
	require.False(t, ok)
	all[3].Close()
	_, ok = sh.Vacant()
	require.True(t, ok)
}

// TestAccounts: nobody is known who is not configured, and no password is the
// right one by default.
func TestAccounts(t *testing.T) {
	sh := configured(t, "username ann privilege 15 secret cisco", "username bob password 0 two words", "username eve",
		"username kim password 7 02050D480809",
		"ip ssh pubkey-chain", "username ann", "key-hash ssh-rsa 0123456789abcdef0123456789ABCDEF ann@host", "username nobody", "key-hash ssh-rsa 0123456789abcdef0123456789ABCDEF")
	for _, row := range []struct {
		name, password   string
		matches, enables bool
	}{
		{"ann", "cisco", true, true}, {"ann", "", false, true}, {"ann", "Cisco", false, true},
		{"bob", "two words", true, false}, {"kim", "cisco", true, false}, {"eve", "", false, false},
	} {
		a, ok := sh.Account(row.name)
		require.True(t, ok, row.name)
		require.Equal(t, row.matches, a.Password.Matches(row.password), "%s %s", row.name, row.password)
		require.Equal(t, row.enables, a.Privileged, row.name)
	}
	ann, _ := sh.Account("ann")
	require.Len(t, ann.Keys, 1)
	for _, name := range []string{"", "nobody", "ANN", "an"} {
		a, ok := sh.Account(name)
		require.False(t, ok, name)
		require.Empty(t, a.Keys)
	}
}
