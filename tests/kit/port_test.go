package kit

import (
	"net"
	"os/exec"
	"sync"
	"testing"
)

// TestFreePortIsFree: also while other tests start processes.
func TestFreePortIsFree(t *testing.T) {
	NeedCommand(t, "true")
	done := make(chan struct{})
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					_ = exec.Command("true").Run()
				}
			}
		})
	}
	for range 2 * portShare {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: FreePort(t)})
		if err != nil {
			t.Error(err)
			break
		}
		defer c.Close()
	}
	close(done)
	others.Wait()
}
