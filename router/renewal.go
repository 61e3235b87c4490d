package router

import (
	"strconv"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/operator"
	"ikelab/router/shell"
)

// A certificate is renewed before it ends: `auto-enroll PERCENT` says at which part of its life;
// without a number that is its end.

// What follows a renewal that has failed, as IOS does unless `enrollment retry` says otherwise.
const (
	renewalPause = time.Minute
	renewalTries = 10
)

// renewal is what a trustpoint has tried.
type renewal struct {
	tries int
	next  time.Time // of our clock
}

// renewalAt is when the certificate of a trustpoint is to be renewed, by our clock; false: not by
// itself.
func (p *certified) renewalAt(c *iosconfig.Config, t *iosconfig.Trustpoint) (time.Time, bool) {
	if t.AutoEnroll == "" || p.authority(t.URL()) == nil {
		return time.Time{}, false
	}
	_, own := c.Texts.Certificates(t.Name)
	leaf := p.certificate(own)
	if own == nil || leaf == nil {
		return time.Time{}, false
	}
	if tried := p.renewals[string(own)]; tried != nil {
		return tried.next, tried.tries < renewalTries
	}
	percent, err := strconv.Atoi(strings.Fields(t.AutoEnroll)[0])
	if err != nil { // none is given
		percent = 100
	}
	life := leaf.NotAfter.Sub(leaf.NotBefore)
	return leaf.NotBefore.Add(life / 100 * time.Duration(percent)), true
}

// planRenewals has the clock call when the first certificate is to be renewed.
func planRenewals(p *certified, c *iosconfig.Config) {
	var first time.Time
	for t := range c.PKI.Trustpoints.All() {
		if at, due := p.renewalAt(c, t); due && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	if first.IsZero() {
		p.wake(first)
		return
	}
	// An authority may give what is due for renewal at once.
	if first = first.Add(-p.clock.Ahead()); first.Before(p.rest) {
		first = p.rest
	}
	p.wake(first)
}

// renew asks for new certificates in the place of those whose time has come. The old one, and with
// it the old key, stays where that fails.
func (p *certified) renew(now time.Time) {
	for t := range p.running().PKI.Trustpoints.All() {
		at, due := p.renewalAt(p.running(), t)
		if !due || at.After(p.clock.At(now)) {
			continue
		}
		p.rest = now.Add(renewalPause)
		p.records.Emit(operator.RenewalBegun{Trustpoint: t.Name})
		_, own := p.running().Texts.Certificates(t.Name)
		if err := renewOne(now, p, t); err != nil {
			tried := p.renewals[string(own)]
			if tried == nil {
				tried = &renewal{}
				put(&p.renewals, string(own), tried)
			}
			tried.tries, tried.next = tried.tries+1, p.clock.At(now).Add(renewalPause)
			p.records.Emit(operator.EnrolmentFailed{Trustpoint: t.Name, Reason: err.Error()})
			continue
		}
		delete(p.renewals, string(own))
	}
	planRenewals(p, p.running())
}

func renewOne(now time.Time, p *certified, t *iosconfig.Trustpoint) error {
	label := p.labelOf(t)
	old := p.keys[label]
	if strings.HasSuffix(t.AutoEnroll, "regenerate") && old != nil {
		_, kind, bits := t.KeyPair()
		if _, err := p.makeKey(now, label, kind, bits, old.exportable); err != nil {
			return err
		}
	}
	err := p.enrol(now, t.Name, shell.Included{})
	if err != nil && old != nil {
		p.keys[label] = old
	}
	return err
}
