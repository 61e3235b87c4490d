// Package window counts the messages of an IKE SA (RFC 7296 2.1 to 2.3): ids
// of requests and how many may be on the way, answers that are kept for a
// request that comes again, and when an unanswered request is sent again. A
// message is a list of datagrams: one, or its fragments (RFC 7383).
//
//	w := window.NewRequests(0)        // ours, under a window of one
//	if r := w.Begin(); r != nil { … } // nil: the window is full
//	r.Sent(now, datagrams, schedule)
//	again := r.Again(now)             // due: the same octets, or nil: given up
//	w.Take(id)                        // its answer has come
//
//	v := window.NewResponses(0, 5)    // the peer's requests; our window
//	switch verdict, answer := v.Judge(id); verdict { … }
//	v.Begin(id); v.Answer(id, datagrams)
//
// It has no clock and draws nothing.
package window
