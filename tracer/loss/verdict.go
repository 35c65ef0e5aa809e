package loss

import "time"

// Alpha is the probability with which any verdict on a path may be wrong.
const Alpha = 0.05

// Kind is what unanswered probes mean.
type Kind uint8

// The verdicts.
const (
	// Loss means that packets get lost from Verdict.First on, or from a hop
	// between that and Verdict.Last, on their way out or back.
	Loss Kind = iota
	// Limits means that the hop limits the rate of its answers. What it
	// forwards is not concerned.
	Limits
	// Answers means that answers of this hop are missing while those of hops
	// beyond are not: it limits them, or they get lost on their way back.
	Answers
	// Silent means that the hop never answers, while others beyond do.
	Silent
	// Local means that probes left no further than this host's own queue.
	Local
	// Unclear means that packets get lost, or answers limited: nothing beyond
	// tells which.
	Unclear
	// Few means that there are too few probes for any other.
	Few
)

var kindNames = [...]string{"loss", "limits", "answers", "silent", "local", "unclear", "few"}

// String returns the verdict's name as JSON output uses it.
func (k Kind) String() string { return kindNames[k] }

// Verdict is what unanswered probes of a hop mean, and what it rests on.
type Verdict struct {
	Kind Kind
	// TTL is the hop concerned. With Loss it is the likeliest of those where
	// it may start, from First to Last; with Few, Hops names all of them.
	TTL         int
	First, Last int
	// Path is the number of the path concerned, from 1, if it changed; else 0.
	Path int
	Hops []int
	// Here is what the hop lost; with Loss, all hops from TTL on up to where
	// it gets worse, and with Local, the drops among all probes.
	Here Count
	// Others is what it is compared with: hops before, with Loss and Unclear,
	// those beyond with Limits and Answers.
	Others Count
	// Interval, from Low to High, is where the loss lies with 95 % confidence.
	Low, High float64
	// P is how likely the evidence would be by chance: what the verdict rests
	// on. 0 with verdicts that rest on no test.
	P float64
	// Evidence says in what.
	Evidence Evidence
	// Paces holds what the hop lost at each pace, the slowest last, if it was
	// probed at several.
	Paces []Pace
}

// Pace is what a hop lost of probes that were so far apart.
type Pace struct {
	Interval time.Duration
	Count
}

// Evidence is what a verdict rests on.
type Evidence uint8

// The kinds of evidence.
const (
	// Plain means that no test is needed.
	Plain Evidence = iota
	// ByRate means that it answers more at a lower rate.
	ByRate
	// BySpacing means that its answers come at intervals.
	BySpacing
	// ByBurst means that hops beyond lose less, and it answers in a burst.
	ByBurst
	// ByBeyond means that hops beyond lose less.
	ByBeyond
	// ByBefore means that hops before lose less.
	ByBefore
	// ByAll means that all hops lose alike.
	ByAll
)

var evidenceNames = [...]string{"plain", "rate", "spacing", "burst", "beyond", "before", "all"}

// String returns the evidence's name as JSON output uses it.
func (e Evidence) String() string { return evidenceNames[e] }
