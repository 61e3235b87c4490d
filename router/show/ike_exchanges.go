package show

import (
	"cmp"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/iosconfig"
	"ikelab/router/words"
)

// IKEv2Exchanges is `show crypto ikev2 stats exchange [detailed]`.
type IKEv2Exchanges struct {
	Detailed  bool          `json:"detailed"` // rows of which there are none, too
	Exchanges []IKEv2ByWay  `json:"exchanges"`
	Errors    []IKEv2ByWay  `json:"error_notifies"`
	Notifies  []IKEv2ByWay  `json:"other_notifies"`
	Config    []IKEv2Config `json:"configuration_payloads"`
	NoNAT     uint64        `json:"no_nat"` // SAs between whose ends there is none
	NAT       uint64        `json:"nat"`
}

// IKEv2ByWay are the messages of a kind, or those with a notify.
type IKEv2ByWay struct {
	Name        string `json:"name"`
	TxRequests  uint64 `json:"tx_requests"`
	TxResponses uint64 `json:"tx_responses"`
	RxRequests  uint64 `json:"rx_requests"`
	RxResponses uint64 `json:"rx_responses"`
}

// IKEv2Config are the configuration payloads of a kind.
type IKEv2Config struct {
	Name string `json:"name"`
	Tx   uint64 `json:"tx"`
	Rx   uint64 `json:"rx"`
}

var exchangeRows = []wire.ExchangeType{wire.IKE_SA_INIT, wire.IKE_AUTH, wire.CREATE_CHILD_SA, wire.INFORMATIONAL}

var childRows = []struct {
	kind ikev2.ChildExchange
	name string
}{{ikev2.NewPair, "CREATE_CHILD_SA_IPSEC"}, {ikev2.PairRekey, "CREATE_CHILD_SA_IPSEC_REKEY"}, {ikev2.IKERekey, "CREATE_CHILD_SA_IKE_REKEY"}}

// IKEv2ExchangesOf takes what the engine has counted.
func IKEv2ExchangesOf(t ikev2.Tally, detailed bool) IKEv2Exchanges {
	s := IKEv2Exchanges{Detailed: detailed, Exchanges: []IKEv2ByWay{}, Errors: []IKEv2ByWay{}, Notifies: []IKEv2ByWay{}, Config: []IKEv2Config{}, NoNAT: t.NATs[0], NAT: t.NATs[1]}
	for _, kind := range exchangeRows {
		s.Exchanges = s.row(s.Exchanges, kind.String(), t.Exchanges.Of(kind))
		if kind == wire.CREATE_CHILD_SA {
			for _, c := range childRows {
				s.Exchanges = s.row(s.Exchanges, c.name, t.Children.Of(c.kind))
			}
		}
	}
	notifies := t.Notifies.Kinds()
	if detailed {
		notifies = wire.NotifyTypes()
	}
	for _, kind := range notifies {
		if kind.IsError() {
			s.Errors = s.row(s.Errors, words.Notify(kind), t.Notifies.Of(kind))
		} else {
			s.Notifies = s.row(s.Notifies, words.Notify(kind), t.Notifies.Of(kind))
		}
	}
	s.Notifies = s.row(s.Notifies, "DPD", t.Probes)
	for _, kind := range []wire.CPType{wire.CFGRequest, wire.CFGReply, wire.CFGSet, wire.CFGAck} {
		n := t.Config.Of(kind)
		c := IKEv2Config{kind.String(), n[ikev2.SentRequest] + n[ikev2.SentResponse], n[ikev2.GotRequest] + n[ikev2.GotResponse]}
		if detailed || c.Tx+c.Rx > 0 {
			s.Config = append(s.Config, c)
		}
	}
	return s
}

func (s *IKEv2Exchanges) row(list []IKEv2ByWay, name string, n ikev2.ByWay) []IKEv2ByWay {
	if n == (ikev2.ByWay{}) && !s.Detailed {
		return list
	}
	return append(list, IKEv2ByWay{name, n[ikev2.SentRequest], n[ikev2.SentResponse], n[ikev2.GotRequest], n[ikev2.GotResponse]})
}

// Lines is the screen's table.
func (s IKEv2Exchanges) Lines(iosconfig.Generation) []string {
	var p page
	p.linef("%-31s %9s %10s %10s %10s", "EXCHANGE/NOTIFY", "TX(REQ)", "TX(RES)", "RX(REQ)", "RX(RES)")
	for _, part := range []struct {
		title string
		rows  []IKEv2ByWay
	}{{"EXCHANGES", s.Exchanges}, {"ERROR NOTIFY", s.Errors}, {"OTHER NOTIFY", s.Notifies}} {
		p.add("", part.title, "")
		for _, r := range part.rows {
			p.linef("%-31s %9d %10d %10d %10d", r.Name, r.TxRequests, r.TxResponses, r.RxRequests, r.RxResponses)
		}
	}
	p.add("", "").linef("%-31s %8s %10s", "CONFIG PAYLOAD TYPE", "TX", "RX").line("")
	for _, c := range s.Config {
		p.linef("%-31s %8d %10d", c.Name, c.Tx, c.Rx)
	}
	p.add("", "", "OTHER COUNTERS", "")
	for _, c := range []struct {
		name string
		n    uint64
	}{{"NO_NAT", s.NoNAT}, {"NAT", s.NAT}} {
		if cmp.Or(c.n > 0, s.Detailed) {
			p.linef("%-31s %8d", c.name, c.n)
		}
	}
	return p.lines
}
