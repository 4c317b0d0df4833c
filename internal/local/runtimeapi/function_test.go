package runtimeapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/darkroom/darkroom/internal/local/lambda"
	"github.com/darkroom/darkroom/internal/local/runtimeapi"
)

// asFunction makes the test binary be a Lambda function, by AWS's own library.
const asFunction = "RUNTIMEAPI_TEST_AS_FUNCTION"

// meetingPlace names the folder where two processes meet.
const meetingPlace = "RUNTIMEAPI_TEST_MEETING_PLACE"

func TestMain(m *testing.M) {
	if os.Getenv(asFunction) != "" {
		fmt.Println("started")
		awslambda.Start(obey)
	}
	os.Exit(m.Run())
}

type aching struct{}

func (*aching) Error() string { return "it aches" }

// obey does as it is told.
func obey(ctx context.Context, order string) (string, error) {
	lc, _ := lambdacontext.FromContext(ctx)
	switch order {
	case "pid":
		return fmt.Sprint(os.Getpid()), nil
	case "who":
		until, _ := ctx.Deadline()
		return fmt.Sprint(lc.InvokedFunctionArn, " ", os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), " ", time.Until(until) > 50*time.Second), nil
	case "fail":
		return "", &aching{}
	case "panic":
		panic("aargh")
	case "exit":
		os.Exit(3)
	case "hang":
		<-make(chan struct{})
	case "shout":
		return strings.Repeat("x", lambda.MaxPayload), nil
	case "whisper":
		return strings.Repeat("x", lambda.MaxPayload-2), nil
	case "meet":
		return meet()
	case "linger":
		time.AfterFunc(20*time.Millisecond, func() { os.Exit(4) })
	}
	return order, nil
}

// meet answers this process's number once another one has been told to meet it.
func meet() (string, error) {
	dir, pid := os.Getenv(meetingPlace), fmt.Sprint(os.Getpid())
	if err := os.WriteFile(filepath.Join(dir, pid), nil, 0o600); err != nil {
		return "", err
	}
	for tick := time.Tick(5 * time.Millisecond); ; <-tick {
		if here, err := os.ReadDir(dir); err != nil || len(here) > 1 {
			return pid, err
		}
	}
}

// printed is what the processes of a function have said.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

func function(t *testing.T, o runtimeapi.Options) *runtimeapi.Function {
	t.Helper()
	o.Name, o.Command = "work", []string{os.Args[0]}
	o.Env = append(o.Env, asFunction+"=1", "GORACE=atexit_sleep_ms=0")
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	f, err := runtimeapi.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := f.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return f
}

// order invokes a function and answers what it said, or what Lambda says of its failure.
func order(t *testing.T, f *runtimeapi.Function, what string) string {
	t.Helper()
	out, err := f.Invoke(t.Context(), fmt.Appendf(nil, "%q", what))
	if failed, ok := errors.AsType[*lambda.Error](err); ok {
		return failed.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(string(out), `"`)
}

func TestAProcessSeesWhatLambdaGivesIt(t *testing.T) {
	t.Parallel()
	var started []runtimeapi.Process
	f := function(t, runtimeapi.Options{Started: func(p runtimeapi.Process) { started = append(started, p) }})
	if got, want := order(t, f, "who"), "arn:aws:lambda:us-east-1:000000000000:function:work work true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	pid := order(t, f, "pid")
	if again := order(t, f, "pid"); again != pid {
		t.Errorf("got process %s, then %s, want one for all", pid, again)
	}
	if len(started) != 1 || fmt.Sprint(started[0].ID) != pid || started[0].Init <= 0 {
		t.Errorf("got %+v started, want %s", started, pid)
	}
}

func TestFailuresAreReportedAsLambdaDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		order, want string
		survives    bool
	}{
		{"fail", "aching: it aches", true},
		{"panic", "string: aargh", false},
		{"exit", "Runtime.ExitError: Error: Runtime exited with error: exit status 3", false},
		{"shout", "Function.ResponseSizeTooLarge: Response payload size exceeded maximum allowed payload size (6291456 bytes).", false},
		{"whisper", strings.Repeat("x", lambda.MaxPayload-2), true},
		{"linger", "linger", false},
	} {
		t.Run(c.order, func(t *testing.T) {
			t.Parallel()
			f := function(t, runtimeapi.Options{})
			before := order(t, f, "pid")
			if got := order(t, f, c.order); got != c.want {
				t.Errorf("got %.200s, want %.200s", got, c.want)
			}
			if c.order == "linger" {
				waitFor(t, before)
			}
			after := order(t, f, "pid")
			if (before == after) != c.survives {
				t.Errorf("the process before is %s, after it %s: want the same: %v", before, after, c.survives)
			}
		})
	}
}

// waitFor waits until a process is gone.
func waitFor(t *testing.T, pid string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); ; {
		if _, err := os.Stat("/proc/" + pid); err != nil {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("process %s is still there", pid)
		}
	}
}

func TestWhatTakesTooLongIsKilled(t *testing.T) {
	t.Parallel()
	f := function(t, runtimeapi.Options{Timeout: 2 * time.Second})
	before := order(t, f, "pid")
	if got, want := order(t, f, "hang"), "Task timed out after 2.00 seconds"; !strings.HasPrefix(got, "Sandbox.Timedout: ") || !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	waitFor(t, before)
	if after := order(t, f, "pid"); after == before {
		t.Error("the process is still at work")
	}
}

func TestAFrozenProcessStandsStillUntilItHasWork(t *testing.T) {
	t.Parallel()
	f := function(t, runtimeapi.Options{Freeze: true})
	pid := order(t, f, "pid")
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); ; {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil {
			t.Skipf("no /proc here: %v", err)
		}
		if strings.Contains(string(stat), ") T ") {
			break
		}
		select {
		case <-tick.C:
			continue
		case <-deadline:
			t.Fatalf("not stopped: %s", stat)
		}
	}
	if again := order(t, f, "pid"); again != pid {
		t.Errorf("got %s, want %s to go on", again, pid)
	}
}

func TestAProcessThatWasToldToEndIsReplaced(t *testing.T) {
	t.Parallel()
	f := function(t, runtimeapi.Options{Freeze: true})
	before := order(t, f, "pid")
	if err := f.Signal(t.Context(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitFor(t, before)
	if after := order(t, f, "pid"); after == before {
		t.Error("it is still at work")
	}
}

func TestAProcessThatDoesNotStartIsAnError(t *testing.T) {
	t.Parallel()
	said := &printed{}
	f, err := runtimeapi.New(runtimeapi.Options{Name: "work", Command: []string{"/bin/sh", "-c", "echo no; exit 7"}, Output: said})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := order(t, f, "pid"), "Runtime.ExitError: Error: Runtime exited with error: exit status 7"; got != want || said.String() != "no\n" {
		t.Errorf("got %s and %q, want %s", got, said, want)
	}
	if _, err := runtimeapi.New(runtimeapi.Options{Name: "work"}); err == nil {
		t.Error("a function without a command was made")
	}
	if f, err = runtimeapi.New(runtimeapi.Options{Name: "work", Command: []string{"/nowhere/bootstrap"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Invoke(t.Context(), []byte(`{}`)); err == nil {
		t.Error("what is not there was started")
	}
}

func TestAsManyProcessesRunAsAllowed(t *testing.T) {
	t.Parallel()
	f := function(t, runtimeapi.Options{Concurrency: 2, Env: []string{meetingPlace + "=" + t.TempDir()}})
	pids := map[string]bool{}
	var mu sync.Mutex
	var callers sync.WaitGroup
	call := func(what string) {
		pid := order(t, f, what)
		mu.Lock()
		defer mu.Unlock()
		pids[pid] = true
	}
	for range 2 {
		callers.Go(func() { call("meet") })
	}
	callers.Wait()
	for range 8 {
		callers.Go(func() { call("pid") })
	}
	callers.Wait()
	if len(pids) != 2 {
		t.Errorf("got processes %v, want 2", pids)
	}
}
