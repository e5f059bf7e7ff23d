package scenario

import (
	"testing"

	"claimcheck/sim/cloudformation"
	"claimcheck/sim/source"
)

// BenchmarkFlowOfTenSteps is a whole run, recorded: deployment, set-up, two
// sign-ins and a refresh (each mints an ID and an access token, six signatures
// in all) and seven other steps. The design asks for 10 ms with three signatures.
func BenchmarkFlowOfTenSteps(b *testing.B) {
	template, err := cloudformation.Parse("stack.yaml", []byte(pool))
	if err != nil {
		b.Fatal(err)
	}
	var problems source.Problems
	read := func(text string) source.Node {
		n, err := source.Parse("bench.yaml", []byte(text))
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	program := Program{Stack: template, Client: ParseClient(read(client), &problems)}
	flow := ParseFlow(read(`
- do: sign-in
- expect: session.status == 200
- do: sign-in
- expect: session.status == 200
- wait: 61m
- do: renew
- expect: renewed.status == 200
- let: claims(renewed.AuthenticationResult.IdToken)
  as: facts
- expect: facts.token_use == "id"
- expect: facts.exp > 0
`), &problems)
	if err := problems.Err(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if o, err := Run(program, flow); err != nil || !o.Holds {
			b.Fatal(err, o.Happened)
		}
	}
}
