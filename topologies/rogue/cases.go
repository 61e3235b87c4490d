package rogue

// cases are all there are.
func cases() []Case {
	var list []Case
	for _, family := range [][]Case{honest(), lengths(), payloads(), values(), order(), strays(), floods(), repetitions(), foreign(), inTheirName(), answers(), packets()} {
		list = append(list, family...)
	}
	return list
}

// honest prove that the peer can complete every exchange.
func honest() []Case {
	return []Case{
		{Name: "an honest initiator", As: Member, Do: func(t *Talk) {
			t.ask(t.SA.inform())
			t.ask(t.SA.rekeyRequest())
			t.echo(1)
		}, RFC: "The INFORMATIONAL exchange … MUST have a response. (RFC 7296 1.4)",
			Want: []string{"INFORMATIONAL response { }", "CREATE_CHILD_SA response { SA Nonce TSi TSr }", "ESP"}},
		{Name: "an honest responder", As: Asked, Do: quiet,
			RFC:  "Communication using IKE always begins with IKE_SA_INIT and IKE_AUTH exchanges. (RFC 7296 1.2)",
			Want: []string{askedInit, askedAuth}},
	}
}
