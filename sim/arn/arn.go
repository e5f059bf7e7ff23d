// Package arn reads and writes Amazon Resource Names. It knows their shape and
// nothing about the resources.
package arn

import (
	"fmt"
	"strings"
)

// ARN is arn:Partition:Service:Region:Account:Resource. Region and Account may
// be empty; Resource may hold colons and slashes.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// Parse splits s into its six parts.
func Parse(s string) (ARN, error) {
	parts := strings.SplitN(s, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] == "" || parts[5] == "" {
		return ARN{}, fmt.Errorf("%q is not an ARN: want arn:partition:service:region:account:resource", s)
	}
	return ARN{Partition: parts[1], Service: parts[2], Region: parts[3], Account: parts[4], Resource: parts[5]}, nil
}

// New returns an ARN in the standard partition, as text.
func New(service, region, account, resource string) string {
	return ARN{Partition: "aws", Service: service, Region: region, Account: account, Resource: resource}.String()
}

// String is the colon-separated form.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// Name is the last part of the resource: what follows its last slash, or the
// whole resource after a colon-separated type ("function:list" gives "list").
func (a ARN) Name() string {
	name := a.Resource[strings.LastIndex(a.Resource, "/")+1:]
	return name[strings.LastIndex(name, ":")+1:]
}
