package cognitoidp

import (
	"testing"
	"time"
)

// The values of RFC 6238, appendix B, for SHA-1, cut to six digits:
// https://www.rfc-editor.org/rfc/rfc6238#appendix-B
func TestSoftwareTokensShowTheCodesOfRFC6238(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for _, test := range []struct {
		at   int64
		code string
	}{
		{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
	} {
		token := softwareToken{secret: secret}
		now := time.Unix(test.at, 0)
		for shift, want := range map[time.Duration]bool{0: true, 30 * time.Second: true, -30 * time.Second: true, 90 * time.Second: false} {
			if got := token.accepts(test.code, now.Add(shift)); got != want {
				t.Errorf("%s, %s after its time: %v", test.code, shift, got)
			}
		}
	}
}

func TestSoftwareTokensRefuseWhatIsNoCode(t *testing.T) {
	token := softwareToken{secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}
	for _, answer := range []string{"", "28708", "2870820", "28708x", "二八七〇八二"} {
		if token.accepts(answer, time.Unix(59, 0)) {
			t.Errorf("%q is taken", answer)
		}
	}
	broken := softwareToken{secret: "no Base32!"}
	if broken.accepts("287082", time.Unix(59, 0)) {
		t.Error("a broken secret has codes")
	}
}
