package main

import (
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"

	"github.com/darkroom/darkroom/internal/local/s3"
)

func TestARepairIsToldNowAndThenWithTheTimeThatIsLeft(t *testing.T) {
	var errout printed
	at := time.Unix(0, 0)
	r := &repairing{show: &progress{err: &errout, now: func() time.Time { return at }}}
	for n := range 5 {
		r.tell(s3.Repair{Bucket: "uploads", Objects: 100 * n, AllObjects: 400, Bytes: int64(n) * 100e6, AllBytes: 400e6})
		at = at.Add(6 * time.Second)
	}
	r.tell(s3.Repair{Bucket: "renditions", AllObjects: 3}) // the time begins anew
	r.end()
	want := "200 of 400 objects of uploads repaired, 200 MB of 400 MB, 12s left\n" +
		"400 of 400 objects of uploads repaired, 400 MB of 400 MB, 0s left\n"
	if got := errout.String(); got != want {
		t.Errorf("told\n%swant\n%s", got, want)
	}
}

func TestNothingIsKnownOfTheTimeLeftAtFirst(t *testing.T) {
	for name, c := range map[string]struct {
		spent     time.Duration
		done, all int64
		left      time.Duration
		known     bool
	}{
		"at the beginning": {0, 0, 10, 0, false},
		"too early":        {time.Second / 2, 5, 10, 0, false},
		"without a step":   {time.Minute, 0, 10, 0, false},
		"of nothing":       {time.Minute, 0, 0, 0, false},
		"after a fifth":    {time.Minute, 2, 10, 4 * time.Minute, true},
	} {
		if left, known := remaining(c.spent, c.done, c.all); left != c.left || known != c.known {
			t.Errorf("%s: got %v, %t", name, left, known)
		}
	}
}

// TestARepairThatIsCutShortLeavesTheTerminal: ending waits for bars, which must have ended.
func TestARepairThatIsCutShortLeavesTheTerminal(t *testing.T) {
	var out printed
	r := &repairing{show: &progress{out: &out, bars: mpb.New(mpb.WithOutput(&out), mpb.WithAutoRefresh()), now: time.Now}}
	r.tell(s3.Repair{Bucket: "quiet"})
	for n := range 2 {
		r.tell(s3.Repair{Bucket: "uploads", Objects: n, AllObjects: 3, AllBytes: 3})
	}
	eventually(t, "the bar", func() error { return wantCount(out.String(), "1 of 3 objects of uploads repaired, 0 B of 3 B", 1) })
	r.end()
}
