package shape_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/shape"
)

type pool struct {
	Name     string `aws:"required"`
	Tier     string `aws:"enum=LITE|PLUS"`
	Size     int64
	Rate     float64
	Strict   bool
	Flows    []string `aws:"enum=SRP|PASSWORD"`
	Schema   []attribute
	Policy   *policy
	Tags     map[string]string
	Document any
	Renamed  string `aws:"name=renamed-in-AWS"`
	Level    int64  `aws:"enum=1|1000000"`

	_ struct{} `noeffect:"Logo Description" unsimulated:"LambdaConfig"`
}

type attribute struct {
	Name string `aws:"required"`
}

type policy struct {
	Length int64 `aws:"required"`
}

func TestDecodeFillsEveryKindOfMember(t *testing.T) {
	tree := map[string]any{
		"Name": "users", "Tier": "PLUS", "Size": 3.0, "Rate": 1.5, "Strict": true, "Flows": []any{"SRP"},
		"Schema": []any{map[string]any{"Name": "email"}}, "Policy": map[string]any{"Length": 8.0},
		"Tags": map[string]any{"a": "b"}, "Document": map[string]any{"x": []any{1.0}}, "renamed-in-AWS": "r",
		"Logo": map[string]any{"anything": true},
	}
	want := pool{
		Name: "users", Tier: "PLUS", Size: 3, Rate: 1.5, Strict: true, Flows: []string{"SRP"},
		Schema: []attribute{{Name: "email"}}, Policy: &policy{Length: 8},
		Tags: map[string]string{"a": "b"}, Document: map[string]any{"x": []any{1.0}}, Renamed: "r",
	}
	var got pool
	if faults := shape.Decode(tree, &got, shape.Exact); len(faults) > 0 {
		t.Fatalf("faults: %v", faults)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(pool{})); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}

func TestEveryFaultIsReportedWithItsPath(t *testing.T) {
	named := func(name string, value any) map[string]any { return map[string]any{"Name": "n", name: value} }
	for name, tc := range map[string]struct {
		tree any
		want []shape.Fault
	}{
		"no such member": {named("Nmae", "x"), []shape.Fault{
			{Path: []string{"Nmae"}, Kind: shape.NoSuchMember, Message: "there is no Nmae here"}}},
		"no such nested member": {named("Policy", map[string]any{"Length": 1.0, "Width": 2.0}), []shape.Fault{
			{Path: []string{"Policy", "Width"}, Kind: shape.NoSuchMember, Message: "there is no Width here: there are Length"}}},
		"missing": {map[string]any{}, []shape.Fault{
			{Kind: shape.Missing, Member: "Name", Message: "required member Name is missing"}}},
		"null is missing": {map[string]any{"Name": nil}, []shape.Fault{
			{Kind: shape.Missing, Member: "Name", Message: "required member Name is missing"}}},
		"missing in a list": {named("Schema", []any{map[string]any{"Name": "a"}, map[string]any{}}), []shape.Fault{
			{Path: []string{"Schema", "1"}, Kind: shape.Missing, Member: "Name", Message: "required member Name is missing"}}},
		"not simulated": {named("LambdaConfig", "x"), []shape.Fault{
			{Path: []string{"LambdaConfig"}, Kind: shape.Unsimulated, Message: "AWS has LambdaConfig, the simulation does not"}}},
		"not in the enumeration": {named("Tier", "FREE"), []shape.Fault{
			{Path: []string{"Tier"}, Kind: shape.NotAllowed, Allowed: []string{"LITE", "PLUS"}, Found: "FREE", Message: `"FREE" is not one of LITE, PLUS`}}},
		"item not in the enumeration": {named("Flows", []any{"SRP", "NONE"}), []shape.Fault{
			{Path: []string{"Flows", "1"}, Kind: shape.NotAllowed, Allowed: []string{"SRP", "PASSWORD"}, Found: "NONE", Message: `"NONE" is not one of SRP, PASSWORD`}}},
		"wrong type of an enumeration": {named("Tier", []any{}), []shape.Fault{
			{Path: []string{"Tier"}, Kind: shape.WrongType, Wanted: reflect.String, Message: "text was expected, found a list"}}},
		"structure wanted": {"text", []shape.Fault{
			{Kind: shape.WrongType, Wanted: reflect.Struct, Message: `a structure was expected, found the text "text"`}}},
		"list wanted": {named("Flows", "SRP"), []shape.Fault{
			{Path: []string{"Flows"}, Kind: shape.WrongType, Wanted: reflect.Slice, Message: `a list was expected, found the text "SRP"`}}},
		"map wanted": {named("Tags", []any{}), []shape.Fault{
			{Path: []string{"Tags"}, Kind: shape.WrongType, Wanted: reflect.Map, Message: "a map was expected, found a list"}}},
		"text wanted in a map": {named("Tags", map[string]any{"a": nil}), []shape.Fault{
			{Path: []string{"Tags", "a"}, Kind: shape.WrongType, Wanted: reflect.String, Message: "text was expected, found nothing"}}},
		"whole number wanted": {named("Size", 1.5), []shape.Fault{
			{Path: []string{"Size"}, Kind: shape.WrongType, Wanted: reflect.Int, Message: "a whole number was expected, found the number 1.5"}}},
		"number wanted": {named("Rate", true), []shape.Fault{
			{Path: []string{"Rate"}, Kind: shape.WrongType, Wanted: reflect.Float64, Message: "a number was expected, found the boolean true"}}},
		"boolean wanted": {named("Strict", "yes"), []shape.Fault{
			{Path: []string{"Strict"}, Kind: shape.WrongType, Wanted: reflect.Bool, Message: `true or false was expected, found the text "yes"`}}},
		"three at once, by name": {map[string]any{"Zzz": 1.0, "Aaa": 1.0}, []shape.Fault{
			{Kind: shape.Missing, Member: "Name", Message: "required member Name is missing"},
			{Path: []string{"Aaa"}, Kind: shape.NoSuchMember, Message: "there is no Aaa here"},
			{Path: []string{"Zzz"}, Kind: shape.NoSuchMember, Message: "there is no Zzz here"}}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, mode := range []shape.Mode{shape.Exact, shape.Lenient} {
				var into pool
				if diff := cmp.Diff(tc.want, shape.Decode(tc.tree, &into, mode)); diff != "" {
					t.Errorf("faults in mode %v (-want +got):\n%s", mode, diff)
				}
			}
		})
	}
}

// CloudFormation converts between scalars and never makes a list of one.
// https://github.com/aws-cloudformation/cfn-lint/issues/3223
func TestModesDifferInScalarsOnly(t *testing.T) {
	for name, tc := range map[string]struct {
		tree  map[string]any
		exact bool
		want  pool
	}{
		"number for text":       {map[string]any{"Name": 300.0}, false, pool{Name: "300"}},
		"large number for text": {map[string]any{"Name": 123456789012.0}, false, pool{Name: "123456789012"}},
		"boolean for text":      {map[string]any{"Name": true}, false, pool{Name: "true"}},
		"text for number":       {map[string]any{"Name": "n", "Size": "300"}, false, pool{Name: "n", Size: 300}},
		"text for boolean":      {map[string]any{"Name": "n", "Strict": "True"}, false, pool{Name: "n", Strict: true}},
		"text for enum number":  {map[string]any{"Name": "n", "Level": "1000000"}, false, pool{Name: "n", Level: 1000000}},
		"number for enum":       {map[string]any{"Name": "n", "Level": 1000000.0}, true, pool{Name: "n", Level: 1000000}},
		"own types":             {map[string]any{"Name": "n", "Size": 3.0, "Strict": true}, true, pool{Name: "n", Size: 3, Strict: true}},
	} {
		t.Run(name, func(t *testing.T) {
			var got pool
			if faults := shape.Decode(tc.tree, &got, shape.Lenient); len(faults) > 0 {
				t.Errorf("lenient faults: %v", faults)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(pool{})); diff != "" {
				t.Errorf("decoded (-want +got):\n%s", diff)
			}
			if faults := shape.Decode(tc.tree, new(pool), shape.Exact); (len(faults) == 0) != tc.exact {
				t.Errorf("exact faults: %v", faults)
			}
		})
	}
}

func TestNumbersThatAreNoneAreRefused(t *testing.T) {
	for _, text := range []string{"NaN", "Inf", "-infinity", "1e999", "one", ""} {
		if faults := shape.Decode(map[string]any{"Name": "n", "Rate": text}, new(pool), shape.Lenient); len(faults) != 1 {
			t.Errorf("%q gives the faults %v", text, faults)
		}
	}
}

func TestWhatHasNoFaultIsFilledInBesideWhatHas(t *testing.T) {
	var got pool
	faults := shape.Decode(map[string]any{"Name": "n", "Size": "x", "Rate": 2.0}, &got, shape.Exact)
	if len(faults) != 1 || got.Name != "n" || got.Rate != 2 {
		t.Errorf("decoded %+v with %v", got, faults)
	}
}

func TestFaultsReadLikeAWSPaths(t *testing.T) {
	for want, fault := range map[string]shape.Fault{
		"Statement[0].Effect: wrong": {Path: []string{"Statement", "0", "Effect"}, Message: "wrong"},
		"wrong":                      {Message: "wrong"},
	} {
		if got := fault.String(); got != want {
			t.Errorf("the fault reads %q, want %q", got, want)
		}
	}
}

func TestMembersListsEffectsInOrder(t *testing.T) {
	var got []string
	for _, m := range shape.Members(reflect.TypeFor[pool]()) {
		got = append(got, m.Name+" "+m.Type+" "+string(m.Effect))
	}
	want := []string{
		"Name text in effect", "Tier text in effect", "Size number in effect", "Rate number in effect", "Strict boolean in effect",
		"Flows list of text in effect", "Schema list of structure in effect", "Policy structure in effect", "Tags map of text in effect",
		"Document document in effect", "renamed-in-AWS text in effect", "Level number in effect",
		"Description  without effect", "LambdaConfig  not simulated", "Logo  without effect",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

func TestMembersOfAListAreThoseOfItsStructure(t *testing.T) {
	if got := shape.Members(reflect.TypeFor[[]*policy]()); len(got) != 1 || got[0].Name != "Length" {
		t.Errorf("members are %v", got)
	}
	if got := shape.Members(reflect.TypeFor[string]()); got != nil {
		t.Errorf("text has the members %v", got)
	}
}

type tree struct {
	Leaf     string
	Children []tree
	ByName   map[string]tree
}

func TestDescribeFillsInNestedMembersOnce(t *testing.T) {
	names := func(members []shape.Member) (list []string) {
		for _, m := range members {
			list = append(list, m.Name)
			for _, inner := range m.Members {
				list = append(list, m.Name+"."+inner.Name)
			}
		}
		return list
	}
	if diff := cmp.Diff([]string{"Leaf", "Children", "ByName"}, names(shape.Describe(reflect.TypeFor[tree]()))); diff != "" {
		t.Errorf("a structure inside itself (-want +got):\n%s", diff)
	}
	got := names(shape.Describe(reflect.TypeFor[struct {
		Policy *policy
		List   []attribute
	}]()))
	if diff := cmp.Diff([]string{"Policy", "Policy.Length", "List", "List.Name"}, got); diff != "" {
		t.Errorf("nested members (-want +got):\n%s", diff)
	}
}

func TestARecursiveStructureIsDecoded(t *testing.T) {
	var got tree
	faults := shape.Decode(map[string]any{
		"Children": []any{map[string]any{"Leaf": "a"}}, "ByName": map[string]any{"b": map[string]any{"Lief": "c"}},
	}, &got, shape.Exact)
	if len(faults) != 1 || faults[0].String() != "ByName.b.Lief: there is no Lief here: there are Leaf, Children, ByName" {
		t.Errorf("faults are %v", faults)
	}
	if got.Children[0].Leaf != "a" {
		t.Errorf("decoded %+v", got)
	}
}

// request and properties have the members of settings in common.
type settings struct {
	Tier string `aws:"enum=LITE|PLUS"`

	_ struct{} `noeffect:"Logo" unsimulated:"Branding"`
}

type request struct {
	PoolId string `aws:"required"`
	settings
	Name string
}

func TestMembersOfAnEmbeddedStructAreMembers(t *testing.T) {
	var names []string
	for _, m := range shape.Describe(reflect.TypeFor[request]()) {
		names = append(names, m.Name)
	}
	if diff := cmp.Diff([]string{"PoolId", "Tier", "Name", "Branding", "Logo"}, names); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	var got request
	if faults := shape.Decode(map[string]any{"PoolId": "p", "Tier": "PLUS", "Name": "n", "Logo": true}, &got, shape.Exact); len(faults) > 0 {
		t.Fatalf("faults: %v", faults)
	}
	want := request{PoolId: "p", settings: settings{Tier: "PLUS"}, Name: "n"}
	if got != want {
		t.Errorf("decoded %+v, want %+v", got, want)
	}
	for name, value := range map[string]any{"Tier": "FREE", "Branding": "x", "settings": map[string]any{}} {
		if faults := shape.Decode(map[string]any{"PoolId": "p", name: value}, new(request), shape.Exact); len(faults) != 1 {
			t.Errorf("%s: %v gives the faults %v", name, value, faults)
		}
	}
}
