package apigateway

import (
	"net/url"
	"strings"
)

// node is one resource in the path tree of a deployment.
type node struct {
	resource resource
	methods  map[string]method
	// static are children by literal path part; param is the child {name},
	// greedy the child {name+}. AWS allows at most one of each variable kind.
	static        map[string]*node
	param, greedy *node
}

// route is a matched method.
type route struct {
	resource resource
	method   method
	// parameters are the path parameters by name.
	parameters map[string]string
}

// tree builds the path tree below the resource of the given id.
func tree(d definition, id string) *node {
	n := &node{resource: d.resources[id], methods: map[string]method{}, static: map[string]*node{}}
	for key, m := range d.methods {
		if key.resource == id {
			n.methods[key.verb] = m
		}
	}
	for childID, child := range d.resources {
		if child.parent != id {
			continue
		}
		switch name, greedy := variable(child.part); {
		case name == "":
			n.static[child.part] = tree(d, childID)
		case greedy:
			n.greedy = tree(d, childID)
		default:
			n.param = tree(d, childID)
		}
	}
	return n
}

// variable returns the name in a path part {name} or {name+}, "" for a literal one.
func variable(part string) (name string, greedy bool) {
	inner, ok := strings.CutPrefix(part, "{")
	if !ok {
		return "", false
	}
	inner, _ = strings.CutSuffix(inner, "}")
	return strings.CutSuffix(inner, "+")
}

// match finds the most specific resource with methods for the path: at each
// segment a literal part wins over {name}, and that over {name+}. The verb is
// looked at last, so a resource without the verb answers for its path even
// where a {proxy+} beside it would take the verb.
func (n *node) match(segments []string, verb string) (route, bool) {
	found, parameters := n.find(segments)
	if found == nil {
		return route{}, false
	}
	m, ok := found.methods[verb]
	if !ok {
		m, ok = found.methods["ANY"]
	}
	return route{resource: found.resource, method: m, parameters: parameters}, ok
}

func (n *node) find(segments []string) (*node, map[string]string) {
	if len(segments) == 0 {
		if len(n.methods) == 0 {
			return nil, nil
		}
		return n, map[string]string{}
	}
	if child, ok := n.static[segments[0]]; ok {
		if found, parameters := child.find(segments[1:]); found != nil {
			return found, parameters
		}
	}
	if n.param != nil && segments[0] != "" {
		if found, parameters := n.param.find(segments[1:]); found != nil {
			name, _ := variable(n.param.resource.part)
			parameters[name] = unescape(segments[0])
			return found, parameters
		}
	}
	if n.greedy != nil && len(n.greedy.methods) > 0 {
		name, _ := variable(n.greedy.resource.part)
		return n.greedy, map[string]string{name: unescape(strings.Join(segments, "/"))}
	}
	return nil, nil
}

// segments splits a path; a slash at its end does not count.
func segments(path string) []string {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

func unescape(text string) string {
	plain, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	return plain
}
