package iosconfig

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Hashes that others made.
func TestSecretMatches(t *testing.T) {
	for _, c := range [][3]string{
		{"5", "$1$28772684$iEwNOgGugqO9.bIz5sk8k/", "hashcat"},
		{"8", "$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk", "hashcat"},
		{"9", "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6", "hashcat"},
		{"4", "2btjjy78REtmYkkW0csHUbJZOstRXoWdX1mGrmmfeHI", "hashcat"},
		{"7", "13061E010803", "cisco"},
		{"", "cisco", "cisco"},
		{"0", "cisco", "cisco"},
	} {
		t.Run(c[0], func(t *testing.T) {
			require.True(t, SecretMatches(c[0], c[1], c[2]))
			require.False(t, SecretMatches(c[0], c[1], c[2]+"x"))
			require.False(t, SecretMatches(c[0], c[1], ""))
		})
	}
	for _, kind := range []string{"4", "5", "6", "7", "8", "9", "x"} {
		for _, hash := range []string{"", "$", "$$$", "$1$", "$1$x", "$5$x$y", "cisco", "0", "99zz", "$8$$", "$9$$", "\xff"} {
			require.False(t, SecretMatches(kind, hash, "cisco"), kind+hash)
		}
	}
}

func TestHashSecret(t *testing.T) {
	hash := HashSecret(SecretType, "R1", "username a", "cisco")
	require.Regexp(t, `^\$8\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}$`, hash)
	require.True(t, SecretMatches(SecretType, hash, "cisco"))
	require.Equal(t, hash, HashSecret(SecretType, "R1", "username a", "cisco"))
	require.NotEqual(t, hash, HashSecret(SecretType, "R2", "username a", "cisco"))
	require.NotEqual(t, hash, HashSecret(SecretType, "R1", "username b", "cisco"))
}
