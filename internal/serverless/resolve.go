package serverless

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Names say what references stand for: a resource's name for what it is by Ref, NAME.ATTRIBUTE for GetAtt, and the
// framework's own variables as they are written, such as "sls:stage". A condition that holds is "true".
type Names map[string]string

// ErrNoValue is the answer where CloudFormation would leave a property out.
var ErrNoValue = errors.New("it has no value")

// Text answers a value as CloudFormation would deploy it. What nobody names is an error.
func (f File) Text(v any, names Names) (string, error) {
	switch v := v.(type) {
	case string:
		return f.expand(v, names)
	case Call:
		return f.call(v, names)
	case map[string]any, []any, nil:
		return "", fmt.Errorf("%v is no text", v)
	}
	return fmt.Sprint(v), nil
}

func (f File) call(c Call, names Names) (string, error) {
	switch argument := c.Argument.(type) {
	case string:
		if c.Function == "Sub" {
			return f.expand(argument, names)
		}
		if argument == "AWS::NoValue" {
			return "", ErrNoValue
		}
		if named, ok := names[argument]; ok && (c.Function == "Ref" || c.Function == "GetAtt") {
			return named, nil
		}
	case []any:
		switch {
		case c.Function == "GetAtt" && len(argument) == 2:
			return f.call(Call{"GetAtt", fmt.Sprint(argument[0], ".", argument[1])}, names)
		case c.Function == "Join" && len(argument) == 2:
			return f.join(argument, names)
		case c.Function == "If" && len(argument) == 3 && names[fmt.Sprint(argument[0])] == "true":
			return f.Text(argument[1], names)
		case c.Function == "If" && len(argument) == 3:
			return f.Text(argument[2], names)
		}
	}
	return "", fmt.Errorf("!%s %v: nobody says what that is", c.Function, c.Argument)
}

func (f File) join(argument []any, names Names) (string, error) {
	list, _ := argument[1].([]any)
	var parts []string
	for _, v := range list {
		text, err := f.Text(v, names)
		if err != nil {
			return "", err
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, fmt.Sprint(argument[0])), nil
}

var variable = regexp.MustCompile(`\$\{([^{}]+)\}`)

// expand replaces ${…}, CloudFormation's and the framework's: the latter's paths into this file, and into its parameters'
// defaults, are followed.
func (f File) expand(text string, names Names) (string, error) {
	var failed error
	expanded := variable.ReplaceAllStringFunc(text, func(found string) string {
		name := strings.TrimSpace(found[2 : len(found)-1])
		if named, ok := names[name]; ok {
			return named
		}
		if v := f.own(name); v != nil {
			inner, err := f.Text(v, names)
			if err != nil {
				failed = err
			}
			return inner
		}
		failed = fmt.Errorf("${%s}: nobody says what that is", name)
		return found
	})
	return expanded, failed
}

// own answers what a variable of the framework says of this file.
func (f File) own(name string) any {
	if path, ok := strings.CutPrefix(name, "self:"); ok {
		return f.At(strings.Split(path, ".")...)
	}
	if parameter, ok := strings.CutPrefix(name, "param:"); ok {
		return f.At("params", "default", parameter)
	}
	return nil
}
