// Package iam is the directory of one account: users, groups, roles, policies,
// access keys and sessions. It owns three decisions: whose signature a request
// carries (Authenticate), whether that principal may do what it asks
// (Authorize), and what a policy document says by itself (EvaluateDocument). It
// refuses to know what an action does, how a service words its own refusals, and
// who may have a session: that is STS's business.
package iam

import (
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/iam/policy"
	"claimcheck/sim/trace"
)

// Lengths of what IAM makes up.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
const (
	idLength     = 17 // after the prefix of four
	keyLength    = 16
	secretLength = 40
	tokenLength  = 120

	userPrefix       = "AIDA"
	rolePrefix       = "AROA"
	groupPrefix      = "AGPA"
	policyPrefix     = "ANPA"
	longTermPrefix   = "AKIA"
	temporaryPrefix  = "ASIA"
	tokenPrefix      = "IQoJb3JpZ2luX2Vj"
	defaultSession   = time.Hour
	longestSession   = 12 * time.Hour
	administratorARN = "arn:aws:iam::aws:policy/AdministratorAccess"
)

// IAM is the directory of an account.
type IAM struct {
	world api.World
	realm *realm
	// administrator is who sets scenes, nil without one.
	administrator *user
	users         map[string]*user
	groups        map[string]*group
	roles         map[string]*role
	managed       map[string]*managedPolicy // by ARN
	keys          map[string]*accessKey     // by access key id
	sessions      map[string]*session       // by access key id
	// providers are the OIDC providers by their URL without https://.
	providers map[string]*identityProvider
	saml      map[string]*samlProvider // by ARN
	devices   map[string]*mfaDevice    // by serial number
	profiles  map[string]*instanceProfile
}

// New returns an empty directory.
func New(w api.World) *IAM {
	i := &IAM{
		world: w, realm: &realm{members: map[string]membership{}}, users: map[string]*user{}, groups: map[string]*group{}, roles: map[string]*role{},
		managed: map[string]*managedPolicy{}, keys: map[string]*accessKey{}, sessions: map[string]*session{},
		providers: map[string]*identityProvider{}, saml: map[string]*samlProvider{}, devices: map[string]*mfaDevice{},
		profiles: map[string]*instanceProfile{},
	}
	i.realm.directories = []*IAM{i}
	return i
}

// holder is what policies are attached to.
type holder struct {
	kind, name, path, arn, id string
	created                   time.Time
	inline                    []policy.Policy // in the order of their names
	attached                  []*managedPolicy
	// written are the inline policies as they were given, by name.
	written map[string]any
	// tags are those of a user or role.
	tags map[string]string
}

// policies are the identity-based policies, inline ones first.
func (h *holder) policies() []policy.Policy {
	list := append([]policy.Policy(nil), h.inline...)
	for _, m := range h.attached {
		list = append(list, policy.Policy{Name: m.name, Document: m.document})
	}
	return list
}

type user struct {
	holder
	groups   []*group
	boundary *managedPolicy
	keys     []*accessKey
}

type group struct{ holder }

type role struct {
	holder
	trust      any // the document as it was written
	maxSession time.Duration
	boundary   *managedPolicy
	// description says what the role is for.
	description string
}

type managedPolicy struct {
	name, arn, id string
	created       time.Time
	// document is that of the default version.
	document *policy.Document
	versions []policyVersion
	// defaultVersion and lastVersion are numbers from 1.
	defaultVersion, lastVersion int
}

type accessKey struct {
	id, secret string
	active     bool
	owner      *user
	created    time.Time
}

// session is temporary credentials, of a role or of a user.
type session struct {
	credentials api.Credentials
	role        *role // one of role
	user        *user // and user
	federated   bool  // a session of GetFederationToken
	principal   api.Principal
	policies    []policy.Policy // nil without session policies
	expires     time.Time
	mfaAt       time.Time // zero without MFA
}

// String says whose the session is.
func (s *session) String() string {
	switch {
	case s.role != nil:
		return "session of role " + s.role.name
	case s.federated:
		return "session of a federated user, by IAM user " + s.user.name
	}
	return "session of IAM user " + s.user.name
}

// member describes a new user, group or role.
type member struct {
	kind, prefix string
	name, path   string
}

func (i *IAM) holder(m member) holder {
	if m.path == "" {
		m.path = "/"
	}
	return holder{
		kind: m.kind, name: m.name, path: m.path, created: i.world.Now(),
		arn: arn.New("iam", "", i.world.Account(), m.kind+m.path+m.name),
		id:  m.prefix + i.world.Token(idLength, api.UpperAlphanumeric),
	}
}

// addUser makes a user:
//
//  1. the name is free
//  2. the tags are legal (see label)
func (i *IAM) addUser(span *trace.Span, name, path string, tags []tag) (*user, error) {
	if _, taken := i.users[name]; taken { // 1
		return nil, exists("User", name)
	}
	u := &user{holder: i.holder(member{kind: "user", prefix: userPrefix, name: name, path: path})}
	if err := u.label(span, tags); err != nil { // 2
		return nil, err
	}
	i.users[name] = u
	return u, nil
}

func (i *IAM) addGroup(name, path string) (*group, error) {
	if _, taken := i.groups[name]; taken {
		return nil, exists("Group", name)
	}
	g := &group{holder: i.holder(member{kind: "group", prefix: groupPrefix, name: name, path: path})}
	i.groups[name] = g
	return g, nil
}

// newRole describes a role to be made. The trust policy is a tree or JSON text.
type newRole struct {
	name, path string
	trust      any
	// maxSession counts seconds, 0 for an hour.
	maxSession int
	// boundary is the ARN of a managed policy, "" for none.
	boundary string
	tags     []tag
}

// addRole makes a role:
//
//  1. the trust policy is one
//  2. MaxSessionDuration is in its range
//  3. the permissions boundary exists
//  4. the name is free
//  5. the tags are legal (see label)
func (i *IAM) addRole(span *trace.Span, in newRole) (*role, error) {
	if err := i.checkTrust(span, in.trust); err != nil { // 1
		return nil, err
	}
	trust, err := documentTree(in.trust)
	if err != nil {
		return nil, err
	}
	longest, err := maxSession(in.maxSession) // 2
	if err != nil {
		return nil, err
	}
	boundary, err := i.boundaryPolicy(in.boundary) // 3
	if err != nil {
		return nil, err
	}
	if _, taken := i.roles[in.name]; taken { // 4
		return nil, exists("Role", in.name)
	}
	r := &role{
		holder: i.holder(member{kind: "role", prefix: rolePrefix, name: in.name, path: in.path}),
		trust:  trust, maxSession: longest, boundary: boundary,
	}
	if err := r.label(span, in.tags); err != nil { // 5
		return nil, err
	}
	i.roles[in.name] = r
	return r, nil
}

// addManaged makes a managed policy of the account, whose document is given as a
// tree or as JSON text:
//
//  1. the document is one
//  2. it is not too long
//  3. the name is free
func (i *IAM) addManaged(span *trace.Span, name, path string, written any) (*managedPolicy, error) {
	version, err := i.newVersion(span, written) // 1, 2
	if err != nil {
		return nil, err
	}
	if path == "" {
		path = "/"
	}
	at := arn.New("iam", "", i.world.Account(), "policy"+path+name)
	if _, taken := i.managed[at]; taken { // 3
		return nil, awserr.WithStatus(409, "EntityAlreadyExists", "A policy called %s already exists. Duplicate names are not allowed.", name)
	}
	m := &managedPolicy{name: name, arn: at, id: policyPrefix + i.world.Token(idLength, api.UpperAlphanumeric), created: i.world.Now()}
	m.use(m.add(version))
	i.managed[at] = m
	return m, nil
}

func (i *IAM) addKey(span *trace.Span, owner *user) (*accessKey, error) {
	if err := checkQuota(span, "AccessKeysPerUser", len(owner.keys)+1, maxKeysPerUser); err != nil {
		return nil, err
	}
	return i.issueKey(owner), nil
}

func (i *IAM) issueKey(owner *user) *accessKey {
	k := &accessKey{
		id:     longTermPrefix + i.world.Token(keyLength, api.UpperAlphanumeric),
		secret: i.world.Token(secretLength, api.Alphanumeric), active: true, owner: owner, created: i.world.Now(),
	}
	i.keys[k.id] = k
	owner.keys = append(owner.keys, k)
	return k
}

// Administrator makes an IAM user with every permission and returns its access
// key, for calls that set a scene.
func (i *IAM) Administrator() api.Credentials {
	u := &user{holder: i.holder(member{kind: "user", prefix: userPrefix, name: "Administrator"})}
	if m, err := i.managedPolicy(administratorARN); err == nil {
		u.attached = append(u.attached, m)
	}
	i.users[u.name], i.administrator = u, u
	k := i.issueKey(u)
	return api.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret}
}

func exists(kind, name string) error {
	return awserr.WithStatus(409, "EntityAlreadyExists", "%s with name %s already exists.", kind, name)
}

func missing(kind, name string) error {
	return awserr.WithStatus(404, "NoSuchEntity", "The %s with name %s cannot be found.", strings.ToLower(kind), name)
}

// find returns the value under a name, or NoSuchEntity.
func find[T any](kind string, all map[string]T, name string) (T, error) {
	value, ok := all[name]
	if !ok {
		return value, missing(kind, name)
	}
	return value, nil
}

// roleByARN knows a role by its whole ARN, path included.
func (i *IAM) roleByARN(text string) (*role, bool) {
	a, err := arn.Parse(text)
	if err != nil {
		return nil, false
	}
	r, ok := i.roles[a.Name()]
	return r, ok && r.arn == text
}
