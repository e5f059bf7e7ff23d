package appsync

import (
	"strings"
	"testing"

	"claimcheck/sim/api"
)

// library is an API with nested types, lists, an interface and an enum, whose
// data are one tree.
func library(data string) string {
	definition := `type Query { hello: String shelf(name: String = "A"): Shelf first: Item kind: Kind words: [String!] }
type Shelf { name: String! books: [Book!]! loose: [Book] }
type Book implements Item { id: ID! title: String pages: Int score: Float lent: Boolean author: Author notes: AWSJSON kind: Kind }
type Disc implements Item { id: ID! minutes: Int! }
type Author { name: String! }
interface Item { id: ID! }
enum Kind { NEW OLD }`
	template := withSchema(keyMode, definition)
	for _, field := range []string{"shelf", "first", "kind", "words"} {
		template += resolverOf("R"+field, "Query", field, `
          export const request = (ctx) => ({ payload: (`+data+`).`+field+` });
          export const response = (ctx) => ctx.result;
`)
	}
	return template
}

// https://spec.graphql.org/October2021/#sec-Execution
func TestExecution(t *testing.T) {
	const books = `{ shelf: { name: 'A', books: [{ id: 1, title: 'Ink', pages: 7, score: 1.5, lent: false, author: { name: 'Ana' }, notes: { a: 1 }, kind: 'NEW' }, { id: 'b2' }] } }`
	for name, row := range map[string]struct{ data, query, want string }{
		"nested objects and lists": {books, `{ shelf { name books { id title author { name } } } }`,
			`{"data":{"shelf":{"name":"A","books":[{"id":"1","title":"Ink","author":{"name":"Ana"}},{"id":"b2","title":null,"author":null}]}}}`},
		"scalars":              {books, `{ shelf { books { pages score lent notes kind } } }`, `{"data":{"shelf":{"books":[{"pages":7,"score":1.5,"lent":false,"notes":"{\"a\":1}","kind":"NEW"},{"pages":null,"score":null,"lent":null,"notes":null,"kind":null}]}}}`},
		"aliases":              {books, `{ one: shelf { label: name } two: shelf { name } }`, `{"data":{"one":{"label":"A"},"two":{"name":"A"}}}`},
		"fragments":            {books, `query { shelf { ...S ... on Shelf { name } } } fragment S on Shelf { books { ... { id } } }`, `{"data":{"shelf":{"books":[{"id":"1"},{"id":"b2"}],"name":"A"}}}`},
		"fields in two places": {books, `{ shelf { name } shelf { books { id } } }`, `{"data":{"shelf":{"name":"A","books":[{"id":"1"},{"id":"b2"}]}}}`},
		"skip and include":     {books, `{ shelf { name @skip(if: true) books @include(if: false) { id } __typename } }`, `{"data":{"shelf":{"__typename":"Shelf"}}}`},
		"an interface": {`{ first: { __typename: 'Disc', id: 'd', minutes: 4 } }`, `{ first { __typename id ... on Disc { minutes } ... on Book { title } } }`,
			`{"data":{"first":{"__typename":"Disc","id":"d","minutes":4}}}`},
		"null in a list":           {`{ shelf: { name: 'A', books: [], loose: [null, { id: 'l' }] } }`, `{ shelf { loose { id } } }`, `{"data":{"shelf":{"loose":[null,{"id":"l"}]}}}`},
		"null that must not be":    {`{ shelf: { name: null, books: [] } }`, `{ shelf { name } }`, `{"data":{"shelf":null},"errors":[{"path":["shelf","name"],"locations":null,"message":"Cannot return null for non-nullable type: 'String' within parent 'Shelf' (/shelf/name)"}]}`},
		"null in a list of others": {`{ shelf: { name: 'A', books: [{ id: 'b' }, { id: null }] } }`, `{ shelf { books { id } } }`, `{"data":{"shelf":null},"errors":[{"path":["shelf","books",1,"id"],"locations":null,"message":"Cannot return null for non-nullable type: 'ID' within parent 'Book' (/shelf/books[1]/id)"}]}`},
		"no list":                  {`{ shelf: { name: 'A', books: 'none' } }`, `{ shelf { name books { id } } }`, `{"data":{"shelf":null},"errors":[{"path":["shelf","books"],"locations":null,"message":"Can't resolve value (/shelf/books) : type mismatch error, expected type LIST"}]}`},
		"no object":                {`{ shelf: 'A' }`, `{ shelf { name } }`, `{"data":{"shelf":null},"errors":[{"path":["shelf"],"locations":null,"message":"Can't resolve value (/shelf) : type mismatch error, expected type OBJECT"}]}`},
		"a number of another type": {`{ shelf: { name: 'A', books: [{ id: 'b', pages: 'many' }] } }`, `{ shelf { books { pages } } }`, `{"data":{"shelf":{"books":[{"pages":null}]}},"errors":[{"path":["shelf","books",0,"pages"],"locations":null,"message":"Can't serialize value (/shelf/books[0]/pages) : Expected type 'Int' but was 'String'."}]}`},
		"no value of an enum":      {`{ kind: 'LOST' }`, `{ kind }`, `{"data":{"kind":null},"errors":[{"path":["kind"],"locations":null,"message":"Can't serialize value (/kind) : Expected type 'Kind' but was 'String'."}]}`},
		"a list of texts":          {`{ words: ['a', 2, true] }`, `{ words }`, `{"data":{"words":["a","2","true"]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := open(t, library(row.data)).askKey(row.query); got.status != 200 || got.body != row.want {
				t.Errorf("%d %s\nwant %s", got.status, got.body, row.want)
			}
		})
	}
}

func TestArgumentsHaveTheirDefaults(t *testing.T) {
	template := withSchema(keyMode, `type Query { hello: String say(a: String = "x", b: Int, c: [In!]): String } input In { d: String = "y" e: Boolean }`) + resolverOf("Say", "Query", "say", `
          export const request = (ctx) => ({ payload: JSON.stringify(ctx.args) });
          export const response = (ctx) => ctx.result;
`)
	for body, want := range map[string]string{
		`{"query": "{ say }"}`:                                                             `{"a":"x"}`,
		`{"query": "{ say(a: null, b: 3) }"}`:                                              `{"a":null,"b":3}`,
		`{"query": "query ($b: Int = 5) { say(b: $b) }"}`:                                  `{"a":"x","b":5}`,
		`{"query": "query ($b: Int) { say(b: $b) }"}`:                                      `{"a":"x"}`,
		`{"query": "query ($c: [In!]) { say(c: $c) }", "variables": {"c": [{"e": true}]}}`: `{"a":"x","c":[{"d":"y","e":true}]}`,
	} {
		got := raw(body)(open(t, template))
		if said := `{"data":{"say":"` + strings.ReplaceAll(want, `"`, `\"`) + `"}}`; got.body != said {
			t.Errorf("%s is answered %s, want %s", body, got.body, said)
		}
	}
}

// A mutation's fields run one after the other, each with its own resolver.
func TestAFieldThatFailsLeavesTheOthers(t *testing.T) {
	template := withSchema(keyMode, "type Query { hello: String bad: String }") + resolverOf("Bad", "Query", "bad", `
          import { util } from '@aws-appsync/utils';
          export const request = () => util.error('no');
          export const response = (ctx) => ctx.result;
`)
	got := open(t, template).askKey("{ bad hello }")
	if !strings.HasPrefix(got.body, `{"data":{"bad":null,"hello":"hi"},"errors":[{"path":["bad"]`) {
		t.Errorf("the answer is %s", got.body)
	}
}

// https://spec.graphql.org/October2021/#sec-Schema-Introspection
func TestIntrospection(t *testing.T) {
	for query, want := range map[string]string{
		`{ __schema { queryType { name } mutationType { name } } }`: `{"data":{"__schema":{"queryType":{"name":"Query"},"mutationType":null}}}`,
		`{ __type(name: \"Shelf\") { kind name fields { name type { kind name ofType { kind name ofType { kind name ofType { name } } } } } } }`: `{"data":{"__type":{"kind":"OBJECT","name":"Shelf","fields":[` +
			`{"name":"name","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"String","ofType":null}}},` +
			`{"name":"books","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"LIST","name":null,"ofType":{"kind":"NON_NULL","name":null,"ofType":{"name":"Book"}}}}},` +
			`{"name":"loose","type":{"kind":"LIST","name":null,"ofType":{"kind":"OBJECT","name":"Book","ofType":null}}}]}}}`,
		`{ __type(name: \"Query\") { fields { name args { name defaultValue type { name } } } } }`: `{"data":{"__type":{"fields":[{"name":"hello","args":[]},{"name":"shelf","args":[{"name":"name","defaultValue":"\"A\"","type":{"name":"String"}}]},` +
			`{"name":"first","args":[]},{"name":"kind","args":[]},{"name":"words","args":[]}]}}}`,
		`{ __type(name: \"Item\") { possibleTypes { name } } }`:                   `{"data":{"__type":{"possibleTypes":[{"name":"Book"},{"name":"Disc"}]}}}`,
		`{ __type(name: \"Book\") { interfaces { name } inputFields { name } } }`: `{"data":{"__type":{"interfaces":[{"name":"Item"}],"inputFields":null}}}`,
		`{ __type(name: \"Kind\") { enumValues { name } fields { name } } }`:      `{"data":{"__type":{"enumValues":[{"name":"NEW"},{"name":"OLD"}],"fields":null}}}`,
		`{ __type(name: \"Nothing\") { name } }`:                                  `{"data":{"__type":null}}`,
	} {
		if got := open(t, library(`{}`)).askKey(query); got.body != want {
			t.Errorf("%s:\n%s\nwant %s", query, got.body, want)
		}
	}
}

func TestSubscriptionsAreNotSimulated(t *testing.T) {
	a := open(t, withSchema(keyMode, "type Query { hello: String } type Subscription { told: String }"))
	created, _ := a.Stack.Resource("Api")
	for _, query := range []string{"subscription { told }"} {
		_, err := a.appsync.Site().Serve(nil, api.HTTPRequest{
			Method: "POST", URL: created.Attributes["GraphQLUrl"], Header: api.Header{"x-api-key": {a.key()}}, Body: `{"query":"` + query + `"}`,
		})
		if err == nil || !strings.Contains(err.Error(), "the simulation does not") {
			t.Errorf("%s: error %v", query, err)
		}
	}
}
