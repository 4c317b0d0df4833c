package main

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestThreadsStartAfterMemoryWasGivenBack(t *testing.T) {
	letGo()
	const threads = 50
	all := make(chan struct{})
	var started, running sync.WaitGroup
	started.Add(threads)
	for range threads {
		running.Go(func() {
			runtime.LockOSThread() // a thread is made by a function of the C library, where there is one
			started.Done()
			<-all
		})
	}
	started.Wait()
	close(all)
	running.Wait()
}

func TestOnlyWhatIsAsInTheFileIsGivenBack(t *testing.T) {
	const smaps = `00400000-00402000 r--p 00000000 fe:00 1    /bin/x
Size:                  8 kB
Anonymous:             0 kB
Swap:                  0 kB
00402000-01fcd000 r-xp 00002000 fe:00 1    /bin/x
Anonymous:             0 kB
Swap:                  0 kB
03ad3000-03ad4000 r--p 036d2000 fe:00 1    /bin/x
Anonymous:             4 kB
Swap:                  0 kB
03ad4000-03ad5000 r--p 036d2000 fe:00 1    /bin/x
Anonymous:             0 kB
Swap:                  4 kB
03ad5000-03eef000 rw-p 036d3000 fe:00 1    /bin/x
Anonymous:             0 kB
Swap:                  0 kB
7f0000000000-7f0000001000 r-xp 00000000 fe:00 2    /lib/y
Anonymous:             0 kB
Swap:                  0 kB
7f0000002000-7f0000003000 r--p 00000000 00:00 0
Anonymous:             0 kB
Swap:                  0 kB
7f0000004000-7f0000005000 r--s 00000000 fe:00 3    /data/dynamodb.db
Anonymous:             0 kB
Swap:                  0 kB
7f0000005000-7f0000006000 rw-s 00000000 fe:00 3    /data/written.db
Anonymous:             0 kB
Swap:                  0 kB
`
	want := []area{{0x400000, 0x402000}, {0x402000, 0x1fcd000}, {0x7f0000004000, 0x7f0000005000}}
	if got := unchanged(strings.NewReader(smaps), "/bin/x"); !slices.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}
