package main

import (
	"os/exec"
	"path"
	"strings"
	"testing"
)

// layer says what the packages that match a pattern may import of this module,
// and what they must not import at all. Patterns are path.Match's, below the
// module; the first layer that matches a package holds.
type layer struct {
	packages string
	may      []string
	mustNot  []string
}

// layers is the dependency table. A new service, screen or widget needs no row.
func layers() []layer {
	vocabulary := []string{"sim/trace", "sim/arn", "sim/awserr", "sim/api", "sim/shape", "sim/source", "sim/jwt", "sim/saml", "sim/sigv4", "sim/srp", "sim/webauthn", "sim/wire", "sim/lambdacall", "sim/cloudformation"}
	outside := []string{"os", "net"}
	vocabulary = append(vocabulary, "sim/social")
	return []layer{
		{packages: "sim/trace", mustNot: []string{"*.*", "os", "net", "net/http"}},
		{packages: "sim/arn", mustNot: []string{"*.*", "os", "net", "net/http"}},
		{packages: "sim/awserr", mustNot: []string{"*.*", "os", "net", "net/http"}},
		{packages: "sim/trace/tracetest", may: []string{"sim/trace"}},
		{packages: "sim/api/apitest", may: []string{"sim/api", "sim/awserr", "sim/cloudformation", "sim/trace", "sim/trace/tracetest"}},
		{packages: "sim/source", mustNot: outside},
		{packages: "sim/shape", mustNot: append([]string{"*.*"}, outside...)},
		{packages: "sim/jsonschema", mustNot: append([]string{"*.*"}, outside...)},
		{packages: "sim/vtl", mustNot: append([]string{"*.*"}, outside...)},
		{packages: "sim/jwt", mustNot: outside},
		{packages: "sim/saml", mustNot: append([]string{"*.*"}, outside...)},
		{packages: "sim/social", may: []string{"sim/api", "sim/trace"}, mustNot: append([]string{"*.*", "net/http"}, outside...)},
		{packages: "sim/api", may: []string{"sim/trace", "sim/awserr", "sim/shape"}, mustNot: append([]string{"net/http"}, outside...)},
		{packages: "sim/sigv4", may: []string{"sim/api"}, mustNot: outside},
		{packages: "sim/srp", mustNot: append([]string{"*.*", "net/http"}, outside...)},
		{packages: "sim/webauthn", mustNot: outside},
		{packages: "sim/wire", may: []string{"sim/api", "sim/awserr", "sim/shape"}, mustNot: append([]string{"*.*", "net/http"}, outside...)},
		{packages: "sim/lambdacall", may: []string{"sim/trace", "sim/awserr", "sim/api"}, mustNot: append([]string{"*.*", "net/http"}, outside...)},
		{packages: "sim/cloudformation/sam", may: []string{"sim/source"}, mustNot: outside},
		{packages: "sim/cloudformation", may: []string{"sim/cloudformation/sam", "sim/trace", "sim/arn", "sim/awserr", "sim/api", "sim/shape", "sim/source"}, mustNot: outside},
		{packages: "sim/iam/policy", may: []string{"sim/trace", "sim/arn"}, mustNot: append([]string{"*.*"}, outside...)},
		{packages: "sim/iam", may: append([]string{"sim/iam/policy"}, vocabulary...), mustNot: outside},
		{packages: "sim/scenario", may: []string{"sim", "sim/*"}, mustNot: outside},
		{packages: "sim/lambda", may: append([]string{"sim/lambda/*"}, vocabulary...), mustNot: append([]string{"net/http"}, outside...)},
		{packages: "sim/javascript", mustNot: outside},
		{packages: "sim/lambda/*", may: append([]string{"sim/javascript"}, vocabulary...), mustNot: outside},
		{packages: "sim/apigateway", may: append([]string{"sim/vtl", "sim/jsonschema"}, vocabulary...), mustNot: append([]string{"net/http"}, outside...)},
		{packages: "sim/appsync", may: append([]string{"sim/appsync/*", "sim/vtl"}, vocabulary...), mustNot: append([]string{"net/http"}, outside...)},
		{packages: "sim/appsync/*", may: append([]string{"sim/javascript"}, vocabulary...), mustNot: outside},
		{packages: "sim/*", may: vocabulary, mustNot: append([]string{"net/http"}, outside...)},
		{packages: "sim", may: []string{"sim/*", "sim/cloudformation/sam"}, mustNot: outside},
		{packages: "quiz", mustNot: append([]string{"*.*"}, outside...)},
		{packages: "quiz/bank", may: []string{"quiz", "sim/source", "sim/cloudformation", "sim/scenario"}, mustNot: outside},
		{packages: "quiz/proof", may: []string{"quiz", "quiz/*", "sim/scenario", "sim/trace"}, mustNot: outside},
		{packages: "quiz/exam", may: []string{"quiz"}, mustNot: append([]string{"*.*"}, outside...)},
		{packages: "quiz/review", may: []string{"quiz"}, mustNot: append([]string{"*.*"}, outside...)},
		{packages: "quiz/progress", may: []string{"quiz", "quiz/exam", "quiz/progress/sqlitefile"}, mustNot: []string{"net"}},
		{packages: "quiz/progress/sqlitefile", mustNot: append([]string{"*.*"}, outside...)},
		{packages: "quiz/*", may: []string{"quiz", "quiz/*"}, mustNot: outside},
		{packages: "questions", mustNot: append([]string{"*.*"}, outside...)},
		{packages: "ui/background", mustNot: outside},
		{packages: "ui/layout", may: nil, mustNot: outside},
		{packages: "ui/keys", may: []string{"ui/layout"}, mustNot: outside},
		{packages: "ui/theme", may: []string{"ui/layout", "ui/keys"}, mustNot: outside},
		{packages: "ui/screen", may: []string{"ui/layout", "ui/keys", "ui/theme"}, mustNot: outside},
		{packages: "ui/widget/*", may: []string{"ui/layout", "ui/keys", "ui/theme", "ui/screen", "ui/widget/*", "sim/trace"}, mustNot: outside},
		{packages: "ui/screens/*", may: []string{"ui/layout", "ui/keys", "ui/theme", "ui/screen", "ui/widget/*", "quiz", "quiz/*", "sim/trace", "sim/scenario"}, mustNot: outside},
		{packages: "ui/uitest", may: []string{"quiz", "quiz/*", "sim/trace", "sim/scenario", "ui/*"}},
		{packages: "ui", may: []string{"ui/*", "ui/screens/*", "ui/widget/*", "quiz", "quiz/*", "sim/trace", "sim/scenario"}, mustNot: outside},
		{packages: "cmd/claimcheck/server", may: []string{"sim", "sim/*"}},
		{packages: "cmd/*", may: []string{"*", "*/*", "*/*/*"}},
	}
}

func TestPackagesImportOnlyWhatTheirLayerMay(t *testing.T) {
	const module = "claimcheck/"
	for name, imports := range packages(t) {
		rule, ok := layerOf(strings.TrimPrefix(name, module))
		if !ok {
			t.Errorf("package %s belongs to no layer of the table", name)
			continue
		}
		for _, imported := range imports {
			inside, own := strings.CutPrefix(imported, module)
			switch {
			case imported == "claimcheck":
			case own && !matches(rule.may, inside):
				t.Errorf("%s imports %s: its layer may not", name, imported)
			case !own && matches(rule.mustNot, imported), !own && isThirdParty(imported) && matches(rule.mustNot, "*.*"):
				t.Errorf("%s imports %s: its layer must not", name, imported)
			}
		}
	}
}

// packages returns the imports of every package of the module, without tests.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "claimcheck/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	imports := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		imports[fields[0]] = fields[1:]
	}
	if len(imports) < 10 {
		t.Fatalf("go list found only %d packages", len(imports))
	}
	return imports
}

func layerOf(name string) (layer, bool) {
	for _, l := range layers() {
		if ok, _ := path.Match(l.packages, name); ok {
			return l, true
		}
	}
	return layer{}, false
}

func matches(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, _ := path.Match(pattern, name); ok && pattern != "*.*" || pattern == name {
			return true
		}
	}
	return false
}

func isThirdParty(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return strings.Contains(first, ".")
}
