package cognitoidp_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"

	"claimcheck/sim/cognitoidp"
)

// srpClient is an app's half of SRP, written after Amplify's AuthenticationHelper
// in its own terms: numbers are hex text, padded to whole bytes and with 00 when
// the first bit is set. It shares nothing with the pool.
// https://github.com/aws-amplify/amplify-js
type srpClient struct {
	prime, secret, public *big.Int
}

func newSRPClient() srpClient {
	const pi = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"
	prime, _ := new(big.Int).SetString(pi, 16)
	secret, _ := new(big.Int).SetString(strings.Repeat("7e", 32), 16)
	return srpClient{prime: prime, secret: secret, public: new(big.Int).Exp(big.NewInt(2), secret, prime)}
}

func padHex(n *big.Int) []byte {
	text := n.Text(16)
	if len(text)%2 == 1 {
		text = "0" + text
	}
	if text[0] >= '8' {
		text = "00" + text
	}
	b, _ := hex.DecodeString(text)
	return b
}

func digest(parts ...[]byte) *big.Int {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return new(big.Int).SetBytes(h.Sum(nil))
}

func keyed(key, message []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(message)
	return mac.Sum(nil)
}

// answer is the answer to PASSWORD_VERIFIER.
func (c srpClient) answer(poolID string, challenge object, password, timestamp string) object {
	username := challenge["USER_ID_FOR_SRP"].(string)
	return c.prove(poolID[strings.Index(poolID, "_")+1:], username, challenge, password, timestamp)
}

// prove is the part of an answer that users and devices have in common: a
// device is called by its group key and its key.
func (c srpClient) prove(group, name string, challenge object, password, timestamp string) object {
	block := challenge["SECRET_BLOCK"].(string)
	salt, _ := new(big.Int).SetString(challenge["SALT"].(string), 16)
	server, _ := new(big.Int).SetString(challenge["SRP_B"].(string), 16)
	u := digest(padHex(c.public), padHex(server))
	inner := sha256.Sum256([]byte(group + name + ":" + password))
	x := digest(padHex(salt), inner[:])
	k := digest(padHex(c.prime), padHex(big.NewInt(2)))
	// S = (B - k·g^x) ^ (a + u·x)
	base := new(big.Int).Exp(big.NewInt(2), x, c.prime)
	base.Sub(server, base.Mul(base, k)).Mod(base, c.prime)
	shared := new(big.Int).Exp(base, new(big.Int).Add(c.secret, new(big.Int).Mul(u, x)), c.prime)
	key := keyed(keyed(padHex(u), padHex(shared)), []byte("Caldera Derived Key\x01"))[:16]
	secretBlock, _ := base64.StdEncoding.DecodeString(block)
	message := append([]byte(group+name), secretBlock...)
	return object{
		"USERNAME": challenge["USERNAME"], "PASSWORD_CLAIM_SECRET_BLOCK": block, "TIMESTAMP": timestamp,
		"PASSWORD_CLAIM_SIGNATURE": base64.StdEncoding.EncodeToString(keyed(key, append(message, timestamp...))),
	}
}

// verifier is DeviceSecretVerifierConfig for a device's password, with a salt
// that has its first bit set.
func (c srpClient) verifier(group, key, password string) object {
	salt := new(big.Int).SetBytes([]byte("\xc1 salt of a device"))
	inner := sha256.Sum256([]byte(group + key + ":" + password))
	v := new(big.Int).Exp(big.NewInt(2), digest(padHex(salt), inner[:]), c.prime)
	return object{
		"Salt":             base64.StdEncoding.EncodeToString(padHex(salt)),
		"PasswordVerifier": base64.StdEncoding.EncodeToString(padHex(v)),
	}
}

// srpPool has a client for SRP, and one that hides who exists.
const srpPool = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {AutoVerifiedAttributes: [email]}}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool}}
  Hiding: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, PreventUserExistenceErrors: ENABLED}}
`

func (a *account) srpInput(username string) object {
	return object{
		"AuthFlow": "USER_SRP_AUTH", "ClientId": a.Ref("Client"),
		"AuthParameters": object{"USERNAME": username, "SRP_A": newSRPClient().public.Text(16)},
	}
}

// response is the answer to a challenge of Client.
func (a *account) response(challenge object, responses object) object {
	input := object{"ClientId": a.Ref("Client"), "ChallengeName": challenge["ChallengeName"], "ChallengeResponses": responses}
	if session, ok := challenge["Session"]; ok {
		input["Session"] = session
	}
	return input
}

// proveSRP is the answer to the PASSWORD_VERIFIER challenge that a call returned.
func (a *account) proveSRP(challenge object, password string) object {
	return a.response(challenge, newSRPClient().answer(a.Ref("Pool"), challenge["ChallengeParameters"].(object), password, a.World.Clock.UTC().Format("Mon Jan 2 15:04:05 UTC 2006")))
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
func srpSignsInWithoutSendingThePassword(a *account) {
	a.with(srpPool)
	a.addUser("ana")
	challenge := a.Must("InitiateAuth", a.srpInput("ana"))
	parameters := challenge["ChallengeParameters"].(object)
	if challenge["ChallengeName"] != "PASSWORD_VERIFIER" || challenge["Session"] != nil || parameters["USER_ID_FOR_SRP"] != "ana" {
		a.T.Errorf("challenge: %v", challenge)
	}
	result := a.result(a.Must("RespondToAuthChallenge", a.proveSRP(challenge, password)))
	if got := a.parse(result["IdToken"]).Text("cognito:username"); got != "ana" {
		a.T.Errorf("the ID token is of %q", got)
	}
	again := a.Must("InitiateAuth", a.srpInput("ana"))["ChallengeParameters"].(object)
	if again["SALT"] != parameters["SALT"] || again["SRP_B"] == parameters["SRP_B"] {
		a.T.Error("the salt should stay and SRP_B change")
	}
}

// The proof is good once: https://github.com/ministackorg/ministack/pull/1758
func srpProofIsGoodOnce(a *account) {
	a.with(srpPool)
	a.addUser("ana")
	proof := a.proveSRP(a.Must("InitiateAuth", a.srpInput("ana")), password)
	a.Must("RespondToAuthChallenge", proof)
	a.Refused(cognitoidp.RuleSessionValid, "NotAuthorizedException", "Incorrect username or password.", "RespondToAuthChallenge", proof)
}

// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
func hiddenUsersGetAChallengeThatNothingAnswers(a *account) {
	a.with(srpPool)
	a.addUser("ana")
	known := a.srpInput("ana")
	known["ClientId"] = a.Ref("Hiding")
	a.Must("InitiateAuth", known)
	input := a.srpInput("eve")
	input["ClientId"] = a.Ref("Hiding")
	first, second := a.Must("InitiateAuth", input), a.Must("InitiateAuth", input)
	if first["ChallengeParameters"].(object)["SALT"] != second["ChallengeParameters"].(object)["SALT"] {
		a.T.Error("the made-up salt changes from try to try")
	}
	proof := a.proveSRP(first, password)
	proof["ClientId"] = a.Ref("Hiding")
	a.Refused(cognitoidp.RuleUserExists, "NotAuthorizedException", "Incorrect username or password.", "RespondToAuthChallenge", proof)
}
