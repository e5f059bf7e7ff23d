package cognitoidp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"claimcheck/sim/api"
	"claimcheck/sim/cognitoidp"
	"claimcheck/sim/trace"
)

// importPool has a trigger, which an import leaves alone.
const importPool = `
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      AutoVerifiedAttributes: [email]
      Schema: [{Name: name, Required: true, Mutable: true}, {Name: plan, AttributeDataType: String, Mutable: true}]
      LambdaConfig: {PreSignUp: '` + functionPrefix + `PreSignUp'}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
`

const logsRole = "arn:aws:iam::123456789012:role/import-logs"

func (a *account) importJob() object {
	a.T.Helper()
	job, _ := a.Must("CreateUserImportJob", object{"UserPoolId": a.Ref("Pool"), "JobName": "move", "CloudWatchLogsRoleArn": logsRole})["UserImportJob"].(object)
	return job
}

func (a *account) ofJob(job object) object {
	return object{"UserPoolId": a.Ref("Pool"), "JobId": job["JobId"]}
}

// upload sends a file to a job and returns the status.
func (a *account) upload(job object, file string, header api.Header) int {
	a.T.Helper()
	recorder := a.World.Recorder()
	span := recorder.Flow().Open("Administrator", "Cognito user pool", "PUT", trace.Message{})
	defer a.Record(recorder)
	address, _ := job["PreSignedUrl"].(string)
	response, err := a.pools.ImportSite().Serve(span, api.HTTPRequest{Method: "PUT", URL: address, Header: header, Body: file})
	if err != nil {
		a.T.Fatal(err)
	}
	return response.Status
}

func encrypted() api.Header { return api.Header{"x-amz-server-side-encryption": {"aws:kms"}} }

// file is a CSV file with the pool's header and a row for each user.
func (a *account) file(users ...map[string]string) string {
	a.T.Helper()
	var header []string
	for _, column := range a.Must("GetCSVHeader", object{"UserPoolId": a.Ref("Pool")})["CSVHeader"].([]any) {
		header = append(header, column.(string))
	}
	lines := []string{strings.Join(header, ",")}
	for _, u := range users {
		row := make([]string, len(header))
		for i, column := range header {
			row[i] = u[column]
		}
		lines = append(lines, strings.Join(row, ","))
	}
	return strings.Join(lines, "\n") + "\n"
}

func imported(username string, changes ...string) map[string]string {
	row := map[string]string{
		"cognito:username": username, "cognito:mfa_enabled": "FALSE", "name": username, "email": username + "@example.com", "email_verified": "TRUE",
	}
	for i := 0; i < len(changes); i += 2 {
		row[changes[i]] = changes[i+1]
	}
	return row
}

// runImport imports a file and returns how the job ended.
func (a *account) runImport(file string) object {
	a.T.Helper()
	job := a.importJob()
	if status := a.upload(job, file, encrypted()); status != 200 {
		a.T.Fatalf("the upload is answered with %d", status)
	}
	started, _ := a.Must("StartUserImportJob", a.ofJob(job))["UserImportJob"].(object)
	if started["Status"] != "Pending" {
		a.T.Errorf("the started job is %v", started["Status"])
	}
	ended, _ := a.Must("DescribeUserImportJob", a.ofJob(job))["UserImportJob"].(object)
	return ended
}

// .../cognito-user-pools-using-import-tool.html
func TestImportedUsersResetTheirPasswords(t *testing.T) { importStory(newAccount(t)) }

func importStory(a *account) {
	a.with(importPool)
	a.addUser("ana")
	ran := false
	a.on("PreSignUp", func(event object) (any, error) {
		ran = true
		return event, nil
	})
	ended := a.runImport(a.file(
		imported("bea", "custom:plan", "gold"),
		imported("ana"),
		imported("cem", "email_verified", ""),
		imported("dee", "name", ""),
		imported("eve", "cognito:mfa_enabled", ""),
		imported("fay", "phone_number", "+15550100", "phone_number_verified", "true", "cognito:mfa_enabled", "TRUE"),
	))
	a.has(ended, object{
		"Status": "Succeeded", "CompletionMessage": "Import Job Completed Successfully.", "ImportedUsers": 2.0, "SkippedUsers": 1.0, "FailedUsers": 3.0,
	})
	if ran {
		a.T.Error("the pre sign-up trigger runs")
	}
	user := a.Must("AdminGetUser", a.user("bea"))
	if user["UserStatus"] != "RESET_REQUIRED" {
		a.T.Errorf("the user is %v", user["UserStatus"])
	}
	a.Refused(cognitoidp.RulePasswordReset, "PasswordResetRequiredException", "Password reset required for the user", "InitiateAuth", a.passwordInput("bea", password))
	a.Must("ForgotPassword", object{"ClientId": a.Ref("Client"), "Username": "bea"})
	a.Must("ConfirmForgotPassword", object{"ClientId": a.Ref("Client"), "Username": "bea", "ConfirmationCode": a.code("bea"), "Password": password})
	a.signIn("bea")
	if got := a.Must("AdminGetUser", a.user("fay"))["UserMFASettingList"]; cmp.Diff([]any{"SMS_MFA"}, got) != "" {
		a.T.Errorf("fay has the factors %v", got)
	}
}

func TestRowsThatMakeNoUser(t *testing.T) {
	long := strings.Repeat("x", 16001)
	for name, row := range map[string]map[string]string{
		"16,000 characters are exceeded": imported("bea", "website", long),
		"an unverified address":          imported("bea", "email_verified", "false"),
		"a flag that is no flag":         imported("bea", "cognito:mfa_enabled", "perhaps"),
		"a required attribute is absent": imported("bea", "name", ""),
	} {
		a := newAccount(t)
		a.with(importPool)
		ended := a.runImport(a.file(row))
		if ended["Status"] != "Failed" || ended["FailedUsers"] != 1.0 {
			t.Errorf("%s: %v", name, ended)
		}
	}
}

func TestFilesThatAreNotThePools(t *testing.T) {
	for name, row := range map[string]struct {
		file   string
		failed float64
	}{
		"empty":                    {"", 0},
		"another header":           {"name,email\nbea,bea@example.com\n", 0},
		"a row with fewer columns": {"header\nbea\n", 1},
		"a quote that never ends":  {"header\n\"bea", 1},
	} {
		a := newAccount(t)
		a.with(importPool)
		header := strings.TrimSuffix(a.file(), "\n")
		ended := a.runImport(strings.Replace(row.file, "header", header, 1))
		if ended["Status"] != "Failed" || ended["FailedUsers"] != row.failed {
			t.Errorf("%s: %v", name, ended)
		}
	}
}

// idleJob is a job that does not start, and how it then stands.
type idleJob struct {
	name    string
	prepare func(a *account, job object)
	status  string
	found   string
}

func idleJobs() []idleJob {
	run := func(a *account, job object) {
		a.upload(job, a.file(imported("bea")), encrypted())
		a.Must("StartUserImportJob", a.ofJob(job))
	}
	stop := func(a *account, job object) { a.Must("StopUserImportJob", a.ofJob(job)) }
	late := func(a *account, job object) {
		a.wait(15 * time.Minute)
		a.declined(job, encrypted())
	}
	return []idleJob{
		{"no file", func(*account, object) {}, "Created", "created, without a file"},
		{"stopped", stop, "Stopped", "stopped, without a file"},
		{"a day old", func(a *account, _ object) { a.wait(24 * time.Hour) }, "Expired", "expired, without a file"},
		{"it has run", run, "Succeeded", "succeeded, with its file"},
		{"uploaded too late", late, "Created", "created, without a file"},
		{"uploaded without encryption", func(a *account, job object) { a.declined(job, nil) }, "Created", "created, without a file"},
	}
}

// declined is an upload that is answered with 403.
func (a *account) declined(job object, header api.Header) {
	a.T.Helper()
	if status := a.upload(job, "x", header); status != 403 {
		a.T.Errorf("the upload is answered with %d", status)
	}
}

// .../API_UserImportJobType.html
func TestJobsThatDoNotStart(t *testing.T) {
	for _, row := range idleJobs() {
		t.Run(row.name, func(t *testing.T) { row.run(newAccount(t)) })
	}
}

func (row idleJob) run(a *account) {
	a.T.Helper()
	a.with(importPool)
	job := a.importJob()
	row.prepare(a, job)
	message := "The import job " + job["JobId"].(string) + " is " + row.found + "."
	a.Refused(cognitoidp.RuleImportReady, "PreconditionNotMetException", message, "StartUserImportJob", a.ofJob(job))
	jobs := a.Must("ListUserImportJobs", object{"UserPoolId": a.Ref("Pool"), "MaxResults": 5.0})["UserImportJobs"].([]any)
	if got := jobs[0].(object)["Status"]; got != row.status {
		a.T.Errorf("the job is %v", got)
	}
}

func importStories() []func(*account) {
	stories := []func(*account){importStory, foreignFile}
	for _, row := range idleJobs() {
		stories = append(stories, row.run)
	}
	return stories
}

func foreignFile(a *account) {
	a.with(importPool)
	if ended := a.runImport("name,email\nbea,bea@example.com\n"); ended["Status"] != "Failed" {
		a.T.Errorf("the job is %v", ended)
	}
}

// importRefusals cover the rules of jobs.
func importRefusals() []refusal {
	return []refusal{
		{"a job of another pool", reference + "API_DescribeUserImportJob.html", importPool, cognitoidp.RuleImportExists, "ResourceNotFoundException", "Import job import-0 does not exist.", "DescribeUserImportJob", func(a *account) object {
			return object{"UserPoolId": a.Ref("Pool"), "JobId": "import-0"}
		}},
		{"a role that Cognito may not assume", guide + "cognito-user-pools-using-import-tool.html", importPool, cognitoidp.RuleImportRole, "InvalidParameterException", "Role cannot be assumed: " + logsRole, "CreateUserImportJob", func(a *account) object {
			a.functions.denied[logsRole] = true
			return object{"UserPoolId": a.Ref("Pool"), "JobName": "move", "CloudWatchLogsRoleArn": logsRole}
		}},
	}
}
