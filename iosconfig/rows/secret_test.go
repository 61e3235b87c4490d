package rows

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// TestPasswordEncryption: what is there becomes type 7, so does what comes, and `no` leaves
// it so.
func TestPasswordEncryption(t *testing.T) {
	s := sessionIn(t, "config")
	s.enter(t, "enable password one", "username u password 0 two", "line vty 0 4", "password three", "exit", "service password-encryption")
	seven := func(text string) string { return strings.TrimPrefix(iosconfig.HidePassword(text), "7 ") }
	require.Subset(t, Running(s.store.Running()), []string{"service password-encryption", "enable password 7 " + seven("one"), "username u password 7 " + seven("two"), " password 7 " + seven("three")})
	s.enter(t, "username v privilege 15 password four", "line con 0", "password five", "exit", "enable password six")
	require.Subset(t, Running(s.store.Running()), []string{"username v privilege 15 password 7 " + seven("four"), " password 7 " + seven("five"), "enable password 7 " + seven("six")})
	requireSame(t, s.store.Running(), load(t, strings.Join(Running(s.store.Running()), "\n")))
	before := Running(s.store.Running())
	s.enter(t, "no service password-encryption")
	require.Equal(t, slices.DeleteFunc(before, func(l string) bool { return l == "service password-encryption" }), Running(s.store.Running()))
	s.enter(t, "username w password clear")
	require.Contains(t, Running(s.store.Running()), "username w password clear")
}

// TestUnreadKeys: a key of type 6 is kept, and whom it concerns is told.
func TestUnreadKeys(t *testing.T) {
	s := sessionIn(t, "config-ikev2-keyring-peer")
	r, err := s.Enter("pre-shared-key 6 JAbGSOcDeN")
	require.NoError(t, err)
	require.Equal(t, []string{"% A key of type 6 cannot be read here: no tunnel that needs it will come up"}, r.Messages)
	r, err = s.Enter("pre-shared-key clear")
	require.NoError(t, err)
	require.Empty(t, r.Messages)
	s = sessionIn(t, "config-ikev2-profile")
	r, err = s.Enter("authentication local pre-share key 6 JAbGSOcDeN")
	require.NoError(t, err)
	require.Len(t, r.Messages, 1)
	s = sessionIn(t, "config")
	r, err = s.Enter("password encryption aes")
	require.NoError(t, err)
	require.Len(t, r.Messages, 1)
}

// TestWeakTypes: IOS XE warns of types that it wants no more; 15.1 has no others.
func TestWeakTypes(t *testing.T) {
	for _, g := range []iosconfig.Generation{iosconfig.IOS151, iosconfig.XE17} {
		s := session{store: iosconfig.NewStore(iosconfig.New(g))}
		s.Editor = NewEditor(s.store)
		for line, weak := range map[string]string{
			"username a password x": "0", "username a password 7 02050D480809": "7", "username s secret x": "", "username s privilege 15 secret 5 $1$28772684$iEwNOgGugqO9.bIz5sk8k/": "5",
			"enable password x": "0", "enable secret 5 $1$28772684$iEwNOgGugqO9.bIz5sk8k/": "5", "enable secret x": "", "username a privilege 15": "",
		} {
			r, err := s.Enter(line)
			require.NoError(t, err, line)
			if g == iosconfig.IOS151 || weak == "" {
				require.Empty(t, r.Messages, line)
				continue
			}
			require.Equal(t, []string{"WARNING: Command has been added to the configuration using a type " + weak + " password. However, type " + weak + " passwords will soon be deprecated. Migrate to a supported password type"}, r.Messages, line)
		}
	}
}

// TestUsers: a user is what all lines about him say, as IOS merges them.
func TestUsers(t *testing.T) {
	s := sessionIn(t, "config")
	lines := func() (list []string) {
		for _, l := range Running(s.store.Running()) {
			if strings.HasPrefix(l, "username ") {
				list = append(list, l)
			}
		}
		return list
	}
	hash := func(kind, whose string) string {
		return kind + " " + iosconfig.HashSecret(kind, "Router", "username "+whose, "cisco")
	}
	s.enter(t, "username bob privilege 15", "username bob secret cisco")
	require.Equal(t, []string{"username bob privilege 15 secret " + hash("8", "bob")}, lines())
	s.enter(t, "username bob autocommand show ip interface brief", "username bob noescape", "username bob priv 7")
	require.Equal(t, []string{"username bob autocommand show ip interface brief", "username bob privilege 7 noescape secret " + hash("8", "bob")}, lines())
	_, err := s.Enter("username bob password cisco")
	require.Equal(t, syntax.Refuse("ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other."), err)
	s.enter(t, "no username bob privilege 7", "no username bob autocommand show ip interface brief")
	require.Equal(t, []string{"username bob noescape secret " + hash("8", "bob")}, lines())
	s.enter(t, "no username bob", "username eve privilege 15 algorithm-type scrypt secret cisco", "username amy algorithm-type md5 secret cisco")
	require.Equal(t, []string{"username amy secret " + hash("5", "amy"), "username eve privilege 15 secret " + hash("9", "eve")}, lines())
	_, err = s.Enter("username joe foo bar")
	require.ErrorAs(t, err, &syntax.ErrInvalid{})
	for _, kind := range []string{"5", "8", "9"} {
		typed, text, _ := strings.Cut(hash(kind, "x"), " ")
		require.True(t, iosconfig.ValidHash(typed, text) && iosconfig.SecretMatches(typed, text, "cisco"))
		require.False(t, iosconfig.SecretMatches(typed, text, "Cisco"))
	}
	s.enter(t, "enable algorithm-type scrypt secret cisco")
	require.Contains(t, Running(s.store.Running()), "enable secret 9 "+iosconfig.HashSecret("9", "Router", "enable secret", "cisco"))
}
