package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// What AppSync has of its own, and takes nothing beside.
var (
	scalars = []string{
		"AWSDate", "AWSTime", "AWSDateTime", "AWSTimestamp", "AWSEmail", "AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress",
	}
	directives = []string{
		"aws_subscribe", "aws_publish", "aws_auth", "aws_cognito_user_pools", "aws_iam", "aws_api_key", "aws_oidc", "aws_lambda",
	}
)

// refuse names everything in a schema that AppSync does not take.
func refuse(doc *ast.SchemaDocument) error {
	var wrong error
	for _, d := range doc.Directives {
		if !slices.Contains(directives, d.Name) {
			wrong = errors.Join(wrong, fmt.Errorf("directive @%s: AppSync takes no directives but its own", d.Name))
		}
	}
	for _, d := range doc.Definitions {
		wrong = errors.Join(wrong, refuseDefinition(doc, d))
	}
	return errors.Join(wrong, refuseSubscriptions(doc))
}

func refuseDefinition(doc *ast.SchemaDocument, d *ast.Definition) error {
	wrong := refuseDirectives(d.Name, d.Directives)
	if d.Kind == ast.Scalar && !slices.Contains(scalars, d.Name) {
		wrong = errors.Join(wrong, fmt.Errorf("scalar %s: AppSync takes no scalars but its own", d.Name))
	}
	if d.Kind == ast.Interface && len(d.Interfaces) > 0 {
		wrong = errors.Join(wrong, fmt.Errorf("interface %s: on AppSync an interface implements no other", d.Name))
	}
	if d.Kind != ast.Scalar && strings.HasPrefix(d.Name, "AWS") {
		wrong = errors.Join(wrong, fmt.Errorf("type %s: the prefix AWS is AppSync's", d.Name))
	}
	for _, f := range d.Fields {
		place := d.Name + "." + f.Name
		wrong = errors.Join(wrong, refuseDirectives(place, f.Directives), refuseType(doc, place, f.Type))
		for _, a := range f.Arguments {
			wrong = errors.Join(wrong, refuseDirectives(place, a.Directives), refuseType(doc, place+"."+a.Name, a.Type))
		}
	}
	for _, v := range d.EnumValues {
		wrong = errors.Join(wrong, refuseDirectives(d.Name+"."+v.Name, v.Directives))
	}
	return wrong
}

func refuseDirectives(place string, list ast.DirectiveList) error {
	var wrong error
	for _, d := range list {
		if !slices.Contains(directives, d.Name) {
			wrong = errors.Join(wrong, fmt.Errorf("%s: AppSync has no directive @%s", place, d.Name))
		}
	}
	return wrong
}

// refuseType tells of a type that is neither declared nor AppSync's own. Without its declaration AppSync would say so
// only when the schema is deployed.
func refuseType(doc *ast.SchemaDocument, place string, t *ast.Type) error {
	name := t.Name()
	builtIn := slices.Contains([]string{"ID", "String", "Int", "Float", "Boolean"}, name)
	if builtIn || slices.Contains(scalars, name) || doc.Definitions.ForName(name) != nil {
		return nil
	}
	return fmt.Errorf("%s: there is no type %s", place, name)
}

// refuseSubscriptions holds subscriptions to AppSync's rules: each names mutations, returns their type, and is nullable,
// since nothing is returned when one subscribes.
func refuseSubscriptions(doc *ast.SchemaDocument) error {
	root, mutations := doc.Definitions.ForName("Subscription"), doc.Definitions.ForName("Mutation")
	if root == nil {
		return nil
	}
	var wrong error
	for _, f := range root.Fields {
		if f.Type.NonNull {
			wrong = errors.Join(wrong, fmt.Errorf("subscription %s: on AppSync a subscription must be nullable", f.Name))
		}
		names := fired(f)
		if len(names) == 0 {
			wrong = errors.Join(wrong, fmt.Errorf("subscription %s: it names no mutation in @aws_subscribe", f.Name))
		}
		for _, name := range names {
			var m *ast.FieldDefinition
			if mutations != nil {
				m = mutations.Fields.ForName(name)
			}
			if m == nil || m.Type.Name() != f.Type.Name() {
				wrong = errors.Join(wrong, fmt.Errorf("subscription %s: no mutation %s returns %s", f.Name, name, f.Type.Name()))
			}
		}
	}
	return wrong
}

// fired are the mutations that fire a subscription.
func fired(f *ast.FieldDefinition) []string {
	d := f.Directives.ForName("aws_subscribe")
	if d == nil || d.Arguments.ForName("mutations") == nil {
		return nil
	}
	var names []string
	for _, child := range d.Arguments.ForName("mutations").Value.Children {
		names = append(names, child.Value.Raw)
	}
	return names
}
