package iam

import (
	"fmt"
	"slices"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

type createVersionInput struct {
	namedARN
	policyText
	SetAsDefault bool
}

// versionOutput is the structure PolicyVersion. The wire carries the document as
// URL-encoded JSON.
type versionOutput struct {
	Document         any `json:",omitempty"`
	VersionId        string
	IsDefaultVersion bool
	CreateDate       api.Timestamp
}

type getVersionOutput struct{ PolicyVersion versionOutput }

func (m *managedPolicy) describe(v policyVersion) versionOutput {
	return versionOutput{VersionId: v.id(), IsDefaultVersion: v.number == m.defaultVersion, CreateDate: api.Epoch(v.created)}
}

// createVersion gives a managed policy a new document, which counts only as the
// default:
//
//  1. the policy exists
//  2. the document is one, and not too long
//  3. there are fewer than five versions, in the words of
//     https://github.com/99designs/iamy/issues/21
func (i *IAM) createVersion(c api.Context, in createVersionInput) (getVersionOutput, error) {
	m, err := i.ownPolicy(in.PolicyArn) // 1
	if err != nil {
		return getVersionOutput{}, err
	}
	v, err := i.newVersion(c.Span, in.PolicyDocument) // 2
	if err != nil {
		return getVersionOutput{}, err
	}
	if !withinQuota(c.Span, "VersionsPerPolicy", len(m.versions)+1, mostVersions) { // 3
		return getVersionOutput{}, limitExceeded("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", mostVersions)
	}
	v = m.add(v)
	if in.SetAsDefault {
		m.use(v)
	}
	return getVersionOutput{m.describe(v)}, nil
}

type versionInput struct {
	namedARN
	VersionId string `aws:"required"`
}

// versionOf finds a version by its place in the policy's list.
func (m *managedPolicy) versionOf(id string) (int, error) {
	at := slices.IndexFunc(m.versions, func(v policyVersion) bool { return v.id() == id })
	if at < 0 {
		return 0, awserr.WithStatus(404, "NoSuchEntity", "Policy %s version %s does not exist or is not attachable.", m.arn, id)
	}
	return at, nil
}

func (i *IAM) getVersion(_ api.Context, in versionInput) (getVersionOutput, error) {
	m, err := i.policyOf(in.PolicyArn)
	if err != nil {
		return getVersionOutput{}, err
	}
	at, err := m.versionOf(in.VersionId)
	if err != nil {
		return getVersionOutput{}, err
	}
	out := m.describe(m.versions[at])
	out.Document = m.versions[at].written
	return getVersionOutput{out}, nil
}

type listVersionsInput struct {
	namedARN
	listing
}

type listVersionsOutput struct {
	Versions []versionOutput
	truncation
}

// listVersions lists a policy's versions, the newest first.
func (i *IAM) listVersions(_ api.Context, in listVersionsInput) (listVersionsOutput, error) {
	m, err := i.policyOf(in.PolicyArn)
	if err != nil {
		return listVersionsOutput{}, err
	}
	list := []versionOutput{}
	for _, v := range slices.Backward(m.versions) {
		list = append(list, m.describe(v))
	}
	shown, rest, err := pageOf(list, in.listing)
	return listVersionsOutput{shown, rest}, err
}

// setDefaultVersion makes another version count, from the next request on.
func (i *IAM) setDefaultVersion(_ api.Context, in versionInput) (struct{}, error) {
	m, err := i.ownPolicy(in.PolicyArn)
	if err != nil {
		return struct{}{}, err
	}
	at, err := m.versionOf(in.VersionId)
	if err != nil {
		return struct{}{}, err
	}
	m.use(m.versions[at])
	return struct{}{}, nil
}

// deleteVersion deletes a version that is not the default, in the words of
// https://github.com/redradrat/aws-iam-operator/issues/13.
func (i *IAM) deleteVersion(c api.Context, in versionInput) (struct{}, error) {
	m, err := i.ownPolicy(in.PolicyArn)
	if err != nil {
		return struct{}{}, err
	}
	at, err := m.versionOf(in.VersionId)
	if err != nil {
		return struct{}{}, err
	}
	other := m.versions[at].number != m.defaultVersion
	if !c.Span.Decide(RuleDeleteUnused, other, "a version that is not the default", fmt.Sprintf("the default is v%d", m.defaultVersion)) {
		return struct{}{}, awserr.WithStatus(409, "DeleteConflict", "Cannot delete the default version of a policy.")
	}
	m.versions = slices.Delete(m.versions, at, at+1)
	return struct{}{}, nil
}
