package topologies

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckConfig(t *testing.T) {
	errors, warnings := CheckConfig("r1.cfg", "hostname A\n!\ninterface Loopback0\n ip address 10.0.0.1 255.255.255.0\nend\n")
	require.Empty(t, errors)
	require.Empty(t, warnings)
	got, _ := CheckConfig("r1.cfg", "interface Loopback0\n\tip adress 1.1.1.1\n")
	require.Equal(t, "r1.cfg:2:7: % Invalid input detected at '^' marker.\n\tip adress 1.1.1.1\n\t     ^", got.Error())
}
