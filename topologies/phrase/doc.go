// Package phrase is the catalogue of what labs that teach say to people, in
// English and Japanese, side by side in the package's YAML files:
//
//	why.key.differs:
//	  en: The pre-shared keys differ: {node} has another one than {peer}.
//	  ja: 事前共有鍵が一致していません。{node} と {peer} の鍵が異なります。
//
// Code names a sentence and what stands in its places, and whoever shows it says
// in which language and how wide:
//
//	p := phrase.Of("why.key.differs", "node", "R1", "peer", "R2")
//	lines := phrase.Wrap(p.In(phrase.Japanese), 80)
//
// What stands in a place may be a Phrase itself. Words of IOS, of the RFCs and of
// configurations stay what they are in any language. A test holds that no sentence
// is missing, unused or filled differently in one of the languages.
package phrase
