package rows

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// running is what a router says behind some lines, and after reading that again.
func running(t *testing.T, lines ...string) []string {
	t.Helper()
	store := iosconfig.NewStore(iosconfig.New(iosconfig.IOS151))
	enter(t, NewEditor(store), lines...)
	list := Running(store.Running())
	require.Equal(t, list, Running(load(t, strings.Join(list, "\n"))))
	return list
}

// No secret stands in the configuration in clear.
func TestSecretsAreHashed(t *testing.T) {
	hash := "8 " + iosconfig.HashSecret(iosconfig.SecretType, "R1", "enable secret", "c1sco")
	bobs := "8 " + iosconfig.HashSecret(iosconfig.SecretType, "R1", "username bob", "c1sco")
	for typed, want := range map[string]string{
		"enable secret c1sco":                            "enable secret " + hash,
		"enable secret 0 c1sco":                          "enable secret " + hash,
		"enable secret 5 $1$abcd$2uW3ulNSsCppUKwdkf7Nd/": "enable secret 5 $1$abcd$2uW3ulNSsCppUKwdkf7Nd/",
		"enable secret 9 $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6": "enable secret 9 $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6",
		"username bob secret c1sco":                                      "username bob secret " + bobs,
		"username bob privilege 15 sec 0 c1sco":                          "username bob privilege 15 secret " + bobs,
		"username bob privilege 15 secret 5 $1$x$2uW3ulNSsCppUKwdkf7Nd/": "username bob privilege 15 secret 5 $1$x$2uW3ulNSsCppUKwdkf7Nd/",
		"username bob priv 15 sec c1sco":                                 "username bob privilege 15 secret " + bobs,
		"username bob pass priv sec":                                     "username bob password priv sec",
		"username bob password secret word":                              "username bob password secret word",
		"enable password c1sco":                                          "enable password c1sco",
	} {
		require.Contains(t, running(t, "hostname R1", typed), want, typed)
	}
	require.NotContains(t, strings.Join(running(t, "enable secret c1sco", "no enable secret"), "\n"), "enable secret")
}

// One spelling of what has two.
func TestDomainSpellings(t *testing.T) {
	text := strings.Join(running(t, "no ip domain-lookup", "no ip domain lookup", "ip domain-name a.example", "ip domain name b.example"), "\n")
	require.Equal(t, 1, strings.Count(text, "no ip domain lookup\n"))
	require.Contains(t, text, "ip domain name b.example\n")
	require.NotContains(t, text, "domain-")
	require.NotContains(t, text, "a.example")
	require.NotContains(t, strings.Join(running(t, "no ip domain lookup", "ip domain-lookup", "ip domain name a", "no ip domain-name"), "\n"), "domain")
}

func TestServiceTimestamps(t *testing.T) {
	off := []string{"no service timestamps debug uptime", "no service timestamps log uptime"}
	require.Subset(t, running(t, "no service timestamps"), off)
	require.Subset(t, running(t, "no service timestamps debug", "no service timestamps log"), off)
	require.Subset(t, running(t, "no service timestamps", "service timestamps"), []string{"service timestamps debug uptime", off[1]})
	require.Equal(t, running(t), running(t, "no service timestamps", "default service timestamps"))
}

// Later releases write the mode of a transform set where it is the usual one, too:
// every public configuration of them has the line.
func TestModeOfATransformSetIsWritten(t *testing.T) {
	text := "crypto ipsec transform-set T esp-gcm\n"
	for g, want := range map[iosconfig.Generation]bool{iosconfig.IOS151: false, iosconfig.XE17: true} {
		lines := Running(Load(text, g).Commit.After)
		require.Equal(t, want, slices.Contains(lines, " mode tunnel"), g)
		require.Equal(t, lines, Running(Load(strings.Join(lines, "\n"), g).Commit.After), g)
	}
}

// A file cannot have a router hash for a minute; who types may.
func TestSecretsOfAFileAreBounded(t *testing.T) {
	var text strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&text, "username u%d secret word%d\n", i, i)
	}
	l := Load(text.String(), iosconfig.IOS151)
	require.Len(t, l.Refused, 3950)
	require.Equal(t, 51, l.Refused[0].Line)
	require.Contains(t, l.Refused[0].Error(), "Only 50 secrets in clear are hashed of one file")
	require.NotContains(t, l.Refused[0].Error(), "word50")
	hashes := strings.Repeat("username u secret 8 "+iosconfig.HashSecret(iosconfig.SecretType, "R1", "username u", "x")+"\n", 100)
	require.Empty(t, Load(hashes, iosconfig.IOS151).Refused)
}
