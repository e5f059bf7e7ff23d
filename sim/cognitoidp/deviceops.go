package cognitoidp

import (
	"slices"

	"claimcheck/sim/api"
)

// deviceOperations are those on the devices of users.
func (s *UserPools) deviceOperations() []api.Operation {
	return []api.Operation{
		api.Operate("ConfirmDevice", api.AccessToken, s.confirmDevice),
		api.Operate("UpdateDeviceStatus", api.AccessToken, s.updateDeviceStatus),
		api.Operate("GetDevice", api.AccessToken, s.getDevice),
		api.Operate("ListDevices", api.AccessToken, s.listDevices),
		api.Operate("ForgetDevice", api.AccessToken, s.forgetDevice),
		onPool(s, "AdminUpdateDeviceStatus", s.adminUpdateDeviceStatus),
		onPool(s, "AdminGetDevice", s.adminGetDevice),
		onPool(s, "AdminListDevices", s.adminListDevices),
		onPool(s, "AdminForgetDevice", s.adminForgetDevice),
	}
}

// myDevice is the input of a signed-in user's operation on one device.
type myDevice struct {
	AccessToken string
	DeviceKey   string `aws:"required"`
}

// deviceOf is the input of an administrator's operation on one device of a user.
type deviceOf struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`
	DeviceKey  string `aws:"required"`
}

func (in deviceOf) pool() string { return in.UserPoolId }

// owned is a device with the user and the pool that it belongs to.
type owned struct {
	pool   *pool
	user   *user
	device *device
}

func (s *UserPools) findMyDevice(c api.Context, in myDevice) (owned, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return owned{}, err
	}
	d, err := signedIn.user.findDevice(c.Span, in.DeviceKey)
	return owned{signedIn.client.pool, signedIn.user, d}, err
}

func (s *UserPools) findDeviceOf(c api.Context, in deviceOf) (owned, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return owned{}, err
	}
	d, err := u.findDevice(c.Span, in.DeviceKey)
	return owned{p, u, d}, err
}

type getDeviceOutput struct {
	Device deviceDescription
}

func (s *UserPools) getDevice(c api.Context, in myDevice) (getDeviceOutput, error) {
	o, err := s.findMyDevice(c, in)
	if err != nil {
		return getDeviceOutput{}, err
	}
	return getDeviceOutput{s.describeDevice(o.pool, o.user, o.device)}, nil
}

func (s *UserPools) adminGetDevice(c api.Context, in deviceOf) (getDeviceOutput, error) {
	o, err := s.findDeviceOf(c, in)
	if err != nil {
		return getDeviceOutput{}, err
	}
	return getDeviceOutput{s.describeDevice(o.pool, o.user, o.device)}, nil
}

// forgetDevice ends the device's part in sign-ins, and its refresh tokens.
func (s *UserPools) forgetDevice(c api.Context, in myDevice) (empty, error) {
	o, err := s.findMyDevice(c, in)
	if err != nil {
		return empty{}, err
	}
	o.forget()
	return empty{}, nil
}

func (s *UserPools) adminForgetDevice(c api.Context, in deviceOf) (empty, error) {
	o, err := s.findDeviceOf(c, in)
	if err != nil {
		return empty{}, err
	}
	o.forget()
	return empty{}, nil
}

func (o owned) forget() {
	o.user.devices = slices.DeleteFunc(o.user.devices, func(d *device) bool { return d == o.device })
}

type updateDeviceStatusInput struct {
	AccessToken            string `aws:"required"`
	DeviceKey              string `aws:"required"`
	DeviceRememberedStatus string `aws:"enum=remembered|not_remembered"`
}

func (s *UserPools) updateDeviceStatus(c api.Context, in updateDeviceStatusInput) (empty, error) {
	o, err := s.findMyDevice(c, myDevice{AccessToken: in.AccessToken, DeviceKey: in.DeviceKey})
	if err != nil {
		return empty{}, err
	}
	s.setStatus(o.device, in.DeviceRememberedStatus)
	return empty{}, nil
}

type adminUpdateDeviceStatusInput struct {
	UserPoolId             string `aws:"required"`
	Username               string `aws:"required"`
	DeviceKey              string `aws:"required"`
	DeviceRememberedStatus string `aws:"enum=remembered|not_remembered"`
}

func (in adminUpdateDeviceStatusInput) pool() string { return in.UserPoolId }

func (s *UserPools) adminUpdateDeviceStatus(c api.Context, in adminUpdateDeviceStatusInput) (empty, error) {
	o, err := s.findDeviceOf(c, deviceOf{UserPoolId: in.UserPoolId, Username: in.Username, DeviceKey: in.DeviceKey})
	if err != nil {
		return empty{}, err
	}
	s.setStatus(o.device, in.DeviceRememberedStatus)
	return empty{}, nil
}

// setStatus leaves a device as it is when no status was sent.
func (s *UserPools) setStatus(d *device, status string) {
	if status != "" {
		d.remembered, d.modified = status == "remembered", s.world.Now()
	}
}

type listDevicesInput struct {
	AccessToken string `aws:"required"`

	_ struct{} `unsimulated:"Limit PaginationToken"`
}

type adminListDevicesInput struct {
	UserPoolId string `aws:"required"`
	Username   string `aws:"required"`

	_ struct{} `unsimulated:"Limit PaginationToken"`
}

func (in adminListDevicesInput) pool() string { return in.UserPoolId }

type listDevicesOutput struct {
	Devices []deviceDescription
}

func (s *UserPools) listDevices(c api.Context, in listDevicesInput) (listDevicesOutput, error) {
	signedIn, err := s.bearer(c.Span, in.AccessToken)
	if err != nil {
		return listDevicesOutput{}, err
	}
	return s.devicesOf(signedIn.client.pool, signedIn.user), nil
}

func (s *UserPools) adminListDevices(c api.Context, in adminListDevicesInput) (listDevicesOutput, error) {
	p, u, err := s.findUser(c.Span, in.UserPoolId, in.Username)
	if err != nil {
		return listDevicesOutput{}, err
	}
	return s.devicesOf(p, u), nil
}

// devicesOf lists a user's confirmed devices, oldest first.
func (s *UserPools) devicesOf(p *pool, u *user) listDevicesOutput {
	out := listDevicesOutput{Devices: []deviceDescription{}}
	for _, d := range u.devices {
		out.Devices = append(out.Devices, s.describeDevice(p, u, d))
	}
	return out
}
