package cognitoidp

import (
	"cmp"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/srp"
	"claimcheck/sim/trace"
)

// The two challenges by which a remembered device proves itself.
const (
	deviceSRPAuth          = "DEVICE_SRP_AUTH"
	devicePasswordVerifier = "DEVICE_PASSWORD_VERIFIER"
)

// noteDevice keeps the first DEVICE_KEY that comes with a step of a sign-in.
// Where the pool remembers no devices it means nothing.
func (a *attempt) noteDevice() error {
	key := a.parameters["DEVICE_KEY"]
	if key == "" || !a.client.pool.remembersDevices() {
		return nil
	}
	if a.progress.flow == "CUSTOM_AUTH" {
		return fmt.Errorf("DEVICE_KEY in CUSTOM_AUTH: AWS has it, the simulation does not")
	}
	a.progress.deviceKey = cmp.Or(a.progress.deviceKey, key)
	return nil
}

// deviceDue is the challenge for the device that a sign-in names:
//
//  1. it names one and has not proven it yet
//  2. the user has confirmed such a device; AWS says so only to who knows the
//     password: https://github.com/aws-amplify/amplify-android/pull/2605
//  3. the device is remembered
func (s *UserPools) deviceDue(a *attempt) (*question, error) {
	if a.progress.deviceKey == "" || a.progress.device != nil { // 1
		return nil, nil
	}
	d, err := a.user.findDevice(a.span, a.progress.deviceKey) // 2
	if err != nil {
		return nil, err
	}
	if !a.span.Note(RuleDeviceRemembered, d.remembered, "a remembered device", d.status()) { // 3
		return nil, nil
	}
	return &question{name: deviceSRPAuth, parameters: map[string]string{"DEVICE_KEY": d.key, "USERNAME": a.user.username}}, nil
}

// devicePasses reports whether the device stands for the second factor.
func (a *attempt) devicePasses() bool {
	p := a.client.pool
	if !p.remembersDevices() {
		return false
	}
	passes := a.progress.device != nil && p.deviceReplacesMFA()
	found := "no remembered device was proven"
	switch {
	case passes:
		found = "a remembered device was proven"
	case !p.deviceReplacesMFA():
		found = "ChallengeRequiredOnNewDevice is false"
	}
	return a.span.Note(RuleDeviceReplacesMFA, passes, "a remembered device in place of MFA", found)
}

// answerDeviceSRP opens an exchange over the device's password:
//
//  1. the device is the one that the sign-in named
//  2. SRP_A is a number of the group
func answerDeviceSRP(s *UserPools, a *attempt) (*question, error) {
	d, err := a.namedDevice() // 1
	if err != nil {
		return nil, err
	}
	g := srp.NewGroup()
	clientKey, err := a.clientKey(g, a.parameters["SRP_A"]) // 2
	if err != nil {
		return nil, err
	}
	server := srp.Server{
		Name: a.client.pool.deviceGroupKey + d.key, Salt: d.salt, Verifier: d.verifier,
		Secret: s.secretNumber(), ClientKey: clientKey, SecretBlock: []byte(s.world.Token(1024, api.Alphanumeric)),
	}
	a.progress.deviceSRP = &server
	return &question{name: devicePasswordVerifier, parameters: map[string]string{
		"DEVICE_KEY":   d.key,
		"SALT":         d.salt.Text(16),
		"SECRET_BLOCK": base64.StdEncoding.EncodeToString(server.SecretBlock),
		"SRP_B":        hex.EncodeToString(server.Key(g).Bytes()),
		"USERNAME":     a.user.username,
	}}, nil
}

// answerDeviceProof checks the proof of a device:
//
//  1. the device is the one that the sign-in named
//  2. the timestamp can be read
//  3. the signature is the one that the device's password makes
func answerDeviceProof(s *UserPools, a *attempt) (*question, error) {
	d, err := a.namedDevice() // 1
	if err != nil {
		return nil, err
	}
	timestamp, err := a.timestamp() // 2
	if err != nil {
		return nil, err
	}
	server := a.progress.deviceSRP
	right := a.parameters["PASSWORD_CLAIM_SECRET_BLOCK"] == base64.StdEncoding.EncodeToString(server.SecretBlock) &&
		hmac.Equal([]byte(server.Signature(srp.NewGroup(), timestamp)), []byte(a.parameters["PASSWORD_CLAIM_SIGNATURE"]))
	if !a.span.Decide(RuleDeviceProof, right, "a signature that only the device's password makes", sameOrNot(right)) { // 3
		return nil, wrongPassword()
	}
	d.authenticated = s.world.Now()
	a.progress.device = d
	return nil, nil
}

// namedDevice is the device that the sign-in named, which an answer names again.
func (a *attempt) namedDevice() (*device, error) {
	named := a.parameters["DEVICE_KEY"]
	if named != a.progress.deviceKey {
		named = ""
	}
	return a.user.findDevice(a.span, named)
}

// checkRefreshingDevice refuses a refresh from elsewhere than the device that
// signed in. Sign-ins at the pool's domain have no device.
// https://docs.aws.amazon.com/cognito/latest/developerguide/troubleshooting.html
func (in *signIn) checkRefreshingDevice(span *trace.Span, key string) error {
	if !in.client.pool.remembersDevices() || in.grant != nil {
		return nil
	}
	confirmed := in.user.device(in.deviceKey) != nil
	found := sentOrNot(key)
	switch {
	case !confirmed:
		found = "the sign-in's device is not confirmed"
	case key != "" && key != in.deviceKey:
		found = "the key of another device"
	}
	if !span.Decide(RuleDeviceRefresh, confirmed && key == in.deviceKey, "DEVICE_KEY of the confirmed device that signed in", found) {
		return awserr.New("NotAuthorizedException", "Invalid Refresh Token")
	}
	return nil
}
