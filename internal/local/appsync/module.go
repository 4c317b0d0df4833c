package appsync

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/dop251/goja"
	"github.com/evanw/esbuild/pkg/api"
)

//go:embed shim.js
var shim string

// compileResolvers compiles every TypeName.fieldName.js, by "TypeName.fieldName".
func compileResolvers(files fs.FS) (map[string]*goja.Program, error) {
	programs := map[string]*goja.Program{}
	names, err := fs.Glob(files, "*.js")
	if err != nil {
		return nil, fmt.Errorf("list resolvers: %w", err)
	}
	for _, name := range names {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read resolver %s: %w", name, err)
		}
		program, err := compileModule(name, string(source), "module, require, console")
		if err != nil {
			return nil, fmt.Errorf("compile resolver %s: %w", name, err)
		}
		programs[strings.TrimSuffix(path.Base(name), ".js")] = program
	}
	return programs, nil
}

// compileModule makes a function of a module: it takes the parameters, and fills module.exports. What the module imports it
// asks of require.
func compileModule(name, source, parameters string) (*goja.Program, error) {
	result := api.Transform(source, api.TransformOptions{
		Sourcefile: name,
		Loader:     api.LoaderJS,
		Format:     api.FormatCommonJS,
		Platform:   api.PlatformNeutral,
		Target:     api.ES2020,
		LogLevel:   api.LogLevelSilent,
		Banner:     "(function (" + parameters + ") {",
		Footer:     "})",
	})
	var problems []error
	for _, m := range result.Errors {
		line := 0
		if m.Location != nil {
			line = m.Location.Line
		}
		problems = append(problems, fmt.Errorf("line %d: %s", line, m.Text))
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return goja.Compile(name, string(result.Code), true)
}
