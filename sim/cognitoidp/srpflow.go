package cognitoidp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/srp"
)

const passwordVerifier = "PASSWORD_VERIFIER"

// beginBySRP asks the user to prove the password without sending it:
//
//  1. the user exists; an app client that must not learn this gets a challenge
//     that no password answers
//  2. SRP_A is a number of the group
//
// Everything else about the user is checked when the proof comes:
// https://github.com/ministackorg/ministack/pull/1758
func beginBySRP(s *UserPools, a *attempt) (*question, error) {
	a.user = a.client.pool.find(a.parameters["USERNAME"])
	a.noteMigration()
	if a.client.hidesUnknownUsers() {
		a.span.Note(RuleUserHidden, a.user != nil, "a user of this name", existence(a.user != nil)+pretence(a.user))
	} else if !a.span.Decide(RuleUserExists, a.user != nil, "a user of this name", existence(a.user != nil)) { // 1
		return nil, unknownUser(a.client)
	}
	return s.askProofOf(a, a.parameters["SRP_A"]) // 2
}

// askProofOf opens an exchange over the user's password. Without a user, or a
// password, nothing proves it.
func (s *UserPools) askProofOf(a *attempt, srpA string) (*question, error) {
	username, password := a.parameters["USERNAME"], ""
	if a.user != nil {
		username, password = a.user.username, a.user.password
	}
	g := srp.NewGroup()
	clientKey, err := a.clientKey(g, srpA)
	if err != nil {
		return nil, err
	}
	if password == "" {
		password = s.world.Token(32, api.Alphanumeric)
	}
	_, poolName, _ := strings.Cut(a.client.pool.id, "_")
	server := srp.Server{
		ClientKey: clientKey, Name: poolName + username,
		Salt: saltOf(poolName + username), Secret: s.secretNumber(),
		SecretBlock: []byte(s.world.Token(1024, api.Alphanumeric)),
	}
	server.Verifier = g.Verifier(server.Salt, server.Name, password)
	a.progress.srp = &server
	return &question{name: passwordVerifier, parameters: map[string]string{
		"SALT":            server.Salt.Text(16),
		"SRP_B":           hex.EncodeToString(server.Key(g).Bytes()),
		"SECRET_BLOCK":    base64.StdEncoding.EncodeToString(server.SecretBlock),
		"USERNAME":        username,
		"USER_ID_FOR_SRP": username,
	}}, nil
}

// clientKey reads the SRP_A of an app.
func (a *attempt) clientKey(g srp.Group, text string) (*big.Int, error) {
	key, ok := g.ParseKey(text)
	if !a.span.Decide(RuleSRPNumber, ok, "SRP_A in hex, no multiple of the prime", numberOrNot(ok)) {
		return nil, awserr.New("InvalidParameterException", "SRP_A must be a valid number of the 3072-bit group.")
	}
	return key, nil
}

func numberOrNot(ok bool) string {
	if ok {
		return "one"
	}
	return "no such number"
}

// saltOf is the salt of a user's password. It follows from the name, so that
// names with and without a user look the same at every try.
func saltOf(name string) *big.Int {
	sum := sha256.Sum256([]byte(name))
	return new(big.Int).SetBytes(sum[:16])
}

// secretNumber is the server's secret in one exchange: 256 bits.
func (s *UserPools) secretNumber() *big.Int {
	sum := sha256.Sum256([]byte(s.world.Token(64, api.Alphanumeric)))
	return new(big.Int).SetBytes(sum[:])
}

// answerPasswordVerifier checks the proof of a password:
//
//  1. the timestamp can be read
//  2. there is such a user
//  3. the signature admits the user
//
// A proof is good for one try.
func answerPasswordVerifier(s *UserPools, a *attempt) (*question, error) {
	timestamp, err := a.timestamp() // 1
	if err != nil {
		return nil, err
	}
	delete(s.sessions, a.parameters["PASSWORD_CLAIM_SECRET_BLOCK"])
	if !a.span.Decide(RuleUserExists, a.user != nil, "a user of this name", existence(a.user != nil)) { // 2
		return nil, wrongPassword()
	}
	want := a.progress.srp.Signature(srp.NewGroup(), timestamp)
	right := a.user.password != "" && hmac.Equal([]byte(want), []byte(a.parameters["PASSWORD_CLAIM_SIGNATURE"]))
	if err := s.admit(a, a.user, proof{rule: RulePasswordProof, wanted: "a signature that only the password makes", right: right}); err != nil { // 3
		return nil, err
	}
	return s.shown(a, passwordVerifier)
}

// timestamp is the TIMESTAMP of an answer, in its one right form.
func (a *attempt) timestamp() (string, error) {
	timestamp, ok := srp.CanonicalTimestamp(a.parameters["TIMESTAMP"])
	if !a.span.Decide(RuleSRPTimestamp, ok, "a time like "+srp.Timestamp, a.parameters["TIMESTAMP"]) {
		return "", awserr.New("InvalidParameterException", "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
	}
	return timestamp, nil
}
