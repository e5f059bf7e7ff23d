package iam

import (
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
)

// mfaDevice is a virtual MFA device: it makes codes of its seed and the time.
type mfaDevice struct {
	serial, seed string
	owner        *user // nil until it is enabled
	enabled      time.Time
}

// seedLength is that of a device's seed in base 32.
const seedLength = 32

// codePeriod is how long a code is shown.
const codePeriod = 30 * time.Second

// shows reports whether the device shows the code at a time, or did so or will
// in the period beside it.
func (d *mfaDevice) shows(code string, at time.Time) bool {
	return d.showsExactly(code, at) || d.showsExactly(code, at.Add(-codePeriod)) || d.showsExactly(code, at.Add(codePeriod))
}

func (d *mfaDevice) showsExactly(code string, at time.Time) bool {
	right, err := totp.ValidateCustom(code, d.seed, at.UTC(), totp.ValidateOpts{Period: uint(codePeriod.Seconds()), Digits: otp.DigitsSix})
	return err == nil && right
}

// MFA looks up a device by its serial number: whether the user that calls has
// it, and whether it shows the code now.
func (i *IAM) MFA(caller api.Principal, serial, code string) (has, right bool) {
	home := i.home(caller)
	k, ok := home.keys[caller.AccessKeyID]
	d, known := home.devices[serial]
	if !ok || !known || d.owner != k.owner {
		return false, false
	}
	return true, d.shows(code, i.world.Now())
}

type createMFAInput struct {
	Path                 string
	VirtualMFADeviceName string   `aws:"required"`
	_                    struct{} `unsimulated:"Tags"`
}

// virtualMFA is the structure VirtualMFADevice. The picture with the same seed
// is left out.
type virtualMFA struct{ SerialNumber, Base32StringSeed string }

type createMFAOutput struct{ VirtualMFADevice virtualMFA }

// createMFA makes a device of nobody's.
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html
func (i *IAM) createMFA(_ api.Context, in createMFAInput) (createMFAOutput, error) {
	serial := i.serial(in.Path, in.VirtualMFADeviceName)
	if _, taken := i.devices[serial]; taken {
		return createMFAOutput{}, awserr.WithStatus(409, "EntityAlreadyExists", "MFADevice entity at the same path and name already exists.")
	}
	d := &mfaDevice{serial: serial, seed: i.world.Token(seedLength, api.UpperAlphanumeric)}
	i.devices[serial] = d
	return createMFAOutput{VirtualMFADevice: virtualMFA{SerialNumber: serial, Base32StringSeed: d.seed}}, nil
}

func (i *IAM) serial(path, name string) string {
	if path == "" {
		path = "/"
	}
	return arn.New("iam", "", i.world.Account(), "mfa"+path+name)
}

type enableMFAInput struct {
	AuthenticationCode1 string `aws:"required"`
	AuthenticationCode2 string `aws:"required"`
	SerialNumber        string `aws:"required"`
	UserName            string `aws:"required"`
}

// enableMFA gives a device to a user who shows two consecutive codes of it.
//
// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
func (i *IAM) enableMFA(c api.Context, in enableMFAInput) (struct{}, error) {
	u, err := find("user", i.users, in.UserName)
	if err != nil {
		return struct{}{}, err
	}
	d, err := i.device(in.SerialNumber)
	if err != nil {
		return struct{}{}, err
	}
	now := i.world.Now()
	held := false
	for _, first := range []time.Time{now.Add(-codePeriod), now} {
		held = held || (d.showsExactly(in.AuthenticationCode1, first) && d.showsExactly(in.AuthenticationCode2, first.Add(codePeriod)))
	}
	if !c.Span.Decide(RuleMFACode, held, "two consecutive codes of the device", in.AuthenticationCode1+", "+in.AuthenticationCode2) {
		return struct{}{}, awserr.WithStatus(403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
	}
	d.owner, d.enabled = u, now
	return struct{}{}, nil
}
