package main

import "testing"

func TestPeakOfMemoryInAStatus(t *testing.T) {
	got, err := parsePeak([]byte("Name:\tnode\nVmPeak:\t  900 kB\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n"))
	if err != nil || got != 2 {
		t.Errorf("the peak is %v MiB, error %v, want 2", got, err)
	}
	if _, err := parsePeak([]byte("Name:\tnode\n")); err == nil {
		t.Error("a status without a peak is no error")
	}
}
