package api

// Encoding is one of the ways in which AWS services write calls.
type Encoding string

// The encodings.
const (
	JSON     Encoding = "JSON"
	Query    Encoding = "Query"
	RESTXML  Encoding = "REST-XML"
	RESTJSON Encoding = "REST-JSON"
)

// Protocol is how a service's calls look on the network.
// Source: https://smithy.io/2.0/aws/protocols/index.html
type Protocol struct {
	Encoding Encoding
	// Version is "1.0" or "1.1" in JSON, and the API's date in Query.
	Version string
	// Target stands before the operation in the header x-amz-target of JSON.
	Target string
	// Checksum is the header with the CRC-32 of a JSON answer, "" for none.
	Checksum string
	// Namespace is that of XML answers.
	Namespace string
	// HostMember is the member of the input that SDKs put before the host, as
	// they do with the names of buckets.
	HostMember string
}

// JSONProtocol is the AWS JSON protocol.
func JSONProtocol(version, target string) Protocol {
	return Protocol{Encoding: JSON, Version: version, Target: target}
}

// QueryProtocol is the AWS Query protocol.
func QueryProtocol(version, namespace string) Protocol {
	return Protocol{Encoding: Query, Version: version, Namespace: namespace}
}
