package output

import (
	"bytes"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Prometheus' own parser reads every sample, and finds the times that were measured.
func TestPrometheusReads(t *testing.T) {
	format, err := ByName("prometheus")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples() {
		parser := expfmt.NewTextParser(model.LegacyValidation)
		families, err := parser.TextToMetricFamilies(bytes.NewReader(render(t, format, s)))
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if got, want := timesIn(families["ebpftrace_hop_rtt_seconds"]), timesOf(s); got != want {
			t.Errorf("%s: %d times, want %d", s.name, got, want)
		}
		if reached := families["ebpftrace_trace_reached"].Metric[0].Gauge.GetValue() == 1; reached != (s.trace != nil && s.trace.Reached()) {
			t.Errorf("%s: reached %v", s.name, reached)
		}
	}
}

func timesIn(f *dto.MetricFamily) (n int) {
	for _, m := range f.GetMetric() {
		n += int(m.Summary.GetSampleCount())
	}
	return n
}

func timesOf(s sample) (n int) {
	if s.trace == nil {
		return 0
	}
	for _, h := range s.trace.Hops {
		for _, p := range h.Probes {
			if p.State.Heard() && p.Timing.Name != "" {
				n++
			}
		}
	}
	return n
}
