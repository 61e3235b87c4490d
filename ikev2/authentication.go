package ikev2

import (
	"crypto/hmac"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/wire"
)

// An authenticator is how one end proves who it is (RFC 7296 2.15): ours signs
// with it, or we verify the peer with it. A signature needs a public-key operation:
// there is a job then, whose result is handed back.
type authenticator interface {
	method() wire.AuthMethod
	word() string // for screens
	octets() int  // of the secret, or of the key
	sign(o keys.Signed) ([]byte, *keys.Job)
	verify(o keys.Signed, method wire.AuthMethod, data []byte) bool
}

// sharedKey authenticates with a pre-shared key.
type sharedKey []byte

func (sharedKey) method() wire.AuthMethod { return wire.AuthSharedKey }

func (sharedKey) word() string { return "PSK" }

func (k sharedKey) octets() int { return len(k) }

func (k sharedKey) sign(o keys.Signed) ([]byte, *keys.Job) { return o.SharedKey(k), nil }

func (k sharedKey) verify(o keys.Signed, _ wire.AuthMethod, data []byte) bool {
	return hmac.Equal(o.SharedKey(k), data)
}

// authentication is the pair of an SA: who the two ends say they are, and how
// they prove it; nil: not at all.
type authentication struct {
	localID, remoteID Identity
	besideID          [3]byte // the reserved octets of the peer's
	prover, verifier  authenticator
	papers            *papers // of certificates; nil: no profile that might be meant has any
}

// mixing is what becomes of an SA's PPK. The initiator sends its AUTH under mixed keys
// before it knows whether the responder has the key.
type mixing struct {
	ppk     *PPK // that the configuration has for the peer; nil: none
	peerCan bool // the peer has said USE_PPK
}

// unmixed is what an initiator has that may do without: its keys, and the AUTH data under
// them, NO_PPK_AUTH.
type unmixed struct {
	keys keys.IKE
	auth []byte
}

// signed is what one end's AUTH covers.
func (x *exchange) signed(ofInitiator bool, id Identity) keys.Signed {
	o := keys.Signed{
		PRF: prf(x.sa), Message: x.init.response, Nonce: x.nonces.I, SKp: x.sa.keys.PR(), IDType: byte(id.Kind), ID: id.Data,
		IntAuth: x.init.intAuth(),
	}
	if ofInitiator {
		o.Message, o.Nonce, o.SKp = x.init.request, x.nonces.R, x.sa.keys.PI()
	}
	return o
}

// proof is our AUTH data at once, whatever they cost.
func (x *exchange) proof() []byte {
	data, job := x.sa.prover.sign(x.signed(x.initiator, x.sa.localID))
	if job != nil {
		data = job.Run().Octets
	}
	return data
}
