package iam

import (
	"maps"
	"slices"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// deviceAdministration are the operations on MFA devices that are there.
func (i *IAM) deviceAdministration() []api.Operation {
	return []api.Operation{
		onHolder(i, "DeactivateMFADevice", i.deactivateMFA),
		api.On(api.Operate("DeleteVirtualMFADevice", api.Signed, i.deleteMFA), func(in deviceInput) api.Target {
			return api.Target{Resource: in.SerialNumber}
		}),
		onUser(i, api.Operate("ListMFADevices", api.Signed, i.listMFA), func(in listDevicesInput) string { return in.UserName }),
		api.Operate("ListVirtualMFADevices", api.Signed, i.listVirtualMFA),
	}
}

// device finds a device by its serial number, in the words of EnableMFADevice.
func (i *IAM) device(serial string) (*mfaDevice, error) {
	d, ok := i.devices[serial]
	if !ok {
		return nil, awserr.WithStatus(404, "NoSuchEntity", "VirtualMFADevice with serial number %s does not exist.", serial)
	}
	return d, nil
}

type deactivateInput struct {
	userName
	SerialNumber string `aws:"required"`
}

// deactivateMFA takes a device from its user. AWS documents the error of a
// device that is not the user's without its wording.
func (i *IAM) deactivateMFA(_ api.Context, in deactivateInput) (struct{}, error) {
	u, err := find("user", i.users, in.UserName)
	if err != nil {
		return struct{}{}, err
	}
	d, err := i.device(in.SerialNumber)
	if err != nil {
		return struct{}{}, err
	}
	if d.owner != u {
		return struct{}{}, awserr.WithStatus(404, "NoSuchEntity", "MFA Device invalid for user.")
	}
	d.owner = nil
	return struct{}{}, nil
}

type deviceInput struct {
	SerialNumber string `aws:"required"`
}

// deleteMFA deletes a device that is nobody's; AWS documents the error without
// its wording.
func (i *IAM) deleteMFA(c api.Context, in deviceInput) (struct{}, error) {
	d, err := i.device(in.SerialNumber)
	if err != nil {
		return struct{}{}, err
	}
	if !c.Span.Decide(RuleDeleteUnused, d.owner == nil, "a device that is nobody's", ownerOf(d)) {
		return struct{}{}, awserr.WithStatus(409, "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.")
	}
	delete(i.devices, d.serial)
	return struct{}{}, nil
}

func ownerOf(d *mfaDevice) string {
	if d.owner == nil {
		return "nobody's"
	}
	return "that of " + d.owner.name
}

type listDevicesInput struct {
	UserName string
	listing
}

// deviceOutput is the structure MFADevice.
type deviceOutput struct {
	UserName, SerialNumber string
	EnableDate             api.Timestamp
}

type listDevicesOutput struct {
	MFADevices []deviceOutput
	truncation
}

// listMFA lists the devices of the user named, or of the one who calls.
func (i *IAM) listMFA(c api.Context, in listDevicesInput) (listDevicesOutput, error) {
	u, err := i.caller(c, in.UserName)
	if err != nil {
		return listDevicesOutput{}, err
	}
	list := []deviceOutput{}
	for _, d := range i.devicesBySerial() {
		if d.owner == u {
			list = append(list, deviceOutput{u.name, d.serial, api.Epoch(d.enabled)})
		}
	}
	shown, rest, err := pageOf(list, in.listing)
	return listDevicesOutput{shown, rest}, err
}

func (i *IAM) devicesBySerial() []*mfaDevice {
	return slices.SortedFunc(maps.Values(i.devices), func(a, b *mfaDevice) int { return strings.Compare(a.serial, b.serial) })
}

type listVirtualInput struct {
	listing
	AssignmentStatus string `aws:"enum=Assigned|Unassigned|Any"`
}

// virtualDevice is the structure VirtualMFADevice of a list, which shows no seed.
type virtualDevice struct {
	SerialNumber string
	User         *userOutput    `json:",omitempty"`
	EnableDate   *api.Timestamp `json:",omitempty"`
}

type listVirtualOutput struct {
	VirtualMFADevices []virtualDevice
	truncation
}

func (i *IAM) listVirtualMFA(_ api.Context, in listVirtualInput) (listVirtualOutput, error) {
	list := []virtualDevice{}
	for _, d := range i.devicesBySerial() {
		entry := virtualDevice{SerialNumber: d.serial}
		if d.owner != nil {
			described, enabled := describeUser(d.owner), api.Epoch(d.enabled)
			entry.User, entry.EnableDate = &described, &enabled
		}
		skipped := in.AssignmentStatus == "Assigned" && d.owner == nil || in.AssignmentStatus == "Unassigned" && d.owner != nil
		if !skipped {
			list = append(list, entry)
		}
	}
	shown, rest, err := pageOf(list, in.listing)
	return listVirtualOutput{shown, rest}, err
}
