// Package faults holds one test: the real handlers on the real engines, in a world that fails.
//
// A seed decides everything: who acts next, which call fails, works and then fails, or works twice, which worker is killed
// in the middle, when events come, how often and in which order, and how much time passes meanwhile. Every call that a
// handler makes is a point at which somebody else may act. When the world has become quiet, every upload must have ended,
// and everything must add up.
//
// In half of the worlds pictures are shared, taken back and looked at by strangers. In half of those there is a third user, a
// member of the user pool, whom an admin suspends now and then, and who may ask to be removed in the middle of it all.
//
//	go test ./internal/faults                              what CI runs
//	go test ./internal/faults -seeds 5000                  more of it (make faults)
//	go test ./internal/faults -seed 1234 -seeds 1 -v       one of them, told step by step
package faults
