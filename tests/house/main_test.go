package house

import (
	"testing"

	"ikelab/tests/kit"
)

func TestMain(m *testing.M) { kit.Main(m) }
