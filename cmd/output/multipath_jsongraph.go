package output

// nodeJSON is an interface at a hop, or the silence there behind another node.
type nodeJSON struct {
	ID      int    `json:"id"` // its place among the nodes
	Label   string `json:"label"`
	Hop     int    `json:"hop"`
	Address string `json:"address,omitempty"` // absent: nobody answers
	Name    string `json:"name,omitempty"`
	// Origin is its network, if one was asked for and found.
	Origin *originJSON `json:"origin,omitempty"`
	// Flows are the numbers of those seen here; the share is theirs in those
	// seen at the hop.
	Flows    []int    `json:"flows"`
	Share    float64  `json:"share"`
	Probes   int      `json:"probes"`
	Answered int      `json:"answered"`
	RTT      *rttJSON `json:"rtt,omitempty"`
	Balance  string   `json:"balance"`
	// Missed is the probability that one more next hop would have been missed.
	Missed      float64 `json:"missed"`
	Target      bool    `json:"target,omitempty"`
	Unreachable bool    `json:"unreachable,omitempty"`
	Loop        bool    `json:"loop,omitempty"`
	Elsewhere   bool    `json:"elsewhere,omitempty"`
}

// rttJSON is a distribution of round-trip times in nanoseconds.
type rttJSON struct {
	Count int64 `json:"count"`
	Min   int64 `json:"min_ns"`
	P50   int64 `json:"p50_ns"`
	P90   int64 `json:"p90_ns"`
	P99   int64 `json:"p99_ns"`
	Max   int64 `json:"max_ns"`
}

type linkJSON struct {
	From      int   `json:"from"` // a node's id
	To        int   `json:"to"`
	Flows     []int `json:"flows"`
	Sure      bool  `json:"sure"`
	Elsewhere bool  `json:"elsewhere,omitempty"`
}

type diamondJSON struct {
	From   int  `json:"from"`
	To     *int `json:"to,omitempty"` // absent: the ways end apart
	Width  int  `json:"width"`
	Length int  `json:"length"`
	Meshed bool `json:"meshed"`
	Uneven bool `json:"uneven"`
}

// flowJSON is the path of one flow, with all its round-trip times at each node that
// it was probed at.
type flowJSON struct {
	Flow int      `json:"flow"`
	Path []int    `json:"path"`
	RTTs []atJSON `json:"rtts"`
}

type atJSON struct {
	Node int     `json:"node"`
	RTTs []int64 `json:"ns"` // in the order of sending
}

type doubtJSON struct {
	Hop     int    `json:"hop"`
	Address string `json:"address,omitempty"`
	Why     string `json:"why"`
}
