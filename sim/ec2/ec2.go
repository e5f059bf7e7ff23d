// Package ec2 is EC2 as far as code on an instance gets credentials from it:
// instances, the profile that hands each its role, and the instance metadata
// service at 169.254.169.254. It owns versions 1 and 2 of that service and who
// of the instance's programs reaches it. It refuses to know what asks, and what
// the role may do.
package ec2

import (
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/awserr"
	"claimcheck/sim/cloudformation"
	"claimcheck/sim/trace"
)

// Profiles is what EC2 needs of IAM.
type Profiles interface {
	// InstanceProfile finds an instance profile by its name.
	InstanceProfile(name string) (api.InstanceProfile, bool)
}

// EC2 holds the instances of one account. It is not safe for concurrent use.
type EC2 struct {
	world     api.World
	doors     api.Doors
	profiles  Profiles
	instances map[string]*instance
}

// instance is a running instance.
type instance struct {
	id       string
	profile  string // "" without one
	metadata metadataOptions
	// tokens are those of the metadata service, with their ends.
	tokens map[string]time.Time
	// credentials are the role's, until expires.
	credentials api.Credentials
	issued      time.Time
	expires     time.Time
}

// New returns EC2 without instances.
func New(w api.World, doors api.Doors, profiles Profiles) *EC2 {
	return &EC2{world: w, doors: doors, profiles: profiles, instances: map[string]*instance{}}
}

// Types are the resource type AWS::EC2::Instance.
func (e *EC2) Types() []cloudformation.Type {
	return []cloudformation.Type{cloudformation.Define("AWS::EC2::Instance", []string{"InstanceId"}, e.createInstance)}
}

type instanceProperties struct {
	IamInstanceProfile string
	MetadataOptions    metadataOptions
	_                  struct{} `noeffect:"AvailabilityZone BlockDeviceMappings EbsOptimized ImageId InstanceType KeyName Monitoring SecurityGroupIds SecurityGroups SubnetId Tags UserData" unsimulated:"AdditionalInfo Affinity CpuOptions CreditSpecification DisableApiTermination ElasticGpuSpecifications ElasticInferenceAccelerators EnclaveOptions HibernationOptions HostId HostResourceGroupArn InstanceInitiatedShutdownBehavior Ipv6AddressCount Ipv6Addresses KernelId LaunchTemplate LicenseSpecifications NetworkInterfaces PlacementGroupName PrivateDnsNameOptions PrivateIpAddress PropagateTagsToVolumeOnCreation RamdiskId SourceDestCheck SsmAssociations Tenancy Volumes"`
}

// metadataOptions are those of the instance metadata service. Without HttpTokens
// both versions of the service answer, and a token travels one hop, unless the
// image or the account says otherwise.
// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
type metadataOptions struct {
	HttpEndpoint            string   `aws:"enum=enabled|disabled"`
	HttpPutResponseHopLimit int      // 1 to 64
	HttpTokens              string   `aws:"enum=optional|required"`
	_                       struct{} `noeffect:"HttpProtocolIpv6 InstanceMetadataTags"`
}

// Limits of a token's way back.
const (
	defaultHops = 1
	mostHops    = 64
	idLength    = 17
	hexadecimal = "0123456789abcdef"
)

func (e *EC2) createInstance(r cloudformation.Resource, p instanceProperties) (cloudformation.Created, error) {
	if p.IamInstanceProfile != "" {
		_, found := e.profiles.InstanceProfile(p.IamInstanceProfile)
		if !r.Span.Decide(RuleProfile, found, "the name of an instance profile", p.IamInstanceProfile) {
			return cloudformation.Created{}, awserr.New("InvalidParameterValue",
				"Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", p.IamInstanceProfile)
		}
	}
	options := p.MetadataOptions
	if options.HttpPutResponseHopLimit == 0 {
		options.HttpPutResponseHopLimit = defaultHops
	}
	if hops := options.HttpPutResponseHopLimit; hops < 1 || hops > mostHops {
		return cloudformation.Created{}, awserr.New("InvalidParameterValue",
			"The specified value for HttpPutResponseHopLimit is not valid: %d. It must be an integer from 1 to 64.", hops)
	}
	created := &instance{
		id: "i-" + e.world.Token(idLength, hexadecimal), profile: p.IamInstanceProfile, metadata: options, tokens: map[string]time.Time{},
	}
	e.instances[created.id] = created
	return cloudformation.Created{Ref: created.id, Attributes: map[string]string{"InstanceId": created.id}}, nil
}

// Start begins a program on an instance. It adds nothing to the program's
// environment; ok is false when the id is no instance's.
func (e *EC2) Start(_ *trace.Span, id string) (place api.Place, ok bool, err error) {
	_, ok = e.instances[id]
	return api.Place{Origin: api.Origin{Instance: id}}, ok, nil
}
