package ikev2

// run raises an input in an exchange and goes on, row by row, until the
// exchange has to wait. Each row taken is one Step: the trace is the run. What
// a row wants to begin on the same SA waits until the run has ended.
func (e *Engine) run(x *exchange, in Input) {
	e.touch(x.sa)
	x.sa.running = true
	for in != EvNone {
		r := e.machine[x.state][in]
		if r == nil {
			panic("ikev2: no row for " + x.state.String() + " " + in.String())
		}
		e.step(x, in)
		b := e.take(r, x)
		x.state, in = b.to, b.then
	}
	x.in = nil
	x.sa.running = false
	e.pump(x.sa)
}

// take does what a row says, tells what is wrong if something is, and picks the
// branch of the answer.
func (e *Engine) take(r *row, x *exchange) branch {
	if r.do == nil {
		return r.yes
	}
	refused := x.childFault
	a := r.do(e, x)
	switch {
	case a == fail && x.fault != nil:
		e.emit(Fault{x.describe(x.fault)})
	case x.childFault != refused:
		e.emit(Fault{x.describe(x.childFault)})
	}
	switch a {
	case yes:
		return r.yes
	case no:
		return r.no
	}
	return r.fail
}

// accepts says whether an input has a row where the exchange stands.
func (e *Engine) accepts(x *exchange, in Input) bool {
	return x.job == 0 && e.machine[x.state][in] != nil
}

// step emits the state and the input of a row. Steps come from chunks, so that
// recording them costs next to nothing.
func (e *Engine) step(x *exchange, in Input) {
	if e.unheard() {
		return
	}
	s := e.steps.next()
	*s = Step{SA: x.ref(), Initiator: x.initiator, MessageID: x.messageID, State: x.state, Event: in}
	e.emit(s)
}

// ref names the SA of a step. While a response to IKE_SA_INIT is judged, that
// is the SA as the response has it.
func (x *exchange) ref() Ref {
	ref := x.sa.ref()
	if ref.SPIr == 0 && x.in != nil {
		ref.SPIr = x.in.SPIr
	}
	return ref
}
