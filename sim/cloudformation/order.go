package cloudformation

import (
	"slices"
	"strings"

	"claimcheck/sim/source"
)

// inOrder sorts resources so that each comes after those it uses; where that
// leaves a choice, the order of the template decides. A circle is a problem.
func inOrder(drafts []draft, problems *source.Problems) []draft {
	waiting := slices.Clone(drafts)
	var sorted []draft
	exists := map[string]bool{}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(d draft) bool {
			return !slices.ContainsFunc(d.uses, func(id string) bool { return !exists[id] })
		})
		if i < 0 {
			circle := circleOf(waiting, exists)
			problems.Add(circle[0].at, "circular dependency: %s", pathText(circle))
			return drafts
		}
		exists[waiting[i].id] = true
		sorted = append(sorted, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return sorted
}

// circleOf follows what the first waiting resource waits for until one comes up
// again, and returns the resources from there on.
func circleOf(waiting []draft, exists map[string]bool) []draft {
	var path []draft
	next := waiting[0]
	for {
		if i := slices.IndexFunc(path, func(d draft) bool { return d.id == next.id }); i >= 0 {
			return path[i:]
		}
		path = append(path, next)
		missing := slices.IndexFunc(next.uses, func(id string) bool { return !exists[id] })
		blocker := next.uses[missing]
		next = waiting[slices.IndexFunc(waiting, func(d draft) bool { return d.id == blocker })]
	}
}

func pathText(circle []draft) string {
	ids := make([]string, 0, len(circle)+1)
	for _, d := range circle {
		ids = append(ids, d.id)
	}
	return strings.Join(append(ids, circle[0].id), " → ")
}
