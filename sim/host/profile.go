package host

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

// The shared files.
// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
const (
	credentialsFile = "~/.aws/credentials"
	configFile      = "~/.aws/config"
	defaultProfile  = "default"
	// maxProfiles bounds profiles that take their credentials from one another.
	maxProfiles = 10
)

// settings are those of one profile.
type settings map[string]string

// profiles are those of both files by name. What the credentials file says comes
// before the config file.
type profiles map[string]settings

// readProfiles reads the shared files. The error names the file and the line.
func readProfiles(files map[string]string) (profiles, error) {
	all := profiles{}
	for _, path := range []string{configFile, credentialsFile} {
		sections, err := readSections(path, files[path])
		if err != nil {
			return nil, err
		}
		for section, values := range sections {
			name, ok := profileOf(path, section)
			if !ok {
				continue
			}
			if all[name] == nil {
				all[name] = settings{}
			}
			maps.Copy(all[name], values)
		}
	}
	return all, nil
}

// profileOf is the profile that a section describes. In the config file the
// sections of profiles begin with "profile", but for the default one.
func profileOf(path, section string) (name string, ok bool) {
	if path == credentialsFile || section == defaultProfile {
		return section, true
	}
	name, ok = strings.CutPrefix(section, "profile ")
	return strings.TrimSpace(name), ok
}

// readSections reads a file of [sections] with lines "name = value".
func readSections(path, text string) (map[string]settings, error) {
	sections := map[string]settings{}
	var current settings
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		if name, ok := strings.CutPrefix(line, "["); ok {
			name, ok = strings.CutSuffix(name, "]")
			if !ok {
				return nil, fmt.Errorf("%s:%d: a section is [name], found %q", path, i+1, line)
			}
			current = settings{}
			sections[strings.TrimSpace(name)] = current
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok || current == nil {
			return nil, fmt.Errorf("%s:%d: a setting is name = value below a [section], found %q", path, i+1, line)
		}
		current[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	return sections, nil
}

// profileName is the profile that the code, AWS_PROFILE or nobody names.
func (m *machine) profileName() string {
	for _, name := range []string{m.program.Profile, m.Environment[profileVariable]} {
		if name != "" {
			return name
		}
	}
	return defaultProfile
}

// named is the exception for a profile that is named and exists nowhere.
func (m *machine) named() error {
	missing := m.chain.noProfile
	name := m.profileName()
	if _, ok := m.profiles[name]; ok || missing.exception == "" || name == defaultProfile {
		return nil
	}
	if missing.inCodeOnly && m.program.Profile == "" {
		return nil
	}
	m.span.Decide(RuleProfile, false, "a profile "+name, "none of "+strings.Join(slices.Sorted(maps.Keys(m.profiles)), ", "))
	return awserr.New(missing.exception, missing.format, name)
}

// profileRole is a profile that names a role to assume: boto3 and the CLI ask it
// before the others.
func profileRole(m *machine) (*Found, error) {
	if m.profiles[m.profileName()]["role_arn"] == "" {
		return nil, nil
	}
	return profile(m)
}

// profile is the shared credentials and config files.
func profile(m *machine) (*Found, error) {
	name := m.profileName()
	found, err := m.fromProfile(name, maxProfiles)
	what := "nothing"
	if found != nil {
		what = found.Credentials.AccessKeyID
	}
	if err == nil {
		m.span.Note(RuleProfile, found != nil, "credentials in the profile "+name, what)
	}
	return found, err
}

func (m *machine) fromProfile(name string, depth int) (*Found, error) {
	p, ok := m.profiles[name]
	if !ok {
		return nil, nil
	}
	for _, setting := range []string{"credential_process", "sso_session", "sso_start_url", "mfa_serial", "login_session"} {
		if p[setting] != "" {
			return nil, fmt.Errorf("the profile %s has %s: AWS has it, the simulation does not", name, setting)
		}
	}
	if p["role_arn"] == "" {
		return p.keys(), nil
	}
	if depth == 0 {
		return nil, fmt.Errorf("the profile %s takes its credentials from itself", name)
	}
	if file := p["web_identity_token_file"]; file != "" {
		return m.assumeWithToken(file, p["role_arn"], p["role_session_name"])
	}
	caller, err := m.sourceOf(name, p, depth)
	if err != nil {
		return nil, err
	}
	input := map[string]any{"RoleArn": p["role_arn"], "RoleSessionName": m.sessionName(p["role_session_name"])}
	if id := p["external_id"]; id != "" {
		input["ExternalId"] = id
	}
	if seconds, err := strconv.Atoi(p["duration_seconds"]); err == nil {
		input["DurationSeconds"] = float64(seconds)
	}
	return m.assume("profile", "AssumeRole", &caller.Credentials, input)
}

// keys are the access keys that a profile holds, nil for none.
func (p settings) keys() *Found {
	c := api.Credentials{AccessKeyID: p["aws_access_key_id"], SecretAccessKey: p["aws_secret_access_key"], SessionToken: p["aws_session_token"]}
	if c.AccessKeyID == "" || c.SecretAccessKey == "" {
		return nil
	}
	return &Found{Credentials: c, Provider: "profile"}
}

// sourceOf are the credentials that a profile assumes its role with: those of
// another profile, or of a link of the chain.
func (m *machine) sourceOf(name string, p settings, depth int) (*Found, error) {
	var found *Found
	var err error
	source := p["source_profile"]
	switch p["credential_source"] {
	case "Environment":
		found, err = environment(m)
	case "Ec2InstanceMetadata":
		found, err = instanceMetadata(m)
	case "EcsContainer":
		found, err = container(m)
	case "":
		if source == name {
			found = p.keys()
			break
		}
		found, err = m.fromProfile(source, depth-1)
	default:
		return nil, awserr.New("InvalidConfigError", "The credential source %q referenced in profile %q is not valid.", p["credential_source"], name)
	}
	if err != nil || found != nil {
		return found, err
	}
	if p["credential_source"] == "" && source == "" {
		return nil, awserr.New("PartialCredentialsError", "Partial credentials found in assume-role, missing: source_profile or credential_source")
	}
	return nil, awserr.New("InvalidConfigError", "The source of the profile %q has no credentials.", name)
}
