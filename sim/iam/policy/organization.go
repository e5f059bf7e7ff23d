package policy

import "strings"

// Level is one level of an organization with the policies attached to it. An
// account has the levels from the organization's root over its organizational
// units to itself.
type Level struct {
	// Name is how a reader knows the level, such as "root" or "ou-prod".
	Name     string
	Policies []Policy
}

// readLevels adds what the policies of an organization say: each level must
// allow, and a Deny of any level denies. The first level without an Allow is
// kept as the gap.
//
// Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html,
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func (e *evaluation) readLevels(f *finding, levels []Level) {
	f.present, f.allow = true, true
	for i := range levels {
		level := finding{layer: f.layer}
		for _, policy := range levels[i].Policies {
			e.read(&level, policy)
		}
		if level.denied && !f.denied {
			f.denied, f.denier = true, level.denier
		}
		switch {
		case !level.allow && f.allow:
			f.allow, f.gap, f.allower = false, levels[i].Name, Statement{}
		case f.allow:
			f.allower = level.allower
		}
	}
}

// isServiceLinked reports whether the principal is a session of a role that an
// AWS service made for itself. Neither kind of organization policy binds it.
//
// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
func (p Principal) isServiceLinked() bool {
	return strings.Contains(p.Origin, ":role/aws-service-role/")
}

// flatten lists the policies of all levels.
func flatten(levels []Level) []Policy {
	var list []Policy
	for _, level := range levels {
		list = append(list, level.Policies...)
	}
	return list
}
