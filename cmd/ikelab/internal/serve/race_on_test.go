//go:build race

package serve

import "time"

// slowness is how many times slower a program is under the race detector.
const slowness time.Duration = 20
