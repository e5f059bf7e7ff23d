package clients

import (
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// member is a member of an input as `claimcheck support --json` lists it.
type member struct {
	Name    string
	Effect  string
	Enum    []string
	Members []member
}

type operation struct {
	Name      string
	Simulated bool
	Members   []member
}

// operations are those that the program supports.
func operations(t *testing.T) []operation {
	t.Helper()
	out, err := exec.Command(os.Getenv(program), "support", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var support struct{ Operations []operation }
	if err := json.Unmarshal(out, &support); err != nil {
		t.Fatal(err)
	}
	return support.Operations
}

// inputs are the types of the inputs of an SDK's client, by operation.
func inputs(client any) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	t := reflect.TypeOf(client)
	for i := range t.NumMethod() {
		m := t.Method(i)
		if m.Type.NumIn() < 3 || m.Type.In(2).Kind() != reflect.Pointer || m.Type.In(2).Elem().Name() != m.Name+"Input" {
			continue
		}
		all[m.Name] = m.Type.In(2).Elem()
	}
	return all
}

// item is the type inside pointers, lists and maps.
func item(of reflect.Type) reflect.Type {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice || of.Kind() == reflect.Map {
		of = of.Elem()
	}
	return of
}

// compareEnum lists the values that only one of the two has. Types of the SDK
// that are enumerations list their own.
func compareEnum(path string, of reflect.Type, enum []string) []string {
	values, ok := of.MethodByName("Values")
	if !ok {
		if len(enum) > 0 {
			return []string{"AWS takes any value of " + path}
		}
		return nil
	}
	list := values.Func.Call([]reflect.Value{reflect.Zero(of)})[0]
	var differences, aws []string
	for i := range list.Len() {
		value := list.Index(i).String()
		aws = append(aws, value)
		if !slices.Contains(enum, value) {
			differences = append(differences, "the simulation has no value "+value+" of "+path)
		}
	}
	for _, value := range enum {
		if !slices.Contains(aws, value) {
			differences = append(differences, "AWS has no value "+value+" of "+path)
		}
	}
	return differences
}

// compare lists the members that only one of the two has. A structure that the
// simulation gives no effect to is not looked into.
func compare(path string, of reflect.Type, members []member) []string {
	of = item(of)
	if of.Kind() != reflect.Struct || len(members) == 0 && path != "" {
		return nil
	}
	var differences, listed []string
	for _, m := range members {
		name := strings.ToUpper(m.Name[:1]) + m.Name[1:]
		listed = append(listed, name)
		field, ok := of.FieldByName(name)
		switch {
		case !ok:
			differences = append(differences, "AWS has no "+path+m.Name)
		case m.Effect == "in effect":
			differences = append(differences, compareEnum(path+m.Name, item(field.Type), m.Enum)...)
			differences = append(differences, compare(path+m.Name+".", field.Type, m.Members)...)
		}
	}
	for i := range of.NumField() {
		if field := of.Field(i); field.IsExported() && field.Name != "ResultMetadata" && !slices.Contains(listed, field.Name) {
			differences = append(differences, "the simulation has no "+path+field.Name)
		}
	}
	return differences
}

// inputsOfServices are the inputs of the services whose shapes are compared.
func inputsOfServices() map[string]map[string]reflect.Type {
	return map[string]map[string]reflect.Type{
		"cognito-idp":      inputs(&cognitoidentityprovider.Client{}),
		"cognito-identity": inputs(&cognitoidentity.Client{}),
		"iam":              inputs(&iam.Client{}),
		"sts":              inputs(&sts.Client{}),
		"dynamodb":         inputs(&dynamodb.Client{}),
	}
}

// An operation that AWS has and the simulation does not know by name would be
// refused as one that does not exist, which would be a wrong verdict.
func TestEveryOperationOfTheSDKIsKnownByName(t *testing.T) {
	ours := map[string]bool{}
	for _, op := range operations(t) {
		ours[op.Name] = true
	}
	for service, all := range inputsOfServices() {
		for name := range all {
			if !ours[service+":"+name] {
				t.Errorf("%s:%s is not known", service, name)
			}
		}
	}
}

// accepted are differences from the SDK that are meant, with the reason.
func accepted() map[string]string {
	const (
		shared = "the SDK shares one enumeration between operations, of which this one takes fewer values"
		newer  = "a member that the simulation does not name yet"
		later  = "newer than the SDK"
	)
	reasons := map[string]string{
		"cognito-idp:AdminGetUserAuthFactors: AWS has no such operation":                     later,
		"cognito-idp:CreateUserImportJob: AWS has no PasswordHashingAlgorithm":               later,
		"iam:UpdateAccessKey: the simulation has no value Expired of Status":                 shared,
		"iam:SimulateCustomPolicy: the simulation has no OrderedOrganizationPolicyInputList": newer,
		"iam:SimulatePrincipalPolicy: the simulation has no PolicyExclusionList":             newer,
		"sts:GetFederationToken: the simulation has no MinimumSessionTokenSize":              newer,
		"sts:GetSessionToken: the simulation has no MinimumSessionTokenSize":                 newer,
		"sts:AssumeRole: the simulation has no MinimumSessionTokenSize":                      newer,
		"sts:AssumeRoleWithSAML: the simulation has no MinimumSessionTokenSize":              newer,
		"sts:AssumeRoleWithWebIdentity: the simulation has no MinimumSessionTokenSize":       newer,
	}
	for _, operation := range []string{"PutItem", "DeleteItem"} {
		for _, value := range []string{"ALL_NEW", "UPDATED_NEW", "UPDATED_OLD"} {
			reasons["dynamodb:"+operation+": the simulation has no value "+value+" of ReturnValues"] = shared
		}
	}
	return reasons
}

// The SDK is generated from AWS's own models, so its inputs say which members
// there are, and which values they take. Operations that the simulation only
// knows by name may be newer than the SDK.
func TestInputsHaveTheMembersOfTheSDK(t *testing.T) {
	known := inputsOfServices()
	meant := accepted()
	compared := 0
	for _, op := range operations(t) {
		service, name, _ := strings.Cut(op.Name, ":")
		if known[service] == nil || !op.Simulated {
			continue
		}
		input, ok := known[service][name]
		differences := []string{"AWS has no such operation"}
		if ok {
			compared++
			differences = compare("", input, op.Members)
		}
		for _, difference := range differences {
			if meant[op.Name+": "+difference] == "" {
				t.Errorf("%s: %s", op.Name, difference)
			}
		}
	}
	if compared < 150 {
		t.Errorf("%d operations were compared, there are more", compared)
	}
}
