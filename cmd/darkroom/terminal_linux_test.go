package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// terminal is one on which a program runs.
type terminal struct {
	*program
	keys  *os.File      // takes what is typed
	drawn chan struct{} // is closed when the program has drawn everything
}

// onTerminal begins a process on a pseudo-terminal that is 100 columns wide and has links.
func onTerminal(t *testing.T, args ...string) terminal {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { ours.Close() })
	var locked, number int32
	size := [4]uint16{40, 100}
	for request, value := range map[uintptr]unsafe.Pointer{
		syscall.TIOCSPTLCK: unsafe.Pointer(&locked),
		syscall.TIOCGPTN:   unsafe.Pointer(&number),
		syscall.TIOCSWINSZ: unsafe.Pointer(&size),
	} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, ours.Fd(), request, uintptr(value)); errno != 0 {
			t.Fatal(errno)
		}
	}
	theirs, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	cmd := command(os.Args[0], args...)
	cmd.Env = append(cmd.Env, "NO_COLOR=", "TERM=xterm-256color", "VTE_VERSION=7600", "TMUX=", "STY=", "FORCE_HYPERLINK=")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	p := launch(t, cmd)
	t.Cleanup(func() { _ = p.Process.Kill() })
	on := terminal{program: p, keys: ours, drawn: make(chan struct{})}
	go func() {
		_, _ = io.Copy(p.out, ours)
		close(on.drawn)
	}()
	return on
}

// end waits for the process and all that it has drawn, and answers its exit status.
func (on terminal) end() int {
	on.t.Helper()
	code := on.program.end()
	<-on.drawn
	return code
}

func (on terminal) types(keys string) {
	on.t.Helper()
	if _, err := io.WriteString(on.keys, keys); err != nil && !errors.Is(err, syscall.EIO) { // nobody is there any more
		on.t.Fatal(err)
	}
}

func TestATerminalShowsLinksInsteadOfAddresses(t *testing.T) {
	t.Parallel()
	config := sharedCloud(t).user()
	dir := pictures(t, map[string][]byte{"a\u202e.jpg": small(t, "")})
	upload := onTerminal(t, "upload", "--config", config, filepath.Join(dir, "a\u202e.jpg"))
	if code := upload.end(); code != 0 {
		t.Errorf("ended with %d", code)
	}
	want := "✓ a\ufffd.jpg  4.1 kB  " + someID + `
  PENDING 0.00 s → PROCESSING 0.00 s → READY  (0.00 s in all)
  300 × 200 jpeg
  xlarge  300 × 200  SIZE  127.0.0.1:PORT/…/xlarge-DIGEST….jpg
  large   300 × 200  SIZE  127.0.0.1:PORT/…/large-DIGEST….jpg
  medium  300 × 200  SIZE  127.0.0.1:PORT/…/medium-DIGEST….jpg
  small   256 × 171  SIZE  127.0.0.1:PORT/…/small-DIGEST….jpg
  square  200 × 200  SIZE  127.0.0.1:PORT/…/square-DIGEST….jpg
`
	var s display
	if err := s.draw(upload.out.String()); err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(` +[\d.]+ k?B  127\.0\.0\.1:\d+`).ReplaceAllString(constant(s.text()), "  SIZE  127.0.0.1:PORT")
	if got = regexp.MustCompile(`-[0-9a-f]+…`).ReplaceAllString(got, "-DIGEST…"); got != want {
		t.Errorf("it shows\n%s\nwant\n%s", got, want)
	}
	if len(s.links) != 5 {
		t.Errorf("it has %d links, want 5", len(s.links))
	}
	for _, address := range s.links {
		if err := fetched(t.Context(), address); err != nil {
			t.Error(err)
		}
	}
}

func TestAPasswordIsAskedForAndNotShown(t *testing.T) {
	t.Parallel()
	config := readFile(t, sharedCloud(t).user())
	password := config.Password
	config.Password = ""
	ls := onTerminal(t, "ls", "--config", writeFile(t, config))
	eventually(t, "the question", func() error { return wantCount(ls.out.String(), "Password of "+config.User+": ", 1) })
	ls.types(password + "\n")
	code, out := ls.end(), ls.out.String()
	if code != 0 || !strings.Contains(out, "No images.") || strings.Contains(out, password) {
		t.Errorf("ended with %d: %q", code, out)
	}
}

func TestCtrlCEndsAPasswordQuestion(t *testing.T) {
	t.Parallel()
	ls := onTerminal(t, "ls", "--config", sharedCloud(t).config(), "--user", "other")
	eventually(t, "the question", func() error { return wantCount(ls.out.String(), "Password of other: ", 1) })
	for again := true; again; { // a key may come in the moment before the terminal makes a signal of it
		ls.types("\x03")
		select {
		case <-ls.drawn:
			again = false
		case <-time.After(5 * time.Second):
		}
	}
	if code := ls.end(); code != interrupted {
		t.Errorf("ended with %d, want %d: %q", code, interrupted, ls.out)
	}
}

// display is what a terminal shows, as far as the program draws on it: lines, drawn again from some line up.
type display struct {
	lines []string
	at    int
	links []string
}

// sequences are all that the program may send: cursor up, erase below, colours, and links.
var sequences = regexp.MustCompile(`^\x1b(?:\[(\d*)(A)|\[(J)|\[[\d;]*m|\]8;;([!-~]*)\x1b\\)`)

// draw shows what a program sent. What it must not send is an error.
func (s *display) draw(sent string) error {
	for sent != "" {
		if len(s.lines) <= s.at {
			s.lines = append(s.lines, "")
		}
		if m := sequences.FindStringSubmatch(sent); m != nil {
			s.obey(m)
			sent = sent[len(m[0]):]
			continue
		}
		r := []rune(sent)[0]
		switch {
		case r == '\r':
		case r == '\n':
			s.at++
		case steers(r):
			return fmt.Errorf("the terminal is sent %q", sent[:min(20, len(sent))])
		default:
			s.lines[s.at] += string(r)
			if columns(s.lines[s.at]) > 100 {
				return errors.New("a line is too wide: " + s.lines[s.at])
			}
		}
		sent = sent[len(string(r)):]
	}
	return nil
}

func (s *display) obey(sequence []string) {
	switch {
	case sequence[2] == "A":
		up := 1
		_, _ = fmt.Sscan(sequence[1], &up)
		s.at = max(0, s.at-up)
	case sequence[3] == "J":
		s.lines = append(s.lines[:s.at], "")
	case sequence[4] != "":
		s.links = append(s.links, sequence[4])
	}
}

func (s *display) text() string { return strings.TrimRight(strings.Join(s.lines, "\n"), "\n") + "\n" }
