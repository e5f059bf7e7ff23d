package trace

import (
	"slices"
	"strings"
)

// Pair is two events of two traces that stand at the same place, or one that has
// no counterpart. An index is -1 where there is none.
type Pair struct {
	Left, Right int
}

// Align lays two traces beside each other: it pairs the events that do the same
// thing, such as requests of one sender, the same rule in another service, or
// responses, and keeps both in their order. Of all ways to do so it takes the one
// whose pairs are most alike. What has no counterpart stands alone, left before
// right.
func Align(left, right Trace) []Pair {
	a, b := left.Events, right.Events
	// best[i][j] is the likeness of the best alignment of a[i:] and b[j:].
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := range slices.Backward(a) {
		for j := range slices.Backward(b) {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if score := likeness(a[i], b[j]); score > 0 {
				best[i][j] = max(best[i][j], score+best[i+1][j+1])
			}
		}
	}
	var pairs []Pair
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && paired(best, i, j, likeness(a[i], b[j])):
			pairs = append(pairs, Pair{i, j})
			i, j = i+1, j+1
		case i < len(a) && best[i+1][j] == best[i][j]:
			pairs = append(pairs, Pair{i, -1})
			i++
		default:
			pairs = append(pairs, Pair{-1, j})
			j++
		}
	}
	return pairs
}

func paired(best [][]int, i, j, score int) bool {
	return score > 0 && best[i][j] == score+best[i+1][j+1]
}

// likeness says how much two events do the same thing, 0 for not at all.
func likeness(a, b Event) int {
	if a.Kind != b.Kind {
		return 0
	}
	switch a.Kind {
	case Request, Response:
		return likenessOfMessages(a, b)
	case Checked:
		return likenessOfRules(a.Check.Rule, b.Check.Rule)
	}
	if a.Title == b.Title {
		return 4
	}
	return 1
}

func likenessOfMessages(a, b Event) int {
	score := 0
	if a.Title == b.Title {
		score += 3
	}
	if a.From == b.From {
		score++
	}
	if a.To == b.To {
		score++
	}
	return score
}

// likenessOfRules takes rules of the same name in two services for alike:
// apigateway.cognito.scopes and apigatewayv2.jwt.scopes.
func likenessOfRules(a, b RuleID) int {
	switch {
	case a == b:
		return 4
	case a.name() == b.name():
		return 2
	}
	return 0
}

// name is the last part of a rule's id.
func (r RuleID) name() string { return string(r)[strings.LastIndex(string(r), ".")+1:] }
