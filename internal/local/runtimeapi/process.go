package runtimeapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"github.com/darkroom/darkroom/internal/local/lambda"
)

// process is a program at work, and the Runtime API that it alone talks to.
type process struct {
	name   string
	cmd    *exec.Cmd
	server *http.Server
	calls  chan *call    // to the program's next request for work
	ready  chan struct{} // one token when the program has asked for work
	ended  chan struct{} // closed when the program has ended
	frozen bool
}

// call is an invocation on its way.
type call struct {
	id       string
	payload  []byte
	deadline time.Time
	answered chan answer // of one place
}

// end answers a call; only the first answer counts.
func (c *call) end(a answer) {
	select {
	case c.answered <- a:
	default:
	}
}

// answer is how an invocation ended.
type answer struct {
	payload []byte
	err     error
}

// start begins a process and waits until it asks for work.
func (f *Function) start() (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", f.opts.Name, err)
	}
	p := &process{
		name: f.opts.Name, calls: make(chan *call), ready: make(chan struct{}, 1), ended: make(chan struct{}),
		cmd: exec.Command(f.opts.Command[0], f.opts.Command[1:]...),
	}
	p.server = &http.Server{Handler: newAPI(p, f.ARN()), ReadHeaderTimeout: time.Minute}
	go func() { _ = p.server.Serve(listener) }() // until the process has ended
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = f.opts.Dir, f.opts.Output, f.opts.Output
	p.cmd.Env = append(f.environment(), "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", f.opts.Name, err), p.server.Close())
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in ProcessState
		close(p.ended)
		_ = p.server.Close()
	}()
	select {
	case <-p.ready:
		f.opts.Started(Process{ID: p.cmd.Process.Pid, Init: time.Since(began)})
		p.ready <- struct{}{}
		return p, nil
	case <-p.ended:
		return nil, p.exited()
	case <-time.After(initTime):
		p.kill()
		return nil, &lambda.Error{Type: "Sandbox.Timedout", Message: "Error: Init timed out after " + initTime.String()}
	}
}

// environment is that of a process on AWS.
func (f *Function) environment() []string {
	return append([]string{
		"AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region, "AWS_LAMBDA_FUNCTION_NAME=" + f.opts.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(f.opts.Memory),
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + f.opts.Name, "AWS_LAMBDA_LOG_STREAM_NAME=" + f.opts.Name,
		"AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023", "LAMBDA_TASK_ROOT=" + f.opts.Dir, "_HANDLER=bootstrap", "TZ=:UTC",
	}, f.opts.Env...)
}

// serve has the process work on a call, and answers whether it is ready for another one.
func (p *process) serve(c *call, timeout time.Duration) bool {
	<-p.ready // only an idle process is given a call
	p.thaw()
	c.deadline = time.Now().Add(timeout)
	limit := time.NewTimer(timeout)
	defer limit.Stop()
	select {
	case p.calls <- c:
	case <-p.ended: // while it had nothing to do
		c.end(answer{err: p.exited()})
		return false
	}
	select {
	case <-p.ready:
		p.ready <- struct{}{}
		return true
	case <-p.ended:
		c.end(answer{err: p.exited()}) // unless it has answered before
		return false
	case <-limit.C:
		c.end(answer{err: &lambda.Error{
			Type:    "Sandbox.Timedout",
			Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", c.id, timeout.Seconds()),
		}})
		return false
	}
}

// exited is what Lambda says of a process that ended by itself.
func (p *process) exited() *lambda.Error {
	message := "Error: Runtime exited without providing a reason"
	if state := p.cmd.ProcessState; state != nil && state.ExitCode() != 0 {
		message = "Error: Runtime exited with error: " + state.String()
	}
	return &lambda.Error{Type: "Runtime.ExitError", Message: message}
}

func (p *process) gone() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// freeze stops the process where it stands, thaw lets it go on. What it was told meanwhile lies in its sockets.
func (p *process) freeze() {
	p.frozen = p.signal(syscall.SIGSTOP) == nil
}

func (p *process) thaw() {
	if p.frozen {
		_ = p.signal(syscall.SIGCONT) // it may have ended: serve will see
		p.frozen = false
	}
}

func (p *process) signal(s syscall.Signal) error { return p.cmd.Process.Signal(s) }

// end says goodbye to an idle process, and kills it if it stays.
func (p *process) end() error {
	p.thaw()
	if err := p.signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		return nil
	} else if err != nil {
		return fmt.Errorf("end %s: %w", p.name, err)
	}
	select {
	case <-p.ended:
	case <-time.After(farewell):
		p.kill()
	}
	return nil
}

// kill ends the process at once.
func (p *process) kill() {
	_ = p.signal(syscall.SIGKILL) // it may have ended already
	<-p.ended
}

// wait is for a call of the program's request for work, or for the request's end.
func (p *process) wait(ctx context.Context) (*call, bool) {
	select {
	case p.ready <- struct{}{}:
	case <-ctx.Done():
		return nil, false
	}
	select {
	case c := <-p.calls:
		return c, true
	case <-ctx.Done():
		return nil, false
	}
}
