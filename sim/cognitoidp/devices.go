package cognitoidp

import (
	"math/big"
	"slices"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/srp"
	"claimcheck/sim/trace"
)

// deviceConfiguration is a pool's DeviceConfiguration: a value of either
// property turns the remembering of devices on.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceConfigurationType.html
type deviceConfiguration struct {
	// ChallengeRequiredOnNewDevice lets a remembered device stand for MFA.
	ChallengeRequiredOnNewDevice *bool `json:",omitempty"`
	// DeviceOnlyRememberedOnUserPrompt leaves it to UpdateDeviceStatus whether a
	// confirmed device is remembered.
	DeviceOnlyRememberedOnUserPrompt *bool `json:",omitempty"`
}

// remembersDevices reports whether the pool gives out device keys.
func (p *pool) remembersDevices() bool {
	c := p.settings.DeviceConfiguration
	return c != nil && (c.ChallengeRequiredOnNewDevice != nil || c.DeviceOnlyRememberedOnUserPrompt != nil)
}

// deviceReplacesMFA reports whether the proof of a remembered device is good
// for a second factor.
func (p *pool) deviceReplacesMFA() bool {
	return p.remembersDevices() && isTrue(p.settings.DeviceConfiguration.ChallengeRequiredOnNewDevice)
}

// asksUserAboutDevices reports whether users choose if a device is remembered.
func (p *pool) asksUserAboutDevices() bool {
	return p.remembersDevices() && isTrue(p.settings.DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt)
}

func isTrue(b *bool) bool { return b != nil && *b }

// device is a device of a user that was confirmed.
type device struct {
	key, name string
	// salt and verifier are what the pool keeps of the device's password.
	salt, verifier                   *big.Int
	remembered                       bool
	created, modified, authenticated time.Time
}

// device finds one of the user's devices, nil when there is none of this key.
func (u *user) device(key string) *device {
	i := slices.IndexFunc(u.devices, func(d *device) bool { return d.key == key })
	if i < 0 {
		return nil
	}
	return u.devices[i]
}

func (u *user) findDevice(span *trace.Span, key string) (*device, error) {
	d := u.device(key)
	if !span.Decide(RuleDeviceExists, d != nil, "a confirmed device of this key", existence(d != nil)) {
		return nil, awserr.New("ResourceNotFoundException", "Device does not exist.")
	}
	return d, nil
}

// newDeviceMetadata names a device that the pool has not seen before.
type newDeviceMetadata struct {
	DeviceKey, DeviceGroupKey string
}

// nameDevice gives a sign-in by API its device: the one that the app named, or
// a new key. It returns nil where nothing new was named.
func (s *UserPools) nameDevice(a *attempt, in *signIn) *newDeviceMetadata {
	p := a.client.pool
	if !p.remembersDevices() || in.grant != nil {
		return nil
	}
	in.deviceKey = a.progress.deviceKey
	if a.span.Note(RuleDeviceKnown, in.deviceKey != "", "DEVICE_KEY of a device that signed in before", sentOrNot(in.deviceKey)) {
		return nil
	}
	if p.deviceGroupKey == "" {
		p.deviceGroupKey = "-" + s.world.Token(8, api.Alphanumeric)
	}
	in.deviceKey = s.world.Region() + "_" + s.world.UUID()
	in.confirmable = a.progress.srp != nil && !a.progress.byServer
	return &newDeviceMetadata{DeviceKey: in.deviceKey, DeviceGroupKey: p.deviceGroupKey}
}

type deviceSecretVerifier struct {
	PasswordVerifier string
	Salt             string
}

type confirmDeviceInput struct {
	AccessToken                string `aws:"required"`
	DeviceKey                  string `aws:"required"`
	DeviceName                 string
	DeviceSecretVerifierConfig deviceSecretVerifier `aws:"required"`
}

type confirmDeviceOutput struct {
	UserConfirmationNecessary bool
}

// confirmDevice registers the device of this very sign-in:
//
//  1. the access token is good
//  2. the key is the new one that the sign-in returned
//  3. the app proved the password by SRP, and not through a server
//  4. the salt and the verifier are positive numbers
//
// It is remembered at once, unless the pool leaves that to the user. AWS lets
// DeviceSecretVerifierConfig be left out; what then happens is not known, so the
// simulation requires it.
func (s *UserPools) confirmDevice(c api.Context, in confirmDeviceInput) (confirmDeviceOutput, error) {
	none := confirmDeviceOutput{}
	signedIn, err := s.bearer(c.Span, in.AccessToken) // 1
	if err != nil {
		return none, err
	}
	mine := in.DeviceKey == signedIn.deviceKey && signedIn.user.device(in.DeviceKey) == nil
	if !c.Span.Decide(RuleDeviceKey, mine, "the new DeviceKey of this sign-in", sameOrNot(mine)) { // 2
		return none, awserr.New("InvalidParameterException", "Invalid device key given.")
	}
	if !c.Span.Decide(RuleDeviceSRP, signedIn.confirmable, "an app that signed in by SRP", signInKind(signedIn.confirmable)) { // 3
		return none, awserr.New("InvalidParameterException", "Invalid device key given.")
	}
	salt, saltOK := srp.DecodeNumber(in.DeviceSecretVerifierConfig.Salt)
	verifier, verifierOK := srp.DecodeNumber(in.DeviceSecretVerifierConfig.PasswordVerifier)
	if !c.Span.Decide(RuleDeviceVerifier, saltOK && verifierOK, "Salt and PasswordVerifier, positive, in Base64", numberOrNot(saltOK && verifierOK)) { // 4
		return none, awserr.New("InvalidParameterException", "Negative value passed for salt or password verifier.")
	}
	p, now := signedIn.client.pool, s.world.Now()
	signedIn.user.devices = append(signedIn.user.devices, &device{
		key: in.DeviceKey, name: in.DeviceName, salt: salt, verifier: verifier,
		remembered: !p.asksUserAboutDevices(), created: now, modified: now, authenticated: now,
	})
	return confirmDeviceOutput{UserConfirmationNecessary: p.asksUserAboutDevices()}, nil
}

func signInKind(confirmable bool) string {
	if confirmable {
		return "the app, by SRP"
	}
	return "without SRP, or a server"
}

// deviceDescription is how the API shows a device.
type deviceDescription struct {
	DeviceKey                   string
	DeviceAttributes            []attribute
	DeviceCreateDate            api.Timestamp
	DeviceLastModifiedDate      api.Timestamp
	DeviceLastAuthenticatedDate api.Timestamp
}

// describeDevice shows a device with the attributes that AWS gives it, but for
// the address and the SDK, which a simulated app does not have:
// https://docs.aws.amazon.com/cli/latest/reference/cognito-idp/admin-get-device.html
func (s *UserPools) describeDevice(p *pool, u *user, d *device) deviceDescription {
	owner := u.username + "." + p.id
	return deviceDescription{
		DeviceKey: d.key,
		DeviceAttributes: []attribute{
			{Name: "device_status", Value: "valid"},
			{Name: "device_name", Value: d.name},
			{Name: "dev:device_arn", Value: arn.New(prefix, s.world.Region(), s.world.Account(), "owner/"+owner+"/device/"+d.key)},
			{Name: "dev:device_owner", Value: owner},
			{Name: "dev:device_remembered_status", Value: d.status()},
		},
		DeviceCreateDate:            api.Epoch(d.created),
		DeviceLastModifiedDate:      api.Epoch(d.modified),
		DeviceLastAuthenticatedDate: api.Epoch(d.authenticated),
	}
}

// status is a value of DeviceRememberedStatus.
func (d *device) status() string {
	if d.remembered {
		return "remembered"
	}
	return "not_remembered"
}
