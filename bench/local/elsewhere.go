package main

import "github.com/darkroom/darkroom/bench/report"

// elsewhere heads the column of measuredElsewhere.
const elsewhere = "pocketbase 0.39.11 (measured elsewhere)"

// measuredElsewhere are PocketBase's figures from another machine of two shared virtual CPUs, in November 2026, its clients
// on the same cores; of a range, the middle. They stand in where PocketBase cannot be built, which needs the network once.
func measuredElsewhere() []report.Figure {
	figures := []report.Figure{
		{Case: onePhoto, Metric: cpu, Value: 2.85, Unit: "s"},
		{Case: onePhoto, Metric: peak, Value: 192, Unit: "MiB"},
		{Case: onePhoto, Metric: stored, Value: 0.057, Unit: "s"},
		{Case: onePhoto, Metric: fetched, Value: 1.88, Unit: "s"},
		{Case: burst, Metric: cpu, Value: 2.95, Unit: "s/image"},
		{Case: burst, Metric: peak, Value: 362, Unit: "MiB"},
		{Case: readOne, Metric: rate, Value: 2028, Unit: "answers/s"},
		{Case: readPage, Metric: rate, Value: 669, Unit: "answers/s"},
	}
	for i := range figures {
		figures[i].Who = elsewhere
	}
	return figures
}
