package iam

import (
	"fmt"

	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// What IAM lets an account have, unless it asks for more: characters of policies
// without white space, and numbers of things.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	maxManagedSize = 6144
	maxTrustSize   = 2048
	maxUserSize    = 2048
	maxGroupSize   = 5120
	maxRoleSize    = 10240
	maxAttached    = 10
	maxGroups      = 10
	maxKeysPerUser = 2
)

// checkQuota refuses what would be more than an account may have. AWS gives each
// quota a name.
//
// Sources: https://github.com/ministryofjustice/analytical-platform/issues/6873,
// https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2718 (observed)
func checkQuota(span *trace.Span, name string, found, most int) error {
	if !withinQuota(span, name, found, most) {
		return limitExceeded("Cannot exceed quota for %s: %d", name, most)
	}
	return nil
}

// withinQuota records the check of a quota.
func withinQuota(span *trace.Span, name string, found, most int) bool {
	return span.Decide(RuleQuota, found <= most, fmt.Sprintf("%s at most %d", name, most), fmt.Sprint(found))
}

func limitExceeded(format string, args ...any) error {
	return awserr.WithStatus(409, "LimitExceeded", format, args...)
}

// put adds an inline policy or replaces the one of that name, when all of them
// together are short enough.
//
// Sources: https://github.com/danvk/mapsnap/pull/483, https://github.com/HumanCellAtlas/data-store/issues/1963,
// https://github.com/aws-amplify/amplify-backend/issues/2615 (observed)
func (h *holder) put(span *trace.Span, p policy.Policy) error {
	at, total := len(h.inline), p.Document.Size()
	for n := range h.inline {
		if h.inline[n].Name == p.Name {
			at = n
			continue
		}
		total += h.inline[n].Document.Size()
	}
	if most := inlineSize(h.kind); !withinQuota(span, "characters of inline policies", total, most) {
		return limitExceeded("Maximum policy size of %d bytes exceeded for %s %s", most, h.kind, h.name)
	}
	if at < len(h.inline) {
		h.inline[at] = p
		return nil
	}
	h.inline = append(h.inline, p)
	return nil
}

// inlineSize is how many characters the inline policies of a kind of holder may
// have together.
func inlineSize(kind string) int {
	switch kind {
	case "user":
		return maxUserSize
	case "group":
		return maxGroupSize
	}
	return maxRoleSize
}

// attach adds a managed policy, once.
func (h *holder) attach(span *trace.Span, m *managedPolicy) error {
	for _, other := range h.attached {
		if other == m {
			return nil
		}
	}
	names := map[string]string{"user": "PoliciesPerUser", "group": "PoliciesPerGroup", "role": "PoliciesPerRole"}
	if err := checkQuota(span, names[h.kind], len(h.attached)+1, maxAttached); err != nil {
		return err
	}
	h.attached = append(h.attached, m)
	return nil
}
