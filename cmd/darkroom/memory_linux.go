package main

import (
	"bufio"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
)

// letGo gives back the memory that is not needed now. After a start most of it is the program itself: the engines' packages
// make their tables when they are loaded, which brings 40 MB of the file in. What is needed again comes back from the
// system's cache, page by page. Where that cannot be done nothing is lost, so nothing is told.
func letGo() {
	debug.FreeOSMemory()
	program, err := os.Executable()
	if err != nil {
		return
	}
	smaps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer smaps.Close()
	for _, a := range unchanged(smaps, program) {
		syscall.Syscall(syscall.SYS_MADVISE, a.from, a.to-a.from, syscall.MADV_DONTNEED)
	}
}

// area is a stretch of memory.
type area struct{ from, to uintptr }

// unchanged are the areas that are as they are in a file: of the program's own, and the engines' data, which they only read
// in memory. Not all that cannot be written of a program are: the loader fills in the addresses of the C library's functions,
// and then protects them. Without them the next thread to be started would end the program.
func unchanged(smaps io.Reader, program string) []area {
	var all []area
	var header []string
	var changed bool
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		// 00400000-01a2b000 r-xp 00000000 fe:01 1234   /path/of/the/program (or r--s …, a file that is shared)
		// Anonymous:             0 kB
		// Swap:                  0 kB
		f := strings.Fields(lines.Text())
		switch {
		case len(f) < 2:
		case !strings.HasSuffix(f[0], ":"):
			header, changed = f, false
		case f[0] == "Anonymous:":
			changed = f[1] != "0"
		case f[0] == "Swap:" && f[1] == "0" && !changed && readOnly(header, program):
			if a, ok := areaOf(header[0]); ok {
				all = append(all, a)
			}
		}
	}
	return all
}

// readOnly tells whether an area is of a file, cannot be written, and is the program's or shared by all who read the file.
func readOnly(header []string, program string) bool {
	return len(header) == 6 && header[1][1] == '-' && (header[5] == program || header[1][3] == 's' && header[5][0] == '/')
}

// areaOf reads 00400000-01a2b000.
func areaOf(text string) (area, bool) {
	low, high, _ := strings.Cut(text, "-")
	from, err := strconv.ParseUint(low, 16, 64)
	to, err2 := strconv.ParseUint(high, 16, 64)
	return area{uintptr(from), uintptr(to)}, err == nil && err2 == nil
}
