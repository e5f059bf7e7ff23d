package iam_test

import (
	"testing"

	"claimcheck/sim/awserr"
)

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
func TestInstanceProfileMadeByOperations(t *testing.T) {
	a := deployed(t, role)
	profile := map[string]any{"InstanceProfileName": "server"}
	reader := map[string]any{"RoleName": a.attribute("Reader", "")}
	a.must("CreateInstanceProfile", with(profile, map[string]any{"Path": "/web/"}))
	if p, ok := a.iam.InstanceProfile("server"); !ok || p.RoleName != "" {
		t.Errorf("profile without a role: %+v, %v", p, ok)
	}
	a.must("AddRoleToInstanceProfile", with(profile, reader))
	a.refused(awserr.WithStatus(409, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"), "AddRoleToInstanceProfile", with(profile, reader))
	found := a.must("GetInstanceProfile", profile)["InstanceProfile"].(map[string]any)
	a.same("arn", "arn:aws:iam::123456789012:instance-profile/web/server", found["Arn"])
	a.same("role", reader["RoleName"], found["Roles"].([]any)[0].(map[string]any)["RoleName"])
	a.same("profiles of the role", []any{found}, a.must("ListInstanceProfilesForRole", reader)["InstanceProfiles"])
	a.same("profiles", []any{found}, a.must("ListInstanceProfiles", map[string]any{"PathPrefix": "/web/"})["InstanceProfiles"])
	a.same("profiles elsewhere", []any{}, a.must("ListInstanceProfiles", map[string]any{"PathPrefix": "/db/"})["InstanceProfiles"])
	a.refused(conflict("Cannot delete entity, must remove roles from instance profile first."), "DeleteInstanceProfile", profile)
	a.must("RemoveRoleFromInstanceProfile", with(profile, reader))
	a.refused(missingEntity("The role with name "+reader["RoleName"].(string)+" cannot be found."), "RemoveRoleFromInstanceProfile", with(profile, reader))
	a.must("DeleteInstanceProfile", profile)
	a.refused(missingEntity("Instance Profile server cannot be found."), "GetInstanceProfile", profile)
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html
func TestMFADeviceIsTakenAwayAndDeleted(t *testing.T) {
	a := observeMFA(t)
	devices := a.must("ListVirtualMFADevices", map[string]any{"AssignmentStatus": "Assigned"})["VirtualMFADevices"].([]any)
	if len(devices) == 0 {
		t.Fatal("nobody has a device")
	}
	first := devices[0].(map[string]any)
	device := map[string]any{"SerialNumber": first["SerialNumber"]}
	owner := map[string]any{"UserName": first["User"].(map[string]any)["UserName"]}
	a.same("the user's devices", device["SerialNumber"], a.must("ListMFADevices", owner)["MFADevices"].([]any)[0].(map[string]any)["SerialNumber"])
	a.refused(conflict("MFA VirtualDevice in use. Must deactivate first."), "DeleteVirtualMFADevice", device)
	a.must("DeactivateMFADevice", with(owner, device))
	a.refused(missingEntity("MFA Device invalid for user."), "DeactivateMFADevice", with(owner, device))
	a.must("DeleteVirtualMFADevice", device)
	a.refused(missingEntity("VirtualMFADevice with serial number "+device["SerialNumber"].(string)+" does not exist."), "DeleteVirtualMFADevice", device)
}
