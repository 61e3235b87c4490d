package swarm

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/router/operator"
	"ikelab/router/record"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// certified is a quiet plan whose ends prove themselves so.
func certified(a, b proof) *Plan {
	p := quietPlan()
	p.Image, p.Trust = topologies.NewerImage, &trusts{Revocation: "crl", Short: shortLeast}
	p.Routers[0].Proof, p.Routers[1].Proof = a, b
	return p
}

// TestProofs: whatever either end proves itself by, it is believed.
func TestProofs(t *testing.T) {
	ec := proof{Method: "ecdsa-sig", Key: "eckeypair K", By: root}
	for name, b := range map[string]proof{
		"the key":   {},
		"below":     {Method: "ecdsa-sig", Key: "eckeypair K 384", By: branch, DN: true},
		"short":     {Method: "ecdsa-sig", Key: "eckeypair K", By: short},
		"Ed25519":   {Method: "eddsa-sig", Key: "eckeypair K ed25519", By: root},
		"RSA":       {Method: "rsa-sig", Key: "rsakeypair K 1024", By: branch},
		"RSA again": {Method: "rsa-sig pss", Key: "rsakeypair K 1024", By: root, DN: true},
	} {
		p := certified(ec, b)
		require.NoError(t, p.Check())
		r := Run(p, Options{})
		require.Empty(t, r.Violations, name)
		require.Equal(t, r.Sent, r.Arrived, name)
	}
}

// TestRefusedProofs: who has a certificate that nobody may believe is refused for its reason,
// and told.
func TestRefusedProofs(t *testing.T) {
	for by := range amiss {
		for _, a := range []proof{{}, {Method: "ecdsa-sig", Key: "eckeypair K", By: root}} {
			p := certified(a, proof{Method: "ecdsa-sig", Key: "eckeypair K", By: by})
			p.Routers[1].Delay = 10 * time.Second
			r := Run(p, Options{})
			require.Empty(t, r.Violations, by)
			require.Less(t, r.Arrived, r.Sent/2)
		}
	}
}

// TestWrongClocks: a clock by which no certificate holds, and one that is right again.
func TestWrongClocks(t *testing.T) {
	ec := proof{Method: "ecdsa-sig", Key: "eckeypair K", By: root}
	p := certified(ec, ec)
	p.Faults = []Fault{
		{Kind: Clock, At: 70 * time.Second, Router: 1, Tunnel: 1, Lines: []string{"clock set 00:00:00 1 jan 1993"}},
		{Kind: Clear, At: 80 * time.Second, Router: 1, Tunnel: 1, Lines: []string{"clear crypto session"}},
	}
	r := Run(p, Options{})
	require.Empty(t, r.Violations)
	require.Less(t, r.Arrived, r.Sent/2, "nothing is made anew")
}

// TestMutantJudgeOfEarly: a certificate that is not valid yet is, by a clock that is a day ahead.
func TestMutantJudgeOfEarly(t *testing.T) {
	p := certified(proof{Method: "ecdsa-sig", Key: "eckeypair K", By: early}, proof{})
	begin := time.Unix(1e9, 0)
	for ahead, want := range map[time.Duration]int{0: 1, 23 * time.Hour: 1, 25 * time.Hour: 0, 2 * 365 * 24 * time.Hour: 1} {
		found := 0
		j := newJudge(p, func(Invariant, string) { found++ })
		j.take(record.Record{Node: "R1", At: begin, Body: operator.CertificateInstalled{Trustpoint: ownPoint, Until: begin.AddDate(1, 0, 1)}})
		j.take(record.Record{Node: "R2", At: begin, Body: operator.ClockSet{To: begin.Add(ahead)}})
		j.take(record.Record{Node: "R2", At: begin.Add(time.Minute), Body: ikev2.CertificateJudged{Subject: "hostname=R1." + domain + ",cn=R1,o=swarm"}})
		require.Equal(t, want, found, ahead)
	}
}

// TestMutantJudge: what is found of a certificate is another thing than what is so.
func TestMutantJudge(t *testing.T) {
	ec := proof{Method: "ecdsa-sig", Key: "eckeypair K", By: short}
	p := certified(ec, ec)
	p.Routers[1].Proof.By = old
	begin := time.Unix(1e9, 0)
	up := ikev2.SAUp{SA: ikev2.Ref{ID: 1}, Info: ikev2.SAInfo{Auth: [2]string{"ECDSA", "ECDSA"}}}
	judged := func(name string, f pki.Problem) record.Body {
		b := ikev2.CertificateJudged{SA: ikev2.Ref{ID: 1}, Subject: "hostname=" + name + "." + domain + ",cn=" + name + ",o=swarm"}
		if f != pki.Fine {
			b.Fault = &pki.Fault{Problem: f}
		}
		return b
	}
	named := func(f pki.Problem) record.Body { // an edit has R1 call itself so
		b := judged("R1", f).(ikev2.CertificateJudged)
		b.Identity.Data = []byte(stranger)
		return b
	}
	for _, m := range []struct {
		after, ahead time.Duration
		body         record.Body
		want         int
	}{
		{time.Minute, 0, named(pki.Fine), 1},
		{time.Minute, 0, named(pki.Expired), 0},
		{time.Minute, 0, judged("R1", pki.Fine), 0},
		{2 * time.Hour, 0, judged("R1", pki.Fine), 1},
		{time.Minute, 2 * time.Hour, judged("R1", pki.Fine), 1},
		{time.Minute, 2 * time.Hour, judged("R1", pki.Expired), 0},
		{time.Minute, -2 * time.Hour, judged("R1", pki.Fine), 1},
		{30 * time.Minute, 0, judged("R1", pki.Expired), 1},
		{time.Minute, 0, judged("R2", pki.Fine), 1},
		{time.Minute, 0, judged("R2", pki.Expired), 0},
		{time.Minute, 0, judged("R2", pki.Untrusted), 1},
		{time.Minute, time.Hour, judged("R2", pki.Untrusted), 0},
		{time.Minute, 0, judged("R7", pki.Fine), 1},
		{time.Minute, 0, up, 1},
	} {
		found := 0
		j := newJudge(p, func(Invariant, string) { found++ })
		j.take(record.Record{Node: "R1", At: begin, Body: operator.CertificateInstalled{Trustpoint: ownPoint, Until: begin.Add(time.Hour)}})
		if m.ahead != 0 {
			j.take(record.Record{Node: "R2", At: begin, Body: operator.ClockSet{To: begin.Add(m.ahead)}})
		}
		j.take(record.Record{Node: "R2", At: begin.Add(m.after), Body: m.body})
		require.Equal(t, m.want, found, "%+v after %v, %v ahead", m.body, m.after, m.ahead)
	}
	found := 0
	newJudge(p, func(Invariant, string) { found++ }).refusals()
	require.Equal(t, 1, found, "nobody has refused R2")
}

// TestJudgeOfWhatWasNotSaved: a router that loses its power may have the certificate again that
// it had before, but none that neither of them is.
func TestJudgeOfWhatWasNotSaved(t *testing.T) {
	ec := proof{Method: "ecdsa-sig", Key: "eckeypair K", By: short}
	begin := time.Unix(1e9, 0)
	for _, m := range []struct {
		after time.Duration
		lost  bool
		fault *pki.Fault
		want  int
	}{
		{90 * time.Minute, false, &pki.Fault{Problem: pki.Expired}, 1},
		{90 * time.Minute, true, &pki.Fault{Problem: pki.Expired}, 0},
		{90 * time.Minute, true, nil, 0},
		{3 * time.Hour, true, nil, 1},
		{50 * time.Minute, true, &pki.Fault{Problem: pki.Expired}, 1},
	} {
		found := 0
		j := newJudge(certified(ec, ec), func(Invariant, string) { found++ })
		for _, at := range []time.Duration{0, 40 * time.Minute} {
			j.take(record.Record{Node: "R1", At: begin.Add(at), Body: operator.CertificateInstalled{Trustpoint: ownPoint, Until: begin.Add(at + time.Hour)}})
		}
		if m.lost {
			j.lost("R1")
		}
		j.take(record.Record{Node: "R2", At: begin.Add(m.after), Body: ikev2.CertificateJudged{SA: ikev2.Ref{ID: 1}, Subject: "cn=R1,o=swarm", Fault: m.fault}})
		require.Equal(t, m.want, found, "%+v", m)
	}
}

// TestRevoked: what is taken back is believed by who holds a list of before, refused by who has
// fetched the new one, and made good by another certificate.
func TestRevoked(t *testing.T) {
	ec := proof{Method: "ecdsa-sig", Key: "eckeypair K", By: root}
	for _, fetch := range []bool{true, false} {
		p := certified(ec, ec)
		p.Length = 4 * time.Minute
		f := Fault{Kind: Revoke, At: 90 * time.Second, For: time.Minute, Router: 2, Tunnel: 1, Lines: []string{"clear crypto session"}}
		if fetch {
			f.Apart = []int{1}
		}
		p.Faults = []Fault{f}
		require.NoError(t, p.Check())
		refusals := 0
		r := Run(p, Options{Opened: func(l *lab.Lab) error {
			l.Stream.Listen(func(r record.Record) {
				if b, is := r.Body.(ikev2.CertificateJudged); is && b.Fault != nil {
					require.Equal(t, pki.Revoked, b.Fault.Problem)
					refusals++
				}
			})
			return nil
		}})
		require.Empty(t, r.Violations)
		require.Equal(t, 1, r.Faults[Revoke])
		require.Equal(t, fetch, refusals > 0)
		require.Equal(t, fetch, r.Arrived < r.Sent-20)
	}
}

// TestMutantTaken: a certificate on the list is believed, one that is not is refused for that.
func TestMutantTaken(t *testing.T) {
	ec := proof{Method: "ecdsa-sig", Key: "eckeypair K", By: root}
	begin := time.Unix(1e9, 0)
	judged := func(f pki.Problem) record.Body {
		b := ikev2.CertificateJudged{SA: ikev2.Ref{ID: 1}, Subject: "cn=R1,o=swarm"}
		if f != pki.Fine {
			b.Fault = &pki.Fault{Problem: f}
		}
		return b
	}
	for _, m := range []struct {
		taken, fetched time.Duration // 0: never
		ahead          time.Duration
		found          pki.Problem
		want           int
	}{
		{0, 0, 0, pki.Fine, 0},
		{0, 0, 0, pki.Revoked, 1},
		{10 * time.Minute, 0, 0, pki.Fine, 0},
		{10 * time.Minute, 0, 0, pki.Revoked, 1},
		{10 * time.Minute, 11 * time.Minute, 0, pki.Fine, 1},
		{10 * time.Minute, 11 * time.Minute, 0, pki.Revoked, 0},
		{12 * time.Minute, 11 * time.Minute, 0, pki.Revoked, 1},
		{10 * time.Minute, 0, 25 * time.Hour, pki.Fine, 1},
	} {
		found := 0
		j := newJudge(certified(ec, ec), func(Invariant, string) { found++ })
		j.take(record.Record{Node: "R1", At: begin, Body: operator.CertificateInstalled{Trustpoint: ownPoint, Until: begin.Add(1000 * time.Hour)}})
		j.take(record.Record{Node: "R2", At: begin.Add(time.Minute), Body: judged(pki.Fine)})
		if m.taken != 0 {
			j.taken.back["R1"] = []time.Time{begin.Add(m.taken)}
		}
		if m.fetched != 0 {
			j.taken.fetches("R2", begin.Add(m.fetched))
		}
		j.ahead["R2"] = m.ahead
		j.take(record.Record{Node: "R2", At: begin.Add(20 * time.Minute), Body: judged(m.found)})
		require.Equal(t, m.want, found, "%+v", m)
	}
}
