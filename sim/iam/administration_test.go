package iam_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

const (
	lambdaTrust = `{"Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`
	readPhotos  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`
	readOnly    = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
)

// refused expects an operation to be refused.
func (a *account) refused(want error, name string, input map[string]any) {
	a.Helper()
	_, err := a.run(api.Principal{}, name, input)
	if diff := cmp.Diff(want, err); diff != "" {
		a.Errorf("%s %v (-want +got):\n%s", name, input, diff)
	}
}

func (a *account) same(what string, want, got any) {
	a.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		a.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func conflict(message string) error { return awserr.WithStatus(409, "DeleteConflict", "%s", message) }

func missingEntity(message string) error {
	return awserr.WithStatus(404, "NoSuchEntity", "%s", message)
}

// with adds members to an input.
func with(input map[string]any, members map[string]any) map[string]any {
	all := map[string]any{}
	for _, from := range []map[string]any{input, members} {
		for name, value := range from {
			all[name] = value
		}
	}
	return all
}

// Users, groups and roles hold policies alike, and are deleted without them:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
// https://github.com/awslabs/aws-orbit-workbench/issues/633
// https://github.com/ansible/ansible/issues/22832
func TestPoliciesOfEveryKindOfHolder(t *testing.T) {
	for _, kind := range []string{"User", "Group", "Role"} {
		t.Run(kind, func(t *testing.T) {
			a := empty(t)
			holder := map[string]any{kind + "Name": "shop"}
			made := with(holder, map[string]any{"Path": "/team/"})
			if kind == "Role" {
				made["AssumeRolePolicyDocument"] = lambdaTrust
			}
			a.must("Create"+kind, made)
			a.must("Put"+kind+"Policy", with(holder, map[string]any{"PolicyName": "read", "PolicyDocument": readPhotos}))
			got := a.must("Get"+kind+"Policy", with(holder, map[string]any{"PolicyName": "read"}))
			statement := map[string]any{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
			a.same("inline policy", with(holder, map[string]any{"PolicyName": "read", "PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": statement}}), got)
			a.same("inline policies", map[string]any{"PolicyNames": []any{"read"}, "IsTruncated": false}, a.must("List"+kind+"Policies", holder))
			a.must("Attach"+kind+"Policy", with(holder, map[string]any{"PolicyArn": readOnly}))
			attached := map[string]any{"PolicyName": "AmazonS3ReadOnlyAccess", "PolicyArn": readOnly}
			a.same("attached policies", []any{attached}, a.must("ListAttached"+kind+"Policies", holder)["AttachedPolicies"])
			a.same("attached policies elsewhere", []any{}, a.must("ListAttached"+kind+"Policies", with(holder, map[string]any{"PathPrefix": "/x/"}))["AttachedPolicies"])

			a.refused(conflict("Cannot delete entity, must delete policies first."), "Delete"+kind, holder)
			a.must("Delete"+kind+"Policy", with(holder, map[string]any{"PolicyName": "read"}))
			a.refused(conflict("Cannot delete entity, must detach all policies first."), "Delete"+kind, holder)
			a.must("Detach"+kind+"Policy", with(holder, map[string]any{"PolicyArn": readOnly}))
			a.refused(missingEntity("Policy "+readOnly+" was not found."), "Detach"+kind+"Policy", with(holder, map[string]any{"PolicyArn": readOnly}))
			a.must("Delete"+kind, holder)
			a.same("left", []any{}, a.must("List"+kind+"s", map[string]any{})[kind+"s"])
		})
	}
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
func TestRoleMadeByOperations(t *testing.T) {
	a := empty(t)
	name := map[string]any{"RoleName": "worker"}
	a.must("CreateRole", with(name, map[string]any{"AssumeRolePolicyDocument": lambdaTrust, "Description": "works", "MaxSessionDuration": 7200.0}))
	a.must("PutRolePermissionsBoundary", with(name, map[string]any{"PermissionsBoundary": readOnly}))
	role := a.must("GetRole", name)["Role"].(map[string]any)
	want := map[string]any{
		"Path": "/", "RoleName": "worker", "RoleId": role["RoleId"], "Arn": "arn:aws:iam::123456789012:role/worker", "CreateDate": 1772442000.0,
		"AssumeRolePolicyDocument": map[string]any{"Statement": map[string]any{
			"Effect": "Allow", "Principal": map[string]any{"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
		}},
		"Description": "works", "MaxSessionDuration": 7200.0,
		"PermissionsBoundary": map[string]any{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": readOnly},
	}
	a.same("role", want, role)
	a.must("DeleteRolePermissionsBoundary", name)
	a.must("UpdateRole", with(name, map[string]any{"MaxSessionDuration": 3600.0, "Description": "rests"}))
	a.must("UpdateAssumeRolePolicy", with(name, map[string]any{"PolicyDocument": `{"Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`}))
	found, ok := a.iam.Role("arn:aws:iam::123456789012:role/worker")
	principal := found.TrustPolicy.(map[string]any)["Statement"].(map[string]any)["Principal"]
	if !ok || found.MaxSession.Hours() != 1 || cmp.Diff(map[string]any{"Service": "ec2.amazonaws.com"}, principal) != "" {
		t.Errorf("role after its updates: %+v", found)
	}
	after := a.must("ListRoles", map[string]any{"PathPrefix": "/"})["Roles"].([]any)[0].(map[string]any)
	a.same("description", "rests", after["Description"])
	a.same("boundary", nil, after["PermissionsBoundary"])
}

// https://github.com/99designs/iamy/pull/68
func TestRoleOfAnInstanceProfileIsNotDeleted(t *testing.T) {
	a := deployed(t, role+"\n  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Reader]}}\n")
	a.refused(conflict("Cannot delete entity, must remove roles from instance profile first."), "DeleteRole", map[string]any{"RoleName": a.attribute("Reader", "")})
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
func TestManagedPolicyHasVersions(t *testing.T) {
	a := empty(t)
	made := a.must("CreatePolicy", map[string]any{"PolicyName": "photos", "Path": "/team/", "PolicyDocument": readPhotos})["Policy"].(map[string]any)
	const at = "arn:aws:iam::123456789012:policy/team/photos"
	a.same("policy", map[string]any{
		"PolicyName": "photos", "PolicyId": made["PolicyId"], "Arn": at, "Path": "/team/", "DefaultVersionId": "v1",
		"AttachmentCount": 0.0, "PermissionsBoundaryUsageCount": 0.0, "IsAttachable": true, "CreateDate": 1772442000.0,
	}, made)
	policy := map[string]any{"PolicyArn": at}
	a.must("CreateUser", map[string]any{"UserName": "bob"})
	a.must("AttachUserPolicy", with(policy, map[string]any{"UserName": "bob"}))
	key := a.must("CreateAccessKey", map[string]any{"UserName": "bob"})["AccessKey"].(map[string]any)
	bob, err := a.iam.Authenticate(nil, a.signed(api.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}, "s3"), "s3")
	if err != nil {
		t.Fatal(err)
	}
	writes := func(want bool) {
		t.Helper()
		if d := a.iam.Authorize(nil, api.Authorization{Principal: bob, Action: "s3:PutObject", Resource: anaCat}); d.Allowed != want {
			t.Errorf("writing is allowed: %v, want %v", d.Allowed, want)
		}
	}
	const write = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}}`
	second := a.must("CreatePolicyVersion", with(policy, map[string]any{"PolicyDocument": write}))["PolicyVersion"].(map[string]any)
	a.same("second version", map[string]any{"VersionId": "v2", "IsDefaultVersion": false, "CreateDate": 1772442000.0}, second)
	writes(false)
	a.must("SetDefaultPolicyVersion", with(policy, map[string]any{"VersionId": "v2"}))
	writes(true)
	a.must("DeletePolicyVersion", with(policy, map[string]any{"VersionId": "v1"}))
	for range 4 {
		a.must("CreatePolicyVersion", with(policy, map[string]any{"PolicyDocument": readPhotos, "SetAsDefault": true}))
	}
	writes(false)
	limit := "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."
	a.refused(awserr.WithStatus(409, "LimitExceeded", "%s", limit), "CreatePolicyVersion", with(policy, map[string]any{"PolicyDocument": write}))
	var ids []any
	for _, v := range a.must("ListPolicyVersions", policy)["Versions"].([]any) {
		ids = append(ids, v.(map[string]any)["VersionId"])
	}
	a.same("versions", []any{"v6", "v5", "v4", "v3", "v2"}, ids)
	got := a.must("GetPolicyVersion", with(policy, map[string]any{"VersionId": "v2"}))["PolicyVersion"].(map[string]any)
	a.same("document", map[string]any{"Version": "2012-10-17", "Statement": map[string]any{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}, got["Document"])
	a.same("attachments", 1.0, a.must("GetPolicy", policy)["Policy"].(map[string]any)["AttachmentCount"])
	a.same("used policies", 1, len(a.must("ListPolicies", map[string]any{"Scope": "Local", "OnlyAttached": true})["Policies"].([]any)))

	a.refused(conflict("Cannot delete a policy attached to entities."), "DeletePolicy", policy)
	a.must("DetachUserPolicy", with(policy, map[string]any{"UserName": "bob"}))
	a.same("used policies", 0, len(a.must("ListPolicies", map[string]any{"Scope": "Local", "OnlyAttached": true})["Policies"].([]any)))
	a.refused(conflict("Cannot delete the default version of a policy."), "DeletePolicyVersion", with(policy, map[string]any{"VersionId": "v6"}))
	a.refused(conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."), "DeletePolicy", policy)
	for _, id := range []string{"v2", "v3", "v4", "v5"} {
		a.must("DeletePolicyVersion", with(policy, map[string]any{"VersionId": id}))
	}
	a.must("DeletePolicy", policy)
	a.refused(missingEntity("Policy "+at+" was not found."), "GetPolicy", policy)
}

func TestAWSManagedPoliciesAreReadAndNotChanged(t *testing.T) {
	a := empty(t)
	policy := map[string]any{"PolicyArn": readOnly}
	a.same("policy", "AmazonS3ReadOnlyAccess", a.must("GetPolicy", policy)["Policy"].(map[string]any)["PolicyName"])
	a.same("version", true, a.must("GetPolicyVersion", with(policy, map[string]any{"VersionId": "v1"}))["PolicyVersion"].(map[string]any)["IsDefaultVersion"])
	for name, input := range map[string]map[string]any{"DeletePolicy": policy, "ListPolicies": {}} {
		if _, err := a.run(api.Principal{}, name, input); err == nil || code(err) != "" {
			t.Errorf("%s: %v, want an error of the simulation", name, err)
		}
	}
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html
func TestGroupsHaveMembers(t *testing.T) {
	a := empty(t)
	group := map[string]any{"GroupName": "team"}
	a.must("CreateGroup", group)
	for _, user := range []string{"eve", "ana"} {
		a.must("CreateUser", map[string]any{"UserName": user})
		a.must("AddUserToGroup", with(group, map[string]any{"UserName": user}))
	}
	a.must("AddUserToGroup", with(group, map[string]any{"UserName": "ana"}))
	members := func() []any {
		names := []any{}
		for _, u := range a.must("GetGroup", group)["Users"].([]any) {
			names = append(names, u.(map[string]any)["UserName"])
		}
		return names
	}
	a.same("members", []any{"ana", "eve"}, members())
	a.same("groups of ana", 1, len(a.must("ListGroupsForUser", map[string]any{"UserName": "ana"})["Groups"].([]any)))
	a.refused(conflict("Cannot delete entity, must remove users from group first."), "DeleteGroup", group)
	a.refused(conflict("Cannot delete entity, must remove users from group first."), "DeleteUser", map[string]any{"UserName": "ana"})
	for _, user := range []string{"eve", "ana"} {
		a.must("RemoveUserFromGroup", with(group, map[string]any{"UserName": user}))
	}
	a.same("members", []any{}, members())
	a.must("DeleteGroup", group)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
func TestAccessKeysAreRotated(t *testing.T) {
	a := deployed(t, users)
	user := map[string]any{"UserName": "ana"}
	old := with(user, map[string]any{"AccessKeyId": a.key().AccessKeyID})
	status := func() any {
		return a.must("ListAccessKeys", user)["AccessKeyMetadata"].([]any)[0].(map[string]any)["Status"]
	}
	a.same("status", "Active", status())
	a.must("UpdateAccessKey", with(old, map[string]any{"Status": "Inactive"}))
	a.same("status", "Inactive", status())
	if _, err := a.iam.Authenticate(nil, a.signed(a.key(), "s3"), "s3"); err == nil {
		t.Error("an inactive key signs requests")
	}
	a.must("UpdateAccessKey", with(old, map[string]any{"Status": "Active"}))
	a.ana()
	a.refused(conflict("Cannot delete entity, must delete access keys first."), "DeleteUser", user)
	a.must("DeleteAccessKey", old)
	a.refused(missingEntity("The Access Key with id "+a.key().AccessKeyID+" cannot be found."), "DeleteAccessKey", old)
	a.must("PutUserPermissionsBoundary", with(user, map[string]any{"PermissionsBoundary": readOnly}))
	a.must("DeleteUserPermissionsBoundary", user)
	a.must("DeleteUserPolicy", with(user, map[string]any{"PolicyName": "read"}))
	a.must("DeleteUser", user)
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
func TestOIDCProviderMadeByOperations(t *testing.T) {
	a := empty(t)
	made := map[string]any{"Url": "https://id.example.com/tenant", "ClientIDList": []any{"shop"}}
	at := a.must("CreateOpenIDConnectProvider", made)
	a.same("arn", "arn:aws:iam::123456789012:oidc-provider/id.example.com/tenant", at["OpenIDConnectProviderArn"])
	a.refused(awserr.WithStatus(409, "EntityAlreadyExists", "Provider with url https://id.example.com/tenant already exists."), "CreateOpenIDConnectProvider", made)
	a.same("provider", map[string]any{"Url": "id.example.com/tenant", "ClientIDList": []any{"shop"}, "ThumbprintList": []any{}, "CreateDate": 1772442000.0},
		a.must("GetOpenIDConnectProvider", at))
	if p, ok := a.iam.IdentityProvider("https://id.example.com/tenant"); !ok || p.ClientIDs[0] != "shop" {
		t.Errorf("provider %+v", p)
	}
	list := a.must("ListOpenIDConnectProviders", nil)["OpenIDConnectProviderList"]
	a.same("list", []any{map[string]any{"Arn": at["OpenIDConnectProviderArn"]}}, list)
	a.must("DeleteOpenIDConnectProvider", at)
	a.refused(missingEntity("OpenIDConnect Provider not found for arn arn:aws:iam::123456789012:oidc-provider/id.example.com/tenant"), "GetOpenIDConnectProvider", at)
}

func TestAdministrationRefuses(t *testing.T) {
	a := deployed(t, users+role)
	reader := map[string]any{"RoleName": "Reader"}
	for _, tt := range []struct {
		operation string
		input     map[string]any
		want      error
	}{
		{"CreateRole", with(reader, map[string]any{"AssumeRolePolicyDocument": lambdaTrust}), awserr.WithStatus(409, "EntityAlreadyExists", "Role with name Reader already exists.")},
		{"CreateRole", map[string]any{"RoleName": "x", "AssumeRolePolicyDocument": "{}"}, awserr.New("MalformedPolicyDocument", "Syntax errors in policy.")},
		{"CreateRole", map[string]any{"RoleName": "x", "AssumeRolePolicyDocument": lambdaTrust, "MaxSessionDuration": 60.0}, awserr.New("ValidationError", "1 validation error detected: Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600")},
		{"UpdateAssumeRolePolicy", with(reader, map[string]any{"PolicyDocument": "{}"}), awserr.New("MalformedPolicyDocument", "Syntax errors in policy.")},
		{"GetRolePolicy", with(reader, map[string]any{"PolicyName": "none"}), missingEntity("The role policy with name none cannot be found.")},
		{"GetUserPolicy", map[string]any{"UserName": "ana", "PolicyName": "none"}, missingEntity("The user policy with name none cannot be found.")},
		{"DeleteRolePolicy", map[string]any{"RoleName": "None", "PolicyName": "p"}, missingEntity("The role with name None cannot be found.")},
		{"AttachRolePolicy", with(reader, map[string]any{"PolicyArn": "x"}), missingEntity("Policy x does not exist or is not attachable.")},
		{"PutRolePermissionsBoundary", with(reader, map[string]any{"PermissionsBoundary": "x"}), missingEntity("Policy x does not exist or is not attachable.")},
		{"GetGroup", map[string]any{"GroupName": "None"}, missingEntity("The group with name None cannot be found.")},
		{"AddUserToGroup", map[string]any{"GroupName": "None", "UserName": "ana"}, missingEntity("The group with name None cannot be found.")},
		{"GetPolicyVersion", map[string]any{"PolicyArn": readOnly, "VersionId": "v9"}, missingEntity("Policy " + readOnly + " version v9 does not exist or is not attachable.")},
		{"CreateOpenIDConnectProvider", map[string]any{"Url": "http://x"}, awserr.New("ValidationError", "Invalid Open ID Connect Provider URL")},
		{"ListRoles", map[string]any{"Marker": "7"}, awserr.New("ValidationError", "Invalid Marker: 7")},
		{"ListRoles", map[string]any{"MaxItems": 1001.0}, awserr.New("ValidationError", "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000")},
	} {
		a.refused(tt.want, tt.operation, tt.input)
	}
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
func TestListsComeInPages(t *testing.T) {
	a := empty(t)
	for _, name := range []string{"eve", "ana", "bob"} {
		a.must("CreateUser", map[string]any{"UserName": name})
	}
	first := a.must("ListUsers", map[string]any{"MaxItems": 2.0})
	second := a.must("ListUsers", map[string]any{"MaxItems": 2.0, "Marker": first["Marker"]})
	var names []any
	for _, u := range append(first["Users"].([]any), second["Users"].([]any)...) {
		names = append(names, u.(map[string]any)["UserName"])
	}
	a.same("users", []any{"ana", "bob", "eve"}, names)
	a.same("truncation", []any{true, false, nil}, []any{first["IsTruncated"], second["IsTruncated"], second["Marker"]})
}

// observeDeletion deletes what is in use, and then what is not.
func observeDeletion(t *testing.T) *account {
	a := empty(t)
	user := map[string]any{"UserName": "bob"}
	a.must("CreateUser", user)
	key := a.must("CreateAccessKey", user)["AccessKey"].(map[string]any)
	a.refused(conflict("Cannot delete entity, must delete access keys first."), "DeleteUser", user)
	a.must("DeleteAccessKey", with(user, map[string]any{"AccessKeyId": key["AccessKeyId"]}))
	a.must("DeleteUser", user)
	return a
}
