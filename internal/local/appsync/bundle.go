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

const utilsModule = "@aws-appsync/utils"

//go:embed shim.js
var shim string

// compileResolvers bundles and compiles every TypeName.fieldName.js, by "TypeName.fieldName".
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
		code, err := bundle(name, string(source))
		if err != nil {
			return nil, fmt.Errorf("bundle resolver %s: %w", name, err)
		}
		program, err := goja.Compile(name, code, true)
		if err != nil {
			return nil, fmt.Errorf("compile resolver %s: %w", name, err)
		}
		programs[strings.TrimSuffix(path.Base(name), ".js")] = program
	}
	return programs, nil
}

// bundle links a resolver with the shim, as a function of the module to fill, the host of one call, and the console.
func bundle(name, source string) (string, error) {
	result := api.Build(api.BuildOptions{
		Stdin:    &api.StdinOptions{Contents: source, Sourcefile: name, Loader: api.LoaderJS},
		Bundle:   true,
		Format:   api.FormatCommonJS,
		Platform: api.PlatformNeutral,
		Target:   api.ES2020,
		LogLevel: api.LogLevelSilent,
		Banner:   map[string]string{"js": "(function (module, host, console) {"},
		Footer:   map[string]string{"js": "})"},
		Plugins:  []api.Plugin{{Name: utilsModule, Setup: linkShim}},
	})
	if len(result.Errors) > 0 {
		var problems []error
		for _, m := range result.Errors {
			line := 0
			if m.Location != nil {
				line = m.Location.Line
			}
			problems = append(problems, fmt.Errorf("line %d: %s", line, m.Text))
		}
		return "", errors.Join(problems...)
	}
	return string(result.OutputFiles[0].Contents), nil
}

// linkShim answers the one module there is; AppSync has no others either.
func linkShim(build api.PluginBuild) {
	build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if args.Path != utilsModule {
			return api.OnResolveResult{}, fmt.Errorf("import %q: only %s is available", args.Path, utilsModule)
		}
		return api.OnResolveResult{Path: utilsModule, Namespace: "appsync"}, nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "appsync"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
		return api.OnLoadResult{Contents: &shim, Loader: api.LoaderJS}, nil
	})
}
