// Package explain tells a conversation of IKEv2 step by step, to people who learn:
// what happens and why, the packet, the configuration that decided, and what both
// routers print about it.
//
//	stories, err := explain.Tour(l, steps)     // of a lab in which they are carried out
//	fmt.Print(explain.Text(stories, phrase.Japanese, explain.Page{Width: 80}))
//
// A Story is the model, whoever made it: Tour makes one for each pair of peers of a
// lab, from its stream of records; the room logs makes one from what a real router
// printed. Text, Markdown and HTML render any. All sentences are of package phrase;
// names of IOS, of the RFCs and of configurations stay what they are.
//
// Tour attributes each record to a message by its cause: what led to the message at
// its sender (up to the record of kind ike.message_built), and what it led to at its
// receiver. What happens without a message, such as a packet that IPsec drops or an SA
// that is given up, is a step of its own, told of the pair that it concerns. Packets are
// followed through the network, and where one ended is said with its number. Explanations
// hang on kinds of records and on types of messages and payloads alone, so that they fit
// any lab and any failure.
package explain
