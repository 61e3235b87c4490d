package ikev2

import (
	"time"

	"ikelab/ipsec"
)

// Modelled durations of what IOS hands to its crypto engine and to IPsec. They
// order events and give the timestamps of a run; the tech note's router needed
// 3 ms and 7 ms for group 2.
const (
	loadCost = 4 * time.Millisecond
	signCost = 5 * time.Millisecond
)

var dhCosts = map[ipsec.Group][2]time.Duration{
	1: {2, 4}, 2: {3, 7}, 5: {6, 13}, 14: {12, 26}, 15: {36, 78}, 16: {80, 170}, 17: {230, 500}, 18: {500, 1100},
	19: {2, 4}, 20: {4, 8}, 21: {8, 16}, 22: {3, 7}, 23: {12, 26}, 24: {12, 26}, 31: {1, 2},
	35: {1, 1}, 36: {1, 1}, 37: {1, 1},
}

func publicCost(g ipsec.Group) time.Duration { return dhCosts[g][0] * time.Millisecond }
func secretCost(g ipsec.Group) time.Duration { return dhCosts[g][1] * time.Millisecond }
