package appsync

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
)

const (
	// keyLife is how long a key lives unless it says otherwise, and minKeyLife
	// and maxKeyLife are the limits.
	keyLife    = 7 * 24 * time.Hour
	minKeyLife = 24 * time.Hour
	maxKeyLife = 365 * 24 * time.Hour
	// keyKept is how long an expired key can still be revived.
	keyKept = 60 * 24 * time.Hour
)

// apiKey is one key of an API. Its id is the key itself.
type apiKey struct {
	id, description string
	expires         time.Time
}

// checkKey is phase 3 for API_KEY: the key is one of the API's, and has not
// expired.
// https://repost.aws/knowledge-center/aws-appsync-graphql-request-unauth-error
func (c *call) checkKey() error {
	key, ok := c.api.keys[c.credential.key]
	if !c.span.Decide(RuleKey, ok, "an API key of this API", abbreviate(c.credential.key)) {
		return unauthorized(messageUnauthorized)
	}
	now := c.world.Now()
	if !c.span.Decide(RuleKeyExpiry, now.Before(key.expires), "a key that has not expired", "expires "+date(key.expires)) {
		return unauthorized(messageUnauthorized)
	}
	return nil
}

func date(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

func (s *AppSync) createKeyResource(_ cloudformation.Resource, p keyProperties) (cloudformation.Created, error) {
	a, err := s.find(p.ApiId)
	if err != nil {
		return cloudformation.Created{}, err
	}
	key, err := s.addKey(a, p.Expires, "")
	if err != nil {
		return cloudformation.Created{}, err
	}
	at := s.arnOf(a, "/apikeys/"+key.id)
	return cloudformation.Created{Ref: at, Attributes: map[string]string{"ApiKey": key.id, "ApiKeyId": key.id, "Arn": at}}, nil
}

// addKey makes a key. expires counts seconds since 1970, nil for seven days.
// https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateApiKey.html
func (s *AppSync) addKey(a *graphQLAPI, expires *int, description string) (*apiKey, error) {
	end, err := s.keyEnd(expires)
	if err != nil {
		return nil, err
	}
	key := &apiKey{id: "da2-" + s.world.Token(26, api.LowerAlphanumeric), description: description, expires: end}
	a.keys[key.id] = key
	return key, nil
}

// keyEnd is when a key expires: rounded down to the hour, and 1 to 365 days from
// now. That a day from now is enough before it is rounded is inferred.
func (s *AppSync) keyEnd(expires *int) (time.Time, error) {
	now := s.world.Now()
	end := now.Add(keyLife)
	if expires != nil {
		end = time.Unix(int64(*expires), 0).UTC()
	}
	switch {
	case end.Before(now.Add(minKeyLife)):
		return time.Time{}, awserr.New("ApiKeyValidityOutOfBoundsException", "API key must be valid for a minimum of 1 days.")
	case end.After(now.Add(maxKeyLife)):
		return time.Time{}, awserr.New("ApiKeyValidityOutOfBoundsException", "API key must be valid for a maximum of 365 days.")
	}
	return end.Truncate(time.Hour), nil
}

// keyOperations are the operations on API keys. Members have AWS's spelling.
func (s *AppSync) keyOperations() []api.Operation {
	target := func(id string) api.Target {
		return api.Target{Resource: "arn:aws:appsync:" + s.world.Region() + ":" + s.world.Account() + ":/v1/apis/" + id + "/apikeys"}
	}
	return []api.Operation{
		api.On(api.Routed("POST /v1/apis/{apiId}/apikeys", api.Operate("CreateApiKey", api.Signed, s.createKey)), func(in createKeyInput) api.Target { return target(in.APIID) }),
		api.On(api.Routed("DELETE /v1/apis/{apiId}/apikeys/{id}", api.Operate("DeleteApiKey", api.Signed, s.deleteKey)), func(in keyInput) api.Target { return target(in.APIID) }),
		api.On(api.Routed("GET /v1/apis/{apiId}/apikeys", api.Operate("ListApiKeys", api.Signed, s.listKeys)), func(in listKeysInput) api.Target { return target(in.APIID) }),
		api.On(api.Routed("POST /v1/apis/{apiId}/apikeys/{id}", api.Operate("UpdateApiKey", api.Signed, s.updateKey)), func(in updateKeyInput) api.Target { return target(in.APIID) }),
	}
}

type createKeyInput struct {
	APIID       string `aws:"required,name=apiId"`
	Description string `aws:"name=description"`
	Expires     *int   `aws:"name=expires"`
}

type updateKeyInput struct {
	APIID       string `aws:"required,name=apiId"`
	ID          string `aws:"required,name=id"`
	Description string `aws:"name=description"`
	Expires     *int   `aws:"name=expires"`
}

type keyInput struct {
	APIID string `aws:"required,name=apiId"`
	ID    string `aws:"required,name=id"`
}

type listKeysInput struct {
	APIID string `aws:"required,name=apiId"`

	_ struct{} `unsimulated:"maxResults nextToken"`
}

type keyOutput struct {
	APIKey keyDescription `json:"apiKey"`
}

type listKeysOutput struct {
	APIKeys []keyDescription `json:"apiKeys"`
}

type keyDescription struct {
	ID          string        `json:"id"`
	Description string        `json:"description,omitempty"`
	Expires     api.Timestamp `json:"expires"`
	Deletes     api.Timestamp `json:"deletes"`
}

func (k *apiKey) describe() keyDescription {
	return keyDescription{ID: k.id, Description: k.description, Expires: api.Epoch(k.expires), Deletes: api.Epoch(k.expires.Add(keyKept))}
}

func (s *AppSync) createKey(_ api.Context, in createKeyInput) (keyOutput, error) {
	a, err := s.find(in.APIID)
	if err != nil {
		return keyOutput{}, err
	}
	key, err := s.addKey(a, in.Expires, in.Description)
	if err != nil {
		return keyOutput{}, err
	}
	return keyOutput{APIKey: key.describe()}, nil
}

// updateKey gives a key another end, also one that has expired and is still kept.
func (s *AppSync) updateKey(_ api.Context, in updateKeyInput) (keyOutput, error) {
	key, err := s.findKey(in.APIID, in.ID)
	if err != nil {
		return keyOutput{}, err
	}
	if in.Expires != nil {
		if key.expires, err = s.keyEnd(in.Expires); err != nil {
			return keyOutput{}, err
		}
	}
	key.description = cmp.Or(in.Description, key.description)
	return keyOutput{APIKey: key.describe()}, nil
}

func (s *AppSync) deleteKey(_ api.Context, in keyInput) (struct{}, error) {
	key, err := s.findKey(in.APIID, in.ID)
	if err != nil {
		return struct{}{}, err
	}
	delete(s.apis[in.APIID].keys, key.id)
	return struct{}{}, nil
}

// findKey finds a key that has not been deleted, by hand or sixty days after its end.
func (s *AppSync) findKey(apiID, id string) (*apiKey, error) {
	a, err := s.find(apiID)
	if err != nil {
		return nil, err
	}
	key, ok := a.keys[id]
	if !ok || !s.world.Now().Before(key.expires.Add(keyKept)) {
		return nil, notFound("API key %s not found.", id)
	}
	return key, nil
}

func (s *AppSync) listKeys(_ api.Context, in listKeysInput) (listKeysOutput, error) {
	a, err := s.find(in.APIID)
	if err != nil {
		return listKeysOutput{}, err
	}
	out := listKeysOutput{APIKeys: []keyDescription{}}
	for _, key := range a.keys {
		if s.world.Now().Before(key.expires.Add(keyKept)) {
			out.APIKeys = append(out.APIKeys, key.describe())
		}
	}
	slices.SortFunc(out.APIKeys, func(x, y keyDescription) int { return strings.Compare(x.ID, y.ID) })
	return out, nil
}
