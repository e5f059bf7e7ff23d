package saml_test

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"
	dsig "github.com/russellhaering/goxmldsig"

	"claimcheck/sim/jwt"
	"claimcheck/sim/saml"
)

func start() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

func signer(t testing.TB, n int) saml.Signer {
	t.Helper()
	key, err := jwt.DevelopmentKey(n, "", jwt.RS256).Private()
	if err != nil {
		t.Fatal(err)
	}
	s, err := saml.NewSigner(key, "https://login.corp.example", start())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func said() saml.Assertion {
	return saml.Assertion{
		ID: "_a1", Issuer: "https://login.corp.example", Issued: start(), NameID: "ana & \"co\"", NameFormat: saml.Persistent,
		InResponseTo: "_q1", Recipient: "https://sp.example/acs", Audiences: []string{"urn:sp", "urn:other"},
		NotOnOrAfter: start().Add(5 * time.Minute), SessionNotOnOrAfter: start().Add(time.Hour),
		Attributes: []saml.Attribute{{Name: "mail", Values: []string{"ana@corp.example"}}, {Name: "groups", Values: []string{"dev", "<o\rps>"}}},
	}
}

func response(t testing.TB, a saml.Assertion) string {
	t.Helper()
	text, err := signer(t, 0).Response(a)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// document is what a response holds, changed by pairs of old and new text.
func document(t testing.TB, text string, changes ...string) string {
	t.Helper()
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString([]byte(strings.NewReplacer(changes...).Replace(string(plain))))
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	for name, a := range map[string]saml.Assertion{
		"everything": said(),
		"the least":  {ID: "_a2", Issuer: "i", NameID: "n", Issued: start(), NotOnOrAfter: start()},
	} {
		read, err := saml.Read(response(t, a))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, read.Assertion); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if err := read.Verify(signer(t, 1).Certificate, signer(t, 0).Certificate); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := said().Values("groups"); len(got) != 2 || said().Values("none") != nil {
		t.Errorf("values %q", got)
	}
}

// goxmldsig knows nothing of this package: it must find our signature right, and
// we its.
func TestAnIndependentImplementationAgreesOnSignatures(t *testing.T) {
	certificate, err := x509.ParseCertificate(signer(t, 0).Certificate)
	if err != nil {
		t.Fatal(err)
	}
	theirs := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{certificate}})
	theirs.Clock = dsig.NewFakeClockAt(start().Add(time.Minute))
	tree := etree.NewDocument()
	plain, err := base64.StdEncoding.DecodeString(response(t, said()))
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.ReadFromBytes(plain); err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.Validate(tree.FindElement("./Response/Assertion")); err != nil {
		t.Errorf("our signature: %v", err)
	}
}

// signedByOthers is a response whose prefixes, spacing and order of attributes
// are not those of this package.
func signedByOthers(t *testing.T) string {
	t.Helper()
	key, err := jwt.DevelopmentKey(2, "", jwt.RS256).Private()
	if err != nil {
		t.Fatal(err)
	}
	context, err := dsig.NewSigningContext(key, [][]byte{signer(t, 2).Certificate})
	if err != nil {
		t.Fatal(err)
	}
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	tree := etree.NewDocument()
	if err := tree.ReadFromString(`<!-- by hand --><Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:x="urn:x" xmlns:unused="urn:u" Version="2.0" ID="_b7"
  IssueInstant="2026-03-02T09:00:00.250Z" x:z="1" x:a="a&#10;&quot;b"><!-- a comment -->
  <Issuer>https://login.corp.example</Issuer><Subject><NameID>bob</NameID></Subject>
  <x:Extra xmlns:x="urn:y" xml:lang="en"><Inner xmlns="">&lt;&amp;&gt;</Inner><![CDATA[<raw>]]></x:Extra>
</Assertion>`); err != nil {
		t.Fatal(err)
	}
	signed, err := context.SignEnveloped(tree.Root())
	if err != nil {
		t.Fatal(err)
	}
	tree.SetRoot(signed)
	text, err := tree.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString([]byte(`<?xml version="1.0"?><p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:unused="urn:u">` + text + `</p:Response>`))
}

func TestASignatureByAnIndependentImplementationIsVerified(t *testing.T) {
	read, err := saml.Read(signedByOthers(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Verify(signer(t, 2).Certificate); err != nil || read.Assertion.NameID != "bob" {
		t.Errorf("%s: %v", read.Assertion.NameID, err)
	}
}

func TestASignatureThatDoesNotHold(t *testing.T) {
	right := response(t, said())
	for name, tt := range map[string]struct{ response, want string }{
		"another key":          {document(t, right), "another key"},
		"a changed user":       {document(t, right, "ana &amp;", "bob &amp;"), "changed"},
		"a changed attribute":  {document(t, right, "ana@corp", "eve@corp"), "changed"},
		"none":                 {document(t, right, "ds:Signature>", "ds:Other>", "<ds:Signature ", "<ds:Other "), "0 instead of 1"},
		"about something else": {document(t, right, "#_a1", "#_a2"), "not about"},
		"a weak digest":        {document(t, right, "2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"), "algorithms"},
		"no transform":         {document(t, right, "2000/09/xmldsig#enveloped-signature", "TR/1999/REC-xpath-19991116"), "algorithms"},
		"a broken value":       {document(t, right, "<ds:SignatureValue>", "<ds:SignatureValue>?"), "base64"},
	} {
		read, err := saml.Read(tt.response)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := read.Verify([]byte("no certificate"), signer(t, 1).Certificate); !errors.Is(err, saml.ErrSignature) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsNoResponse(t *testing.T) {
	right := response(t, said())
	two := document(t, right, "<saml:Assertion ", "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/><saml:Assertion ")
	hidden := document(t, right, "<saml:Assertion ", "<samlp:Extensions><saml:Assertion ", "</saml:Assertion>", "</saml:Assertion></samlp:Extensions>")
	for name, tt := range map[string]struct{ response, want string }{
		"no base64":             {"%", "not base64"},
		"no XML":                {encode("opaque"), "not XML"},
		"an unfinished element": {encode("<a>"), "not XML"},
		"a wrong end":           {encode("<a></b>"), "not XML"},
		"two roots":             {encode("<a></a><b></b>"), "more than one root"},
		"too deep":              {encode(strings.Repeat("<a>", 100)), "too deep"},
		"a document type":       {encode("<!DOCTYPE a><a></a>"), "document type"},
		"an instruction":        {encode("<a><?b c?></a>"), "processing instruction"},
		"another document":      {encode("<a></a>"), "not a response"},
		"two assertions":        {two, "2 assertions"},
		"an assertion inside":   {hidden, "1 assertions"},
		"no name":               {document(t, right, "saml:NameID", "saml:Other"), "no NameID"},
		"no time":               {document(t, right, ` NotOnOrAfter="2026`, ` NotOnOrAfter="soon`), "is not a time"},
	} {
		if _, err := saml.Read(tt.response); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
func TestAnAssertionForAWS(t *testing.T) {
	for name, tt := range map[string]struct {
		recipient, audience string
		want                bool
	}{
		"AWS's entity":      {saml.AWSRecipient, saml.AWSEntity, true},
		"AWS's address":     {saml.AWSRecipient, saml.AWSRecipient, true},
		"another audience":  {saml.AWSRecipient, "urn:sp", false},
		"another recipient": {"https://sp.example/acs", saml.AWSEntity, false},
	} {
		if got := (saml.Assertion{Recipient: tt.recipient, Audiences: []string{"urn:other", tt.audience}}).ForAWS(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestMetadataIsWrittenAndRead(t *testing.T) {
	for name, m := range map[string]saml.Metadata{
		"a key":  {EntityID: "https://login.corp.example", SignOn: "https://login.corp.example/sso?a=1&b=2", Certificates: [][]byte{signer(t, 0).Certificate}},
		"no key": {EntityID: "urn:x"},
	} {
		read, err := saml.ReadMetadata(m.Document())
		if diff := cmp.Diff(m, read); diff != "" || err != nil {
			t.Errorf("%s: %s %v", name, diff, err)
		}
	}
	post := `<m:EntityDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:d="http://www.w3.org/2000/09/xmldsig#" entityID="e"><m:IDPSSODescriptor>
		<m:KeyDescriptor use="encryption"><d:X509Certificate>AA==</d:X509Certificate></m:KeyDescriptor>
		<m:KeyDescriptor><d:KeyInfo><d:X509Data><d:X509Certificate> AQ
		== </d:X509Certificate></d:X509Data></d:KeyInfo></m:KeyDescriptor>
		<m:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://e/post"/></m:IDPSSODescriptor></m:EntityDescriptor>`
	read, err := saml.ReadMetadata(post)
	if diff := cmp.Diff(saml.Metadata{EntityID: "e", Certificates: [][]byte{{1}}}, read); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for name, row := range map[string][2]string{
		"no XML":         {"<", "not XML"},
		"no provider":    {`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"/>`, "no identity provider"},
		"no name":        {strings.Replace(post, `entityID="e"`, "", 1), "no entityID"},
		"no certificate": {strings.Replace(post, " AQ", " ?", 1), "not base64"},
	} {
		if _, err := saml.ReadMetadata(row[0]); err == nil || !strings.Contains(err.Error(), row[1]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is read may say nothing that its signature does not cover.
func FuzzRead(f *testing.F) {
	right := response(f, said())
	f.Add(right)
	f.Add(document(f, right, "ana", "eve"))
	f.Add(encode(`<a xmlns="b"><c/></a>`))
	certificate := signer(f, 0).Certificate
	want, err := saml.Read(right)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := saml.Read(text)
		if err != nil || read.Verify(certificate) != nil {
			return
		}
		if diff := cmp.Diff(want.Assertion, read.Assertion); diff != "" {
			t.Errorf("signed, but never by the signer: %s", diff)
		}
	})
}
