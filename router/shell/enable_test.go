package shell

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEnableSecret: who does not know it does not get in.
func TestEnableSecret(t *testing.T) {
	term := newTerminal(t, Options{Console: true})
	term.configured(t, "enable password other", "enable secret cisco")
	require.Empty(t, term.typed("enable"))
	for range enableTries - 1 {
		require.Equal(t, "Password: ", term.Pending())
		require.Equal(t, Password, term.Awaits(), "neither shown nor kept")
		require.Empty(t, term.typed("other"))
	}
	require.Equal(t, "% Bad secrets\n", term.typed("wrong"))
	require.Equal(t, "Router1>", term.Prompt())
	term.typed("enable")
	term.typed("cisco")
	require.Equal(t, "Router1#", term.Prompt())
	require.Empty(t, term.typed("enable"), "who is there already is not asked")
	term.typed("disable")
	term.configured(t, "enable secret 5 $1$abcd1234$2uW3ulNSsCppUKwdkf7Nd/")
	term.typed("enable")
	term.typed("$1$abcd1234$2uW3ulNSsCppUKwdkf7Nd/")
	require.Equal(t, "Password: ", term.Pending(), "the hash is no secret")
	term.typed("cisco")
	require.Equal(t, "Router1#", term.Prompt())
}

// TestNoWayInWithoutSecret: a terminal that comes over the network.
func TestNoWayInWithoutSecret(t *testing.T) {
	term := newTerminal(t, Options{})
	require.Equal(t, "% No password set\n", term.typed("enable"))
	require.Equal(t, "Router1>", term.Prompt())
}
