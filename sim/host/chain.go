package host

// provider is one link of a chain. It returns nil when it has no credentials, and
// an error when the chain ends with it.
type provider func(m *machine) (*Found, error)

// chain is the default credential provider chain of an SDK.
type chain struct {
	name string
	// links are its providers in order.
	links []provider
	// passOver is when keys in the environment are passed over for a profile.
	passOver passOver
	// exception and message are those of the SDK when no link has credentials.
	exception, message string
	// partial is the exception for an access key id without its secret, ""
	// when the chain goes on.
	partial string
	// noProfile is the exception for a profile that is named and is in no file,
	// the zero value when the chain goes on.
	noProfile noProfile
}

// noProfile is what an SDK says to a profile that does not exist.
type noProfile struct {
	exception, format string
	// inCodeOnly is true when AWS_PROFILE may name one that does not exist.
	inCodeOnly bool
}

// passOver is when an SDK does not look at AWS_ACCESS_KEY_ID.
type passOver int

const (
	// never: keys in the environment come before any profile.
	never passOver = iota
	// forProfileInCode: a profile that the code names comes first.
	forProfileInCode
	// forAnyProfile: one that AWS_PROFILE names does too.
	forAnyProfile
)

func chainOf(name string) (chain, bool) {
	c, ok := chains()[name]
	return c, ok
}

// chains are the chains by the name of their SDK.
//
// Sources:
//   - javascript: https://github.com/aws/aws-sdk-js-v3/tree/main/packages/credential-provider-node
//   - python: https://github.com/boto/boto3/blob/develop/docs/source/guide/credentials.rst
//   - cli: https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html
//   - java: https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html
//   - go: https://docs.aws.amazon.com/sdk-for-go/v2/developer-guide/configure-gosdk.html
//   - dotnet: https://docs.aws.amazon.com/sdk-for-net/latest/developer-guide/creds-assign.html
func chains() map[string]chain {
	return map[string]chain{
		"javascript": {
			name: "the SDK for JavaScript v3", passOver: forAnyProfile,
			links:     []provider{inCode, environment, profile, webIdentity, container, instanceMetadata},
			exception: "CredentialsProviderError", message: "Could not load credentials from any providers",
		},
		"python": {
			name: "the SDK for Python (boto3)", passOver: forProfileInCode,
			links:     []provider{inCode, environment, profileRole, webIdentity, profile, container, instanceMetadata},
			exception: "NoCredentialsError", message: "Unable to locate credentials",
			partial:   "PartialCredentialsError",
			noProfile: noProfile{exception: "ProfileNotFound", format: "The config profile (%s) could not be found"},
		},
		"cli": {
			name: "the AWS CLI", passOver: forProfileInCode,
			links:     []provider{inCode, environment, profileRole, webIdentity, profile, container, instanceMetadata},
			exception: "NoCredentials", message: `Unable to locate credentials. You can configure credentials by running "aws configure".`,
			partial:   "PartialCredentials",
			noProfile: noProfile{exception: "ProfileNotFound", format: "The config profile (%s) could not be found"},
		},
		"java": {
			name: "the SDK for Java 2.x", passOver: never,
			links:     []provider{inCode, systemProperties, environment, webIdentity, profile, container, instanceMetadata},
			exception: "SdkClientException", message: "Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain",
		},
		"go": {
			name: "the SDK for Go v2", passOver: forProfileInCode,
			links:     []provider{inCode, environment, webIdentity, profile, container, instanceMetadata},
			exception: "SigningError", message: "get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found",
			noProfile: noProfile{exception: "SharedConfigProfileNotExistError", format: "failed to get shared config profile, %s", inCodeOnly: true},
		},
		"dotnet": {
			name: "the SDK for .NET (V4)", passOver: never,
			links:     []provider{inCode, environment, webIdentity, profile, container, instanceMetadata},
			exception: "AmazonClientException", message: "Failed to resolve AWS credentials. The credential providers used to search for credentials returned no credentials.",
		},
	}
}
