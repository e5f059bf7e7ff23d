package cloudformation

import (
	"reflect"
	"sort"

	"claimcheck/sim/shape"
	"claimcheck/sim/trace"
)

// Type is one resource type that the simulation can create. Build it with Define.
type Type struct {
	// Name is AWS's, such as "AWS::Cognito::UserPool".
	Name string
	// Properties is the struct type that describes the properties.
	Properties reflect.Type
	// Attributes are the names that Fn::GetAtt takes.
	Attributes []string

	decode func(tree any) (any, []shape.Fault)
	create func(r Resource, properties any) (Created, error)
}

// Resource is what a type's create function knows of the resource it creates.
type Resource struct {
	// Span is the open exchange of the deployment.
	Span *trace.Span
	// LogicalID is the resource's name in the template.
	LogicalID string
	// Stack is the stack's name.
	Stack string
}

// Created is a resource that exists.
type Created struct {
	// Ref is what Ref gives, the physical id.
	Ref string
	// Attributes are what Fn::GetAtt gives.
	Attributes map[string]string
	// Extra are values that flows may use and templates may not, such as an
	// API's Url.
	Extra map[string]string
}

// Define describes a type by its properties' struct and the function that
// creates a resource. A create function returns an *awserr.Error when AWS would
// refuse the resource.
func Define[P any](name string, attributes []string, create func(Resource, P) (Created, error)) Type {
	sorted := append([]string(nil), attributes...)
	sort.Strings(sorted)
	return Type{
		Name: name, Properties: reflect.TypeFor[P](), Attributes: sorted,
		decode: func(tree any) (any, []shape.Fault) {
			var p P
			faults := shape.Decode(tree, &p, shape.Lenient)
			return p, faults
		},
		create: func(r Resource, properties any) (Created, error) { return create(r, properties.(P)) },
	}
}
