package iosconfig

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Passwords of type 7 that routers of Cisco's made.
func TestReveal7(t *testing.T) {
	for hidden, text := range map[string]string{"02050D480809": "cisco", "13061E010803": "cisco", "070C285F4D06": "cisco", "0822455D0A16": "cisco"} {
		require.Equal(t, text, reveal7(hidden), hidden)
	}
}

// What is hidden is found again, whatever its length.
func TestHide7(t *testing.T) {
	for n := range 120 {
		text := strings.Repeat("Zü!9", 30)[:n+1]
		require.Equal(t, text, reveal7(hide7(text)))
		require.Equal(t, hide7(text), hide7(text))
		require.True(t, ValidHash("7", hide7(text)))
	}
}

func TestHidePasswords(t *testing.T) {
	seven := hide7("cisco 1")
	for line, want := range map[string]string{
		"password cisco 1":                         "password 7 " + seven,
		"password 0 cisco 1":                       "password 7 " + seven,
		"password 7 02050D480809":                  "password 7 02050D480809",
		"enable password cisco 1":                  "enable password 7 " + seven,
		"enable password level 7 cisco 1":          "enable password level 7 7 " + seven,
		"username u password 0 cisco 1":            "username u password 7 " + seven,
		"username u privilege 15 password cisco 1": "username u privilege 15 password 7 " + seven,
		"username u secret 8 $8$x$y":               "username u secret 8 $8$x$y",
		"username u":                               "username u",
		"enable secret 9 $9$x$y":                   "enable secret 9 $9$x$y",
		"aaa new-model":                            "aaa new-model",
	} {
		require.Equal(t, []string{want}, HidePasswords([]string{line}))
	}
}
