package cloudformation

import "strings"

// StackName is the name of every stack: one account holds one.
const StackName = "claimcheck"

// Stack is a template that has been deployed.
type Stack struct {
	// Name and ID are what AWS::StackName and AWS::StackId give.
	Name, ID string

	ids     []string
	types   map[string]string
	created map[string]Created
}

func newStack(t Template, id string) Stack {
	s := Stack{Name: StackName, ID: id, ids: t.Resources(), types: map[string]string{}, created: map[string]Created{}}
	for _, r := range t.resources {
		s.types[r.id] = r.typeName
	}
	return s
}

// LogicalIDs returns the resources' names in the order of the template.
func (s Stack) LogicalIDs() []string {
	return append([]string{}, s.ids...)
}

// Resource returns what was created for a logical id.
func (s Stack) Resource(id string) (Created, bool) {
	c, ok := s.created[id]
	return c, ok
}

// Type returns the resource type of a logical id, "" when the stack has no such
// resource.
func (s Stack) Type(id string) string { return s.types[id] }

// OfType returns the logical ids of the resources of one type, in the order of
// the template.
func (s Stack) OfType(typeName string) []string {
	ids := []string{}
	for _, id := range s.ids {
		if s.types[id] == typeName {
			ids = append(ids, id)
		}
	}
	return ids
}

// listing is one line a resource, in the order of creation: logical and
// physical id.
func (s Stack) listing(drafts []draft) string {
	lines := make([]string, len(drafts))
	for i, d := range drafts {
		lines[i] = d.id + ": " + s.created[d.id].Ref
	}
	return strings.Join(lines, "\n")
}
