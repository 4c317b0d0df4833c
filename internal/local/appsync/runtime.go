package appsync

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	resolverTime  = 5 * time.Second // a resolver that runs longer is stopped
	resolverDepth = 1000            // of calls
)

//go:embed invoke.js
var invoker string

// runtime executes resolver files. They are compiled once, but each call gets a fresh JavaScript world, as on AppSync:
// nothing is carried over from one caller to another. That is most of a call's 0.15 ms; a pool of worlds would halve it.
type runtime struct {
	resolvers map[string]attachment // by "TypeName.fieldName"
	utils     *goja.Program         // the module that resolvers import
	invoke    *goja.Program
	lambda    func(ctx context.Context, payload []byte) ([]byte, error)
	now       func() time.Time
	newID     func() string
	log       *slog.Logger
}

// attachment is a compiled file, and what it is attached to: a Lambda data source, or none.
type attachment struct {
	program *goja.Program
	lambda  bool
}

// call is what a resolver is told: the parts of its ctx that AppSync fills.
type call struct {
	Arguments map[string]any `json:"arguments"`
	Identity  map[string]any `json:"identity"`
	Source    any            `json:"source"`
	Info      callInfo       `json:"info"`
	Stash     map[string]any `json:"stash"`
	Previous  any            `json:"prev"`
}

type callInfo struct {
	FieldName      string         `json:"fieldName"`
	ParentTypeName string         `json:"parentTypeName"`
	Variables      map[string]any `json:"variables"`
}

// outcome is what a resolver answered.
type outcome struct {
	Value    any             `json:"value"`
	Filter   json.RawMessage `json:"filter"` // absent where none was set
	Failure  *failure        `json:"failure"`
	Appended []failure       `json:"appended"`
	Logs     []string        `json:"logs"`
}

// failure is util.error, util.unauthorized, or a resolver that broke.
type failure struct {
	Message      string `json:"message"`
	Type         string `json:"errorType"`
	Data         any    `json:"data"`
	Info         any    `json:"errorInfo"`
	Unauthorized bool   `json:"unauthorized"`
	Broken       string `json:"broken"`
}

// newRuntime compiles resolvers, and checks that each belongs to a field of the schema and exports its two functions.
func newRuntime(files fs.FS, schema *ast.Schema, o Options) (*runtime, error) {
	programs, err := compileResolvers(files)
	if err != nil {
		return nil, err
	}
	utils, err := compileModule("shim.js", shim, "module, host")
	if err != nil {
		return nil, fmt.Errorf("compile shim.js: %w", err)
	}
	resolvers, err := attach(programs, schema, o)
	if err != nil {
		return nil, err
	}
	invoke, err := goja.Compile("invoke.js", invoker, true)
	if err != nil {
		return nil, fmt.Errorf("compile invoke.js: %w", err)
	}
	r := &runtime{
		resolvers: resolvers, utils: utils, invoke: invoke, lambda: o.Invoke, now: o.Now, newID: o.NewID, log: o.Log,
	}
	for name, program := range programs {
		out, err := r.call(context.Background(), attachment{program: program}, "")
		if out.Failure != nil {
			err = errors.New(out.Failure.Broken + out.Failure.Message) // one of them is empty
		}
		if err != nil {
			return nil, fmt.Errorf("resolver %s.js: %w", name, err)
		}
	}
	return r, nil
}

// attach gives each field its resolver: the file of its name, or the shared one.
func attach(programs map[string]*goja.Program, schema *ast.Schema, o Options) (map[string]attachment, error) {
	shared := strings.TrimSuffix(o.Shared, ".js")
	all := map[string]attachment{}
	for name, program := range programs {
		named := strings.Contains(name, ".") // others are attached by nothing but Shared
		if named && !hasField(schema, name) {
			return nil, fmt.Errorf("resolver %s.js: the schema has no such field", name)
		}
		if named {
			all[name] = attachment{program: program}
		}
	}
	if shared == "" {
		return all, nil
	}
	if programs[shared] == nil || o.Invoke == nil {
		return nil, fmt.Errorf("shared resolver %s: the file and its function are needed", o.Shared)
	}
	for _, name := range rootFields(schema) {
		if _, own := all[name]; !own {
			all[name] = attachment{program: programs[shared], lambda: true}
		}
	}
	return all, nil
}

// resolve runs a field's resolver. The error is the resolver's own, ready for the response, or that it has none.
func (r *runtime) resolve(ctx context.Context, c call) (outcome, *graphError) {
	name := c.Info.ParentTypeName + "." + c.Info.FieldName
	attached, ok := r.resolvers[name]
	if !ok {
		return outcome{}, typedError(typeUnsupported, "No resolver is attached to "+name+" in this AppSync.")
	}
	out, err := r.run(ctx, attached, c)
	if err != nil {
		out = outcome{Failure: &failure{Broken: err.Error()}}
	}
	for _, line := range out.Logs {
		r.log.DebugContext(ctx, "appsync: resolver", "resolver", name, "log", line)
	}
	if out.Failure == nil {
		return out, nil
	}
	if out.Failure.Broken != "" {
		r.log.ErrorContext(ctx, "appsync: resolver broke", "resolver", name, "error", out.Failure.Broken)
	}
	return outcome{}, out.Failure.graphError(c.Info)
}

// limit interrupts a world that runs for too long. Go may keep a timer that was stopped until its time would have come, so
// it must not keep the world with it: that weighs fifty kilobytes.
type limit struct {
	*time.Timer
	world atomic.Pointer[goja.Runtime]
}

func newLimit(vm *goja.Runtime) *limit {
	l := &limit{}
	l.world.Store(vm)
	l.Timer = time.AfterFunc(resolverTime, func() {
		if vm := l.world.Load(); vm != nil {
			vm.Interrupt(context.DeadlineExceeded)
		}
	})
	return l
}

func (l *limit) end() {
	l.Stop()
	l.world.Store(nil)
}

func (r *runtime) run(ctx context.Context, attached attachment, c call) (outcome, error) {
	input, err := json.Marshal(c)
	if err != nil {
		return outcome{}, fmt.Errorf("write resolver context: %w", err)
	}
	return r.call(ctx, attached, string(input))
}

// call makes a world, and lets the resolver have its call in it; without an input it only loads it.
func (r *runtime) call(ctx context.Context, attached attachment, input string) (outcome, error) {
	vm := goja.New()
	vm.SetMaxCallStackSize(resolverDepth)
	defer context.AfterFunc(ctx, func() { vm.Interrupt(ctx.Err()) })()
	limit := newLimit(vm)
	defer limit.end()
	var functions [3]goja.Value
	for n, program := range []*goja.Program{attached.program, r.utils, r.invoke} {
		var err error
		if functions[n], err = vm.RunProgram(program); err != nil {
			return outcome{}, fmt.Errorf("load resolver: %w", err)
		}
	}
	source := goja.Undefined()
	if attached.lambda {
		source = vm.ToValue(func(payload string) string {
			limit.Stop() // a resolver's time is its own, not that of its function
			defer limit.Reset(resolverTime)
			return r.fetch(ctx, payload)
		})
	}
	invoke, _ := goja.AssertFunction(functions[2])
	answer, err := invoke(goja.Undefined(), functions[0], functions[1], vm.ToValue(input), vm.ToValue(r.now().UnixMilli()),
		vm.ToValue(r.newID), source)
	if deep := new(goja.StackOverflowError); errors.As(err, &deep) { // whose own text is empty
		return outcome{}, fmt.Errorf("run resolver: stack overflow: more than %d nested calls", resolverDepth)
	}
	if err != nil {
		return outcome{}, fmt.Errorf("run resolver: %w", err)
	}
	var out outcome
	if err := json.Unmarshal([]byte(answer.String()), &out); err != nil {
		return outcome{}, fmt.Errorf("read resolver's answer: %w", err)
	}
	return out, nil
}

// fetch invokes the Lambda function, and writes its answer for the resolver.
func (r *runtime) fetch(ctx context.Context, payload string) string {
	answer, err := r.lambda(ctx, []byte(payload))
	if err == nil && json.Valid(answer) {
		return `{"result":` + string(answer) + `}`
	}
	if err == nil {
		err = errors.New("the function did not answer JSON")
	}
	text, _ := json.Marshal(map[string]any{ // two strings always marshal
		"result": nil, "error": map[string]string{"message": err.Error(), "type": "Lambda:Unhandled"},
	})
	return string(text)
}

// graphError says a failure as AppSync does. What broke inside is in errorInfo.
func (f *failure) graphError(info callInfo) *graphError {
	switch {
	case f.Unauthorized:
		return notAuthorized(info.ParentTypeName, info.FieldName)
	case f.Broken != "":
		e := typedError(typeResolverCode, "Runtime Error")
		e.Info = map[string]any{"codeErrors": []any{map[string]any{"errorType": "RUNTIME_ERROR", "value": f.Broken}}}
		return e
	}
	e := &graphError{Message: f.Message, Data: f.Data, Info: f.Info}
	if f.Type != "" {
		e.Type = &f.Type
	}
	return e
}
