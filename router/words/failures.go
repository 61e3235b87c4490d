package words

import "ikelab/ikev2"

// Failures are the toolkit's texts for the reasons why a negotiation fails.
// What the operator or a rekey ended is no failure.
var Failures = map[ikev2.Reason]string{
	ikev2.ReasonTimeout:        "Maximum number of retransmissions reached",
	ikev2.ReasonNoProposal:     "Failed to find a matching policy",
	ikev2.ReasonAuthFailed:     "Failed to authenticate the IKE SA",
	ikev2.ReasonTSUnacceptable: "There was no IPSEC policy found for received TS",
	ikev2.ReasonInvalid:        "A supplied parameter is incorrect",
	ikev2.ReasonNoKey:          "Failed to locate an item in the database",
	ikev2.ReasonNoProfile:      "Failed to locate an item in the database",
	ikev2.ReasonNoPolicy:       "Failed to locate an item in the database",
	ikev2.ReasonNoResources:    "Maximum number of SAs reached",
	ikev2.ReasonSentAway:       "Redirect is not accepted",
	ikev2.ReasonNoAddress:      "Failed to allocate IP addr",
}
