// Package cloudformation reads CloudFormation templates, merges changes into
// them and deploys them: it owns the format of a template, the intrinsic
// functions, the order of creation, and what CloudFormation itself refuses. It
// refuses to know any resource type: services describe theirs with Define.
//
// It tells two kinds of failure apart. What AWS refuses is a verdict: a check
// in the trace and an *awserr.Error. What AWS has and the simulation does not,
// or what is most likely a slip of the author, such as a reference to nothing,
// is an error of the template: source.Problems, each with its position.
package cloudformation

import (
	"slices"

	"claimcheck/sim/cloudformation/sam"
	"claimcheck/sim/source"
)

// Template is a CloudFormation template that keeps the position of every value.
// It never changes: Merge makes another. The zero Template has no resources.
type Template struct {
	// root is the template as it is written, before the SAM transform.
	root source.Node
	// transformed is true when the resources are what SAM made of the template,
	// and faults are what SAM refuses in it.
	transformed bool
	faults      []sam.Fault
	parameters  []parameter
	resources   []resource
	outputs     []output
}

// resource is one entry of the Resources section.
type resource struct {
	id         string
	at         source.Position
	typeName   string
	typeAt     source.Position
	properties source.Node
	dependsOn  []reference
}

// reference is a logical id as it is written somewhere.
type reference struct {
	id string
	at source.Position
}

// parameter is one entry of the Parameters section.
type parameter struct {
	name     string
	at       source.Position
	typeName string
	fallback source.Node
}

// output is one entry of the Outputs section.
type output struct {
	value source.Node
}

// Resources returns the logical ids in the order of the template.
func (t Template) Resources() []string {
	ids := make([]string, len(t.resources))
	for i, r := range t.resources {
		ids[i] = r.id
	}
	return ids
}

// Type returns the resource type of a logical id, "" when the template has no
// such resource.
func (t Template) Type(id string) string {
	r, _ := t.resource(id)
	return r.typeName
}

// Properties returns the value under a resource's Properties, the zero Node
// when there is none.
func (t Template) Properties(id string) source.Node {
	r, _ := t.resource(id)
	return r.properties
}

// Metadata returns the value under Metadata.Claimcheck, the zero Node when
// there is none.
func (t Template) Metadata() source.Node {
	return entry(entry(t.root, "Metadata"), "Claimcheck")
}

func (t Template) resource(id string) (resource, bool) {
	i := slices.IndexFunc(t.resources, func(r resource) bool { return r.id == id })
	if i < 0 {
		return resource{}, false
	}
	return t.resources[i], true
}

// entry returns the value under a key, the zero Node when n is not a mapping or
// has no such key.
func entry(n source.Node, key string) source.Node {
	var ignored source.Problems
	for _, e := range n.Entries(&ignored) {
		if e.Key == key {
			return e.Value
		}
	}
	return source.Node{}
}
