package main

import (
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"claimcheck/cmd/claimcheck/server"
	"claimcheck/sim/scenario"
)

// servedReport is the JSON form of what is served.
type servedReport struct {
	Endpoint  string                    `json:"endpoint"`
	Region    string                    `json:"region"`
	Account   string                    `json:"account"`
	Resources map[string]servedResource `json:"resources"`
	// APIs, Domains and Providers are local addresses, by logical id and by name.
	APIs      map[string]string `json:"apis"`
	Domains   map[string]string `json:"domains"`
	Providers map[string]string `json:"identityProviders,omitempty"`
	// JWKS are the key sets of user pools, by pool id.
	JWKS map[string]string `json:"jwks"`
	// Values are the template's, such as passwords.
	Values map[string]any `json:"values,omitempty"`
	// Credentials are the administrator's.
	Credentials servedCredentials `json:"credentials"`
}

type servedResource struct {
	Type       string         `json:"type"`
	Ref        any            `json:"ref"`
	Attributes map[string]any `json:"attributes"`
}

type servedCredentials struct {
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string `json:"SecretAccessKey"`
}

// servedHosts are the hosts of a deployment that need an address of their own.
func servedHosts(d scenario.Deployment) []string {
	var hosts []string
	add := func(address string) {
		parsed, err := url.Parse(address)
		if err == nil && parsed.Host != "" && !slices.Contains(hosts, parsed.Host) {
			hosts = append(hosts, parsed.Host)
		}
	}
	for _, r := range d.Resources {
		if isAPI(r) || isDomain(r) {
			add(addressOf(r))
		}
	}
	for _, p := range d.Providers {
		add(p.LoginURL())
	}
	return hosts
}

func isAPI(r scenario.Resource) bool {
	return strings.HasPrefix(r.Type, "AWS::ApiGateway") || strings.HasPrefix(r.Type, "AWS::AppSync::") || strings.HasPrefix(r.Type, "AWS::Serverless::")
}

func isDomain(r scenario.Resource) bool { return r.Type == "AWS::Cognito::UserPoolDomain" }

// addressOf is where clients reach a resource, "" for one that has no address.
func addressOf(r scenario.Resource) string {
	for _, name := range []string{"Url", "GraphQLUrl"} {
		if address, ok := r.Attributes[name].(string); ok {
			return address
		}
	}
	return ""
}

// served describes what a server serves.
func served(d scenario.Deployment, s *server.Server) servedReport {
	administrator := d.Account.Administrator()
	report := servedReport{
		Endpoint: s.Endpoint(), Region: d.Account.Region(), Account: d.Account.ID(),
		Resources: map[string]servedResource{}, APIs: map[string]string{}, Domains: map[string]string{},
		Providers: map[string]string{}, JWKS: map[string]string{}, Values: d.Values,
		Credentials: servedCredentials{administrator.AccessKeyID, administrator.SecretAccessKey},
	}
	for _, r := range d.Resources {
		attributes := maps.Clone(r.Attributes)
		delete(attributes, "Ref")
		report.Resources[r.ID] = servedResource{Type: r.Type, Ref: r.Attributes["Ref"], Attributes: attributes}
		switch address := addressOf(r); {
		case isAPI(r) && address != "":
			report.APIs[r.ID] = s.Local(address)
		case isDomain(r):
			report.Domains[r.ID] = s.Local(address)
		case r.Type == "AWS::Cognito::UserPool":
			id := fmt.Sprint(r.Attributes["Ref"])
			report.JWKS[id] = s.Endpoint() + "/" + id + "/.well-known/jwks.json"
		}
	}
	for _, p := range d.Providers {
		report.Providers[p.Name] = s.Local(p.LoginURL())
	}
	return report
}

// printServed prints what a person needs, with lines to copy.
func printServed(w io.Writer, r servedReport) {
	fmt.Fprintf(w, "Serving a simulated AWS account on this machine only. Ctrl-C ends it.\n\n")
	for _, line := range r.clientLines() {
		fmt.Fprintf(w, "  %s\n", line)
	}
	printAddresses(w, "APIs", r.APIs)
	printAddresses(w, "Login domains", r.Domains)
	printAddresses(w, "Identity providers", r.Providers)
	printAddresses(w, "Keys of user pools", r.JWKS)
	fmt.Fprintf(w, "\nResources:\n")
	for _, id := range slices.Sorted(maps.Keys(r.Resources)) {
		fmt.Fprintf(w, "  %-24s %v\n", id, r.Resources[id].Ref)
	}
	if len(r.Values) > 0 {
		fmt.Fprintf(w, "\nValues of the stack:\n")
		for _, name := range slices.Sorted(maps.Keys(r.Values)) {
			fmt.Fprintf(w, "  %-24s %v\n", name, r.Values[name])
		}
	}
	fmt.Fprintf(w, "\nClock, codes, traces:\n")
	fmt.Fprintf(w, "  curl -d '{\"advance\": \"61m\"}' %s/_claimcheck/clock\n", r.Endpoint)
	fmt.Fprintf(w, "  curl %s/_claimcheck/outbox/USERNAME\n", r.Endpoint)
	fmt.Fprintf(w, "  curl %s/_claimcheck/trace\n", r.Endpoint)
}

// clientLines point the AWS CLI here, and are a first use of it.
func (r servedReport) clientLines() []string {
	return append([]string{
		fmt.Sprintf("export AWS_ENDPOINT_URL=%s AWS_REGION=%s AWS_DEFAULT_REGION=%s", r.Endpoint, r.Region, r.Region),
		fmt.Sprintf("export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s", r.Credentials.AccessKeyID, r.Credentials.SecretAccessKey),
		"aws sts get-caller-identity",
	}, r.signInLines()...)
}

// signInLines are commands that sign in at the app clients.
func (r servedReport) signInLines() []string {
	var lines []string
	for _, id := range slices.Sorted(maps.Keys(r.Resources)) {
		resource := r.Resources[id]
		if resource.Type == "AWS::Cognito::UserPoolClient" && resource.Attributes["ClientSecret"] == "" {
			lines = append(lines, fmt.Sprintf("aws cognito-idp initiate-auth --auth-flow USER_PASSWORD_AUTH --client-id %v --auth-parameters USERNAME=…,PASSWORD=…", resource.Ref))
		}
	}
	return lines
}

func printAddresses(w io.Writer, title string, addresses map[string]string) {
	if len(addresses) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", title)
	for _, name := range slices.Sorted(maps.Keys(addresses)) {
		fmt.Fprintf(w, "  %-24s %s\n", name, addresses[name])
	}
}
