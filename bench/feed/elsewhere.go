package main

import "github.com/darkroom/darkroom/bench/report"

// elsewhere heads the column of measuredElsewhere.
const elsewhere = "pocketbase 0.39.11 (measured elsewhere)"

// measuredElsewhere are PocketBase's figures from another machine of two shared virtual CPUs, in November 2026, its clients
// on the same cores; of a range, the middle. They stand in where PocketBase cannot be built, which needs the network once.
func measuredElsewhere() []report.Figure {
	figures := []report.Figure{
		{Case: single(5000), Metric: p99, Value: 896, Unit: "ms"},
		{Case: single(5000), Metric: cpu, Value: 225, Unit: "µs/message"},
		{Case: single(5000), Metric: memory, Value: 53, Unit: "KiB/subscriber"},
		{Case: stream(50, 1000), Metric: rate, Value: 5700, Unit: "messages/s"},
	}
	for i := range figures {
		figures[i].Who = elsewhere
	}
	return figures
}
