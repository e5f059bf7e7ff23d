package clients

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// form is a form of a page as a browser reads it.
type form struct {
	method, action string
	values         url.Values
}

// formOf finds the form with a button of that text, and fills in what the user
// types. A field that the form does not have ends the test.
func formOf(t testing.TB, page, button string, typed map[string]string) form {
	t.Helper()
	for _, text := range regexp.MustCompile(`(?s)<form.*?</form>`).FindAllString(page, -1) {
		pressed := regexp.MustCompile(`<button([^>]*)>` + regexp.QuoteMeta(button) + `</button>`).FindStringSubmatch(text)
		if pressed == nil {
			continue
		}
		f := form{method: attribute(text, "method"), action: attribute(text, "action"), values: url.Values{}}
		for _, input := range regexp.MustCompile(`<input[^>]*>`).FindAllString(text, -1) {
			f.values.Set(attribute(input, "name"), attribute(input, "value"))
		}
		if name := attribute(pressed[1], "name"); name != "" {
			f.values.Set(name, attribute(pressed[1], "value"))
		}
		for name, value := range typed {
			if !f.values.Has(name) {
				t.Fatalf("the form has no %s: %s", name, text)
			}
			f.values.Set(name, value)
		}
		return f
	}
	t.Fatalf("the page has no button %q: %s", button, page)
	return form{}
}

func attribute(tag, name string) string {
	found := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// submit sends a form from the page at an address.
func (f form) submit(t testing.TB, b *http.Client, at string) (*url.URL, string) {
	t.Helper()
	base, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	target, err := base.Parse(f.action)
	if err != nil {
		t.Fatal(err)
	}
	if f.method == "post" {
		return visit(t, b, target.String(), f.values)
	}
	target.RawQuery = f.values.Encode()
	return visit(t, b, target.String(), nil)
}

// login is the address of a login page.
func (s served) login(t testing.TB, client, callback string) string {
	t.Helper()
	return s.Domains["Login"] + "/login?" + url.Values{
		"client_id": {s.ref(t, client)}, "response_type": {"code"}, "scope": {"openid"}, "redirect_uri": {callback}, "state": {"a state"},
	}.Encode()
}

func TestABrowserSignsUpOnThePagesOfTheDomain(t *testing.T) {
	s, b := serve(t, template), browser(t)
	login := s.login(t, "Shop", callback)
	_, page := visit(t, b, login, nil)
	link := regexp.MustCompile(`<a href="([^"]*)">Sign up</a>`).FindStringSubmatch(page)
	if link == nil {
		t.Fatalf("the login page is %s", page)
	}
	join := s.Domains["Login"] + html.UnescapeString(link[1])
	_, page = visit(t, b, join, nil)
	confirm, _ := formOf(t, page, "Sign up", map[string]string{
		"username": "dora", "password": "Correct-Horse-7", "email": "dora@example.com",
	}).submit(t, b, join)
	if confirm == nil || !strings.HasPrefix(confirm.String(), s.Domains["Login"]+"/confirm?") {
		t.Fatalf("the browser is sent to %v", confirm)
	}
	_, page = visit(t, b, confirm.String(), nil)
	back, page := formOf(t, page, "Confirm", map[string]string{"code": s.code(t, "dora")}).submit(t, b, confirm.String())
	if back == nil || !strings.HasPrefix(back.String(), callback+"?code=") {
		t.Errorf("the browser is sent to %v %s", back, page)
	}
}

func TestABrowserIsToldWhatIsWrong(t *testing.T) {
	s, b := serve(t, template), browser(t)
	login := s.login(t, "Shop", callback)
	_, page := visit(t, b, login, nil)
	_, page = formOf(t, page, "Sign in", map[string]string{"username": "cara", "password": "wrong"}).submit(t, b, login)
	if !strings.Contains(page, "Incorrect username or password.") {
		t.Errorf("the page says %s", page)
	}
	// The page can be used again.
	back, _ := formOf(t, page, "Sign in", map[string]string{"username": "cara", "password": s.Values["password"]}).submit(t, b, login)
	if back == nil || back.Query().Get("state") != "a state" {
		t.Errorf("the browser is sent to %v", back)
	}
}

func TestABrowserSignsInAtAnIdentityProvider(t *testing.T) {
	s, b := serve(t, "shop-google"), browser(t)
	login := s.login(t, "App", s.Values["callback"])
	_, page := visit(t, b, login, nil)
	away, _ := formOf(t, page, "Continue with Google", nil).submit(t, b, login)
	if away == nil || !strings.HasPrefix(away.String(), s.IdentityProviders["Google"]+"?") {
		t.Fatalf("the browser is sent to %v", away)
	}
	_, page = visit(t, b, away.String(), nil)
	returned, _ := formOf(t, page, "ana@example.com", nil).submit(t, b, away.String())
	if returned == nil || !strings.HasPrefix(returned.String(), s.Domains["Login"]+"/oauth2/idpresponse?") {
		t.Fatalf("the browser is sent to %v", returned)
	}
	back, _ := visit(t, b, returned.String(), nil)
	if back == nil || !strings.HasPrefix(back.String(), s.Values["callback"]+"?") || back.Query().Get("code") == "" {
		t.Errorf("the browser is sent to %v", back)
	}
}
