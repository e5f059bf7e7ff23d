package nodejs

import (
	"fmt"
	"regexp"
	"strings"
)

// mainModule is the function's file when it is an ES module.
const mainModule = "file:///var/task/index.mjs"

// modules serves what import statements ask for: the function itself, the
// modules of Node.js that are simulated, and the AWS SDK.
type modules struct {
	main string
	// names are the identifiers in the function's source: a module exports
	// those of them that it has.
	names []string
	// unsimulated is the first module that AWS has and the simulation does not.
	unsimulated string
}

func newModules() *modules { return &modules{} }

// setMain makes source the function's module.
func (m *modules) setMain(source string) {
	m.main, m.names = source, identifiers(source)
}

// Normalize gives the modules of Node.js their full names.
func (m *modules) Normalize(name string) string {
	if isBuiltin(name) {
		return "node:" + name
	}
	return name
}

// Load returns the source of a module.
func (m *modules) Load(name string) (string, error) {
	bare := bareName(name)
	switch {
	case name == mainModule:
		return m.main, nil
	case simulatedBuiltin(bare):
		return m.builtinModule(bare)
	case simulatedPackage(name):
		return m.provided(name, isSDKExport), nil
	case isBuiltin(bare), isIncluded(name):
		m.note(name)
		return "", fmt.Errorf("the simulation has no %s", name)
	}
	return "", missingPackage(name)
}

// note keeps the first thing that the simulation lacks.
func (m *modules) note(name string) {
	if m.unsimulated == "" {
		m.unsimulated = name
	}
}

// missingPackage is a package that is not in the deployment package, in the
// words of Node.js.
type missingPackage string

// Error is the message that the handler's author sees.
func (m missingPackage) Error() string {
	return fmt.Sprintf("Cannot find package '%s' imported from /var/task/index.mjs", string(m))
}

func bareName(name string) string { return strings.TrimPrefix(name, "node:") }

// usesModuleSyntax reports whether a line begins with an import or export statement.
func usesModuleSyntax(source string) bool {
	return regexp.MustCompile(`(?m)^\s*(import\s+[\w$]|import\s*[{*'"]|export\s+[\w{*])`).MatchString(source)
}

// builtinModule is a module of Node.js as an ES module. What it exports is
// written at the end of its file.
func (m *modules) builtinModule(bare string) (string, error) {
	source, err := readSource("node/" + bare)
	if err != nil {
		return "", err
	}
	exports := source[strings.LastIndex(source, "module.exports"):]
	has := map[string]bool{}
	for _, name := range identifiers(exports) {
		has[name] = true
	}
	return m.provided("node:"+bare, func(name string) bool { return has[name] }), nil
}

// provided is an ES module over something that require gives too. A module must
// list its exports and the SDK has tens of thousands, so it exports what the
// function's source names.
func (m *modules) provided(name string, exports func(name string) bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "const provided = __lambda.provided('%s');\nexport default provided;\n", name)
	for _, identifier := range m.names {
		if exports(identifier) {
			fmt.Fprintf(&b, "const $%[1]s = provided.%[1]s;\nexport { $%[1]s as %[1]s };\n", identifier)
		}
	}
	return b.String()
}

func isSDKExport(name string) bool {
	return regexp.MustCompile(`^([A-Z]\w*|marshall|unmarshall|paginate\w+|waitUntil\w+)$`).MatchString(name)
}

// identifiers lists the words of a source that may be names, each once.
func identifiers(source string) []string {
	var names []string
	seen := map[string]bool{}
	for _, name := range regexp.MustCompile(`[A-Za-z_$][\w$]*`).FindAllString(source, -1) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// simulatedPackage reports whether a package of the SDK is simulated.
func simulatedPackage(name string) bool {
	switch strings.TrimPrefix(name, "@aws-sdk/") {
	case "client-dynamodb", "client-cognito-identity-provider", "client-cognito-identity",
		"client-s3", "client-sts", "client-lambda", "lib-dynamodb", "util-dynamodb":
		return strings.HasPrefix(name, "@aws-sdk/")
	}
	return false
}

// isIncluded reports whether Lambda's Node.js runtime brings a package along
// (https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html).
func isIncluded(name string) bool {
	return strings.HasPrefix(name, "@aws-sdk/") || strings.HasPrefix(name, "@smithy/")
}

// simulatedBuiltin reports whether a module of Node.js is simulated.
func simulatedBuiltin(name string) bool {
	switch name {
	case "buffer", "crypto", "process", "timers", "timers/promises", "util":
		return true
	}
	return false
}

// isBuiltin reports whether Node.js has a module of the given name.
func isBuiltin(name string) bool {
	switch name {
	case "assert", "assert/strict", "async_hooks", "buffer", "child_process", "cluster", "console", "constants",
		"crypto", "dgram", "diagnostics_channel", "dns", "dns/promises", "domain", "events", "fs", "fs/promises",
		"http", "http2", "https", "inspector", "inspector/promises", "module", "net", "os", "path", "path/posix",
		"path/win32", "perf_hooks", "process", "punycode", "querystring", "readline", "readline/promises", "repl",
		"stream", "stream/consumers", "stream/promises", "stream/web", "string_decoder", "sys", "timers",
		"timers/promises", "tls", "trace_events", "tty", "url", "util", "util/types", "v8", "vm", "wasi",
		"worker_threads", "zlib":
		return true
	}
	return false
}
