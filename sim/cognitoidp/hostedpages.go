package cognitoidp

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"claimcheck/sim/api"
)

// input is a field of a form on a page for people.
type input struct {
	label, name string
	// kind is the type of HTML's input: "" for text, "password" or "hidden".
	kind, value string
}

// The pages are plain forms that a browser can use. Their words and fields are
// the simulation's: AWS documents those of its own pages no further than that
// they ask for a username and a password.

// form writes a form that goes back to the page's own address.
func form(button string, inputs ...input) string {
	return `<form method="post">` + fields(inputs) + "<button>" + html.EscapeString(button) + "</button></form>"
}

func fields(inputs []input) string {
	var b strings.Builder
	for _, i := range inputs {
		field := fmt.Sprintf(`<input name="%s" value="%s" type="%s">`, html.EscapeString(i.name), html.EscapeString(i.value), cmp.Or(i.kind, "text"))
		if i.kind != "hidden" {
			field = "<p><label>" + html.EscapeString(i.label) + " " + field + "</label></p>"
		}
		b.WriteString(field)
	}
	return b.String()
}

// problemLine says what went wrong before, "" for nothing.
func problemLine(problem string) string {
	if problem == "" {
		return ""
	}
	return `<p class="error">` + html.EscapeString(problem) + "</p>"
}

// loginPage lists what the user can do, and what went wrong before.
func loginPage(v *visit, c *client, problem string) api.HTTPResponse {
	lines := []string{problemLine(problem)}
	if c.signsInLocally() {
		lines = append(lines, form("Sign in", input{"Username", "username", "", ""}, input{"Password", "password", "password", ""}))
	}
	for _, provider := range c.settings.SupportedIdentityProviders {
		if provider != localUsers {
			lines = append(lines, providerForm(v, provider))
		}
	}
	if c.signsInLocally() && !c.pool.settings.AdminCreateUserConfig.AllowAdminCreateUserOnly {
		lines = append(lines, `<p><a href="`+html.EscapeString(withQuery("/signup", v.query))+`">Sign up</a></p>`)
	}
	return page(200, strings.TrimSpace(strings.Join(lines, "\n")))
}

// providerForm leads to the sign-in at an identity provider.
func providerForm(v *visit, provider string) string {
	var inputs []input
	for name := range v.query {
		inputs = append(inputs, input{name: name, kind: "hidden", value: v.query.Get(name)})
	}
	slices.SortFunc(inputs, func(a, b input) int { return cmp.Compare(a.name, b.name) })
	name := html.EscapeString(provider)
	return `<form action="/oauth2/authorize">` + fields(inputs) + `<button name="identity_provider" value="` + name + `">Continue with ` + name + "</button></form>"
}

// challengePage asks for the answer to a challenge. The form's fields bear the
// names that the sign-in API has for them, beside challenge and session.
func challengePage(u *user, out authOutput) api.HTTPResponse {
	inputs := []input{
		{name: "challenge", kind: "hidden", value: out.ChallengeName}, {name: "session", kind: "hidden", value: out.Session},
		{name: "USERNAME", kind: "hidden", value: u.username},
	}
	if asked, ok := challengeNamed(out.ChallengeName); ok {
		for _, name := range asked.parameters {
			kind := ""
			if strings.HasSuffix(name, "PASSWORD") {
				kind = "password"
			}
			inputs = append(inputs, input{label: name, name: name, kind: kind})
		}
	}
	return page(200, form("Continue", inputs...))
}

// signUpPage asks for what a new user needs: a name and a password, the
// attributes that the pool requires, and those that it sends codes to.
func signUpPage(p *pool) api.HTTPResponse {
	inputs := []input{{"Username", "username", "", ""}, {"Password", "password", "password", ""}}
	wanted := slices.Concat(p.schema.required, p.settings.AutoVerifiedAttributes)
	slices.Sort(wanted)
	for _, name := range slices.Compact(wanted) {
		if !slices.Contains(p.settings.UsernameAttributes, name) {
			inputs = append(inputs, input{label: name, name: name})
		}
	}
	return page(200, form("Sign up", inputs...))
}

// confirmPage asks for the code of a sign-up.
func confirmPage() api.HTTPResponse {
	return page(200, form("Confirm", input{label: "Code", name: "code"}))
}
