package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
)

type greetInput struct {
	Name string `aws:"required"`
}

type greetOutput struct {
	Greeting string
}

func greet() api.Operation {
	return api.Operate("Greet", api.Unsigned, func(_ api.Context, in greetInput) (greetOutput, error) {
		if in.Name == "nobody" {
			return greetOutput{}, awserr.New("NotFound", "there is %s", in.Name)
		}
		return greetOutput{Greeting: "Hello " + in.Name}, nil
	})
}

func TestAnOperationRunsOnItsDecodedInput(t *testing.T) {
	in, faults := greet().Decode(map[string]any{"Name": "ana"})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	out, err := greet().Run(api.Context{}, in)
	if diff := cmp.Diff(map[string]any{"Greeting": "Hello ana"}, out); diff != "" || err != nil {
		t.Errorf("error %v, output (-want +got):\n%s", err, diff)
	}
}

func TestAnOperationsInputIsStrict(t *testing.T) {
	for name, tree := range map[string]map[string]any{
		"nothing": nil, "a missing member": {}, "an unknown member": {"Name": "ana", "name": "bob"}, "a wrong type": {"Name": 7.0},
	} {
		if _, faults := greet().Decode(tree); len(faults) == 0 {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestARefusalPassesThrough(t *testing.T) {
	in, _ := greet().Decode(map[string]any{"Name": "nobody"})
	out, err := greet().Run(api.Context{}, in)
	if out != nil || err == nil || err.Error() != "NotFound: there is nobody" {
		t.Errorf("output %v, error %v", out, err)
	}
}

func TestATargetIsMadeFromTheDecodedInput(t *testing.T) {
	op := api.On(greet(), func(in greetInput) api.Target { return api.Target{Resource: in.Name} })
	in, _ := op.Decode(map[string]any{"Name": "ana"})
	if got := op.Target(in).Resource; got != "ana" {
		t.Errorf("the target is %q", got)
	}
}

func TestHeaderNamesIgnoreCase(t *testing.T) {
	h := api.Header{}
	h.Set("X-Amz-Date", "20260302T090000Z")
	if h.Get("x-amz-date") != "20260302T090000Z" || !h.Has("X-AMZ-DATE") || h.Has("date") || h.Get("date") != "" {
		t.Errorf("the header is %v", h)
	}
	c := h.Clone()
	c.Set("Accept", "a")
	c["accept"] = append(c["accept"], "b")
	if h.Has("accept") {
		t.Error("the copy shares its memory")
	}
	if diff := cmp.Diff([]string{"accept", "x-amz-date"}, c.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"accept": "a,b", "x-amz-date": "20260302T090000Z"}, c.Flat()); diff != "" {
		t.Errorf("flat (-want +got):\n%s", diff)
	}
}
