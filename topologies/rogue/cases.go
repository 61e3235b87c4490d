package rogue

import "fmt"

// Cases are all there are.
func Cases() []Case {
	var list []Case
	for _, family := range [][]Case{honest(), lengths(), payloads(), values(), order(), additional(), strays(), floods(), repetitions(), foreign(), inTheirName(), answers(), cookies(), pieces(), packets(), floated(), configurations(), extensions()} {
		list = append(list, family...)
	}
	return list
}

// Find finds a case by its name.
func Find(name string) (*Case, error) {
	for _, c := range Cases() {
		if c.Name == name {
			return &c, nil
		}
	}
	return nil, fmt.Errorf("there is no case %q", name)
}

// honest prove that the peer can complete every exchange.
func honest() []Case {
	return []Case{
		{Name: "an honest initiator", As: Member, Do: func(t *Talk) {
			t.ask(t.SA.inform())
			t.ask(t.SA.rekeyRequest())
			t.echo(1)
		}, RFC: "The recipient of an INFORMATIONAL exchange request MUST send some response (RFC 7296 1.4)",
			Want: []string{"INFORMATIONAL response { }", "CREATE_CHILD_SA response { SA Nonce TSi TSr }", "ESP"}},
		{Name: "an honest responder", As: Asked, Do: quiet,
			RFC:  "Communication using IKE always begins with IKE_SA_INIT and IKE_AUTH exchanges. (RFC 7296 1.2)",
			Want: []string{askedInit, askedAuth}},
	}
}
