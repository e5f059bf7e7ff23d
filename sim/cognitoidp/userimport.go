package cognitoidp

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"claimcheck/sim/api"
	"claimcheck/sim/arn"
	"claimcheck/sim/awserr"
	"claimcheck/sim/trace"
)

// The rules of importing users from a file.
const (
	RuleImportRole   trace.RuleID = "cognito-idp.import.role"
	RuleImportUpload trace.RuleID = "cognito-idp.import.upload"
	RuleImportExists trace.RuleID = "cognito-idp.import.exists"
	RuleImportReady  trace.RuleID = "cognito-idp.import.ready"
	RuleImportHeader trace.RuleID = "cognito-idp.import.header"
	RuleImportRow    trace.RuleID = "cognito-idp.import.row"
)

// importGuide is the page on importing users from a file.
const importGuide = guide + "cognito-user-pools-using-import-tool.html"

func importRules() []trace.Rule {
	return []trace.Rule{
		{ID: RuleImportRole, Statement: "An import job has a role for CloudWatch Logs, which Cognito assumes.", Source: importGuide, Confidence: trace.Documented},
		{ID: RuleImportUpload, Statement: "The file is sent to the job's PreSignedUrl within 15 minutes, with x-amz-server-side-encryption: aws:kms.", Source: importGuide, Confidence: trace.Documented},
		{ID: RuleImportExists, Statement: "An import job belongs to one user pool and is found by its id there.", Source: reference + "API_DescribeUserImportJob.html", Confidence: trace.Documented},
		{ID: RuleImportReady, Statement: "A job starts once, after its file was uploaded and within a day of its creation.", Source: importGuide, Confidence: trace.Documented},
		{ID: RuleImportHeader, Statement: "The file's first line is the pool's CSV header: every attribute, cognito:mfa_enabled and cognito:username.", Source: importGuide, Confidence: trace.Documented},
		{ID: RuleImportRow, Statement: "A row makes a user with a verified email address or phone number, who is in RESET_REQUIRED: passwords are not imported, and no trigger runs.", Source: importGuide, Confidence: trace.Documented},
	}
}

func (s *UserPools) importOperations() []api.Operation {
	return []api.Operation{
		onPool(s, "GetCSVHeader", s.getCSVHeader),
		onPool(s, "CreateUserImportJob", s.createUserImportJob),
		onPool(s, "StartUserImportJob", s.startUserImportJob),
		onPool(s, "StopUserImportJob", s.stopUserImportJob),
		onPool(s, "DescribeUserImportJob", s.describeUserImportJob),
		onPool(s, "ListUserImportJobs", s.listUserImportJobs),
	}
}

// The states of an import job.
// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserImportJobType.html
const (
	jobCreated   = "Created"
	jobPending   = "Pending"
	jobStopped   = "Stopped"
	jobExpired   = "Expired"
	jobSucceeded = "Succeeded"
	jobFailed    = "Failed"
)

// Times of an import job.
const (
	uploadWindow = 15 * time.Minute
	jobLife      = 24 * time.Hour
)

// importJob is one import of users into a pool.
type importJob struct {
	id, name, role, url     string
	pool                    *pool
	created, started, ended time.Time
	status, message         string
	file                    string
	uploaded                bool
	imported                int
	skipped                 int
	failed                  int
}

// describedJob is a job as the API shows it.
type describedJob struct {
	JobName               string
	JobId                 string
	UserPoolId            string
	PreSignedUrl          string
	CloudWatchLogsRoleArn string
	Status                string
	CreationDate          api.Timestamp
	StartDate             api.Timestamp `json:",omitzero"`
	CompletionDate        api.Timestamp `json:",omitzero"`
	CompletionMessage     string        `json:",omitempty"`
	ImportedUsers         int
	SkippedUsers          int
	FailedUsers           int
}

type jobOutput struct{ UserImportJob describedJob }

func (j *importJob) describe() describedJob {
	d := describedJob{
		JobName: j.name, JobId: j.id, UserPoolId: j.pool.id, PreSignedUrl: j.url, CloudWatchLogsRoleArn: j.role,
		Status: j.status, CompletionMessage: j.message, CreationDate: api.Epoch(j.created),
		ImportedUsers: j.imported, SkippedUsers: j.skipped, FailedUsers: j.failed,
	}
	if !j.started.IsZero() {
		d.StartDate = api.Epoch(j.started)
	}
	if !j.ended.IsZero() {
		d.CompletionDate = api.Epoch(j.ended)
	}
	return d
}

type csvHeaderOutput struct {
	UserPoolId string
	CSVHeader  []string
}

// getCSVHeader is the first line of a file for the pool.
func (s *UserPools) getCSVHeader(c api.Context, in ofPool) (csvHeaderOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId)
	if err != nil {
		return csvHeaderOutput{}, err
	}
	return csvHeaderOutput{UserPoolId: p.id, CSVHeader: p.csvHeader()}, nil
}

// csvHeader names the columns in AWS's order:
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html
func (p *pool) csvHeader() []string {
	columns := []string{
		"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website",
		"email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "phone_number_verified", "address",
		"updated_at",
	}
	return append(append(columns, p.schema.custom...), mfaColumn, usernameColumn)
}

// Columns that are no attributes.
const (
	mfaColumn      = "cognito:mfa_enabled"
	usernameColumn = "cognito:username"
)

type createUserImportJobInput struct {
	JobName               string `aws:"required"`
	UserPoolId            string `aws:"required"`
	CloudWatchLogsRoleArn string `aws:"required"`

	_ struct{} `unsimulated:"PasswordHashingAlgorithm"`
}

func (in createUserImportJobInput) pool() string { return in.UserPoolId }

// createUserImportJob makes a job that waits for its file. That the role must be
// Cognito's to assume is documented, and the error is not.
//
//  1. the pool exists
//  2. Cognito may assume the role
func (s *UserPools) createUserImportJob(c api.Context, in createUserImportJobInput) (jobOutput, error) {
	p, err := s.findPool(c.Span, in.UserPoolId) // 1
	if err != nil {
		return jobOutput{}, err
	}
	_, err = s.doors.Call(c.Span, api.Call{
		From: name, Service: "sts", Operation: "AssumeRole",
		Input:  map[string]any{"RoleArn": in.CloudWatchLogsRoleArn, "RoleSessionName": "CognitoUserImport"},
		Caller: api.Caller{Service: "cognito-idp.amazonaws.com", SourceARN: s.arn(p.id)},
	})
	var refusal *awserr.Error
	if err != nil && !errors.As(err, &refusal) {
		return jobOutput{}, err
	}
	if !c.Span.Decide(RuleImportRole, err == nil, "a role that cognito-idp.amazonaws.com may assume", in.CloudWatchLogsRoleArn) { // 2
		return jobOutput{}, awserr.New("InvalidParameterException", "Role cannot be assumed: %s", in.CloudWatchLogsRoleArn)
	}
	id := "import-" + s.world.Token(10, api.Alphanumeric)
	j := &importJob{id: id, name: in.JobName, role: in.CloudWatchLogsRoleArn, pool: p, created: s.world.Now(), status: jobCreated}
	j.url = "https://" + s.importHost() + "/" + arn.New(prefix, s.world.Region(), s.world.Account(), p.id) + "/" + id + "?X-Amz-Signature=" + s.world.Token(64, hexDigits)
	s.imports = append(s.imports, j)
	return jobOutput{j.describe()}, nil
}

const hexDigits = "0123456789abcdef"

type jobInput struct {
	UserPoolId string `aws:"required"`
	JobId      string `aws:"required"`
}

func (in jobInput) pool() string { return in.UserPoolId }

// job finds a job, which is over when it was not started in time.
func (s *UserPools) job(span *trace.Span, in jobInput) (*importJob, error) {
	if _, err := s.findPool(span, in.UserPoolId); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(s.imports, func(j *importJob) bool { return j.id == in.JobId && j.pool.id == in.UserPoolId })
	if !span.Decide(RuleImportExists, at >= 0, "import job "+in.JobId, existence(at >= 0)) {
		return nil, awserr.New("ResourceNotFoundException", "Import job %s does not exist.", in.JobId)
	}
	j := s.imports[at]
	if j.status == jobCreated && !s.world.Now().Before(j.created.Add(jobLife)) {
		j.status, j.message, j.file = jobExpired, "The user import job has expired.", ""
	}
	return j, nil
}

func (s *UserPools) describeUserImportJob(c api.Context, in jobInput) (jobOutput, error) {
	j, err := s.job(c.Span, in)
	if err != nil {
		return jobOutput{}, err
	}
	return jobOutput{j.describe()}, nil
}

type listImportJobsInput struct {
	UserPoolId string `aws:"required"`
	MaxResults int    `aws:"required"`

	_ struct{} `unsimulated:"PaginationToken"`
}

func (in listImportJobsInput) pool() string { return in.UserPoolId }

type importJobsOutput struct{ UserImportJobs []describedJob }

// listUserImportJobs lists the newest jobs first.
func (s *UserPools) listUserImportJobs(c api.Context, in listImportJobsInput) (importJobsOutput, error) {
	if _, err := s.findPool(c.Span, in.UserPoolId); err != nil {
		return importJobsOutput{}, err
	}
	out := importJobsOutput{UserImportJobs: []describedJob{}}
	for _, j := range slices.Backward(s.imports) {
		if j.pool.id == in.UserPoolId && len(out.UserImportJobs) < in.MaxResults {
			out.UserImportJobs = append(out.UserImportJobs, j.describe())
		}
	}
	return out, nil
}

// startUserImportJob answers Pending and imports at once: whoever describes the
// job next sees its end.
func (s *UserPools) startUserImportJob(c api.Context, in jobInput) (jobOutput, error) {
	j, err := s.job(c.Span, in)
	if err != nil {
		return jobOutput{}, err
	}
	if err := j.ready(c.Span, j.uploaded); err != nil {
		return jobOutput{}, err
	}
	j.status, j.started = jobPending, s.world.Now()
	out := jobOutput{j.describe()}
	s.importUsers(c.Span, j)
	return out, nil
}

// stopUserImportJob stops a job that has not ended. As jobs run at once, this is
// one that was not started.
func (s *UserPools) stopUserImportJob(c api.Context, in jobInput) (jobOutput, error) {
	j, err := s.job(c.Span, in)
	if err != nil {
		return jobOutput{}, err
	}
	if err := j.ready(c.Span, true); err != nil {
		return jobOutput{}, err
	}
	j.status, j.ended, j.message = jobStopped, s.world.Now(), "The import job was stopped by the developer."
	return jobOutput{j.describe()}, nil
}

// ready has no wording of AWS.
func (j *importJob) ready(span *trace.Span, uploaded bool) error {
	found := j.status + ", with its file"
	if !uploaded {
		found = j.status + ", without a file"
	}
	if !span.Decide(RuleImportReady, j.status == jobCreated && uploaded, "a job in Created with its file", found) {
		return awserr.New("PreconditionNotMetException", "The import job %s is %s.", j.id, strings.ToLower(found))
	}
	return nil
}

func (s *UserPools) importHost() string {
	return fmt.Sprintf("aws-%s-user-import-%s.s3.%s.amazonaws.com", prefix, s.world.Region(), s.world.Region())
}

// ImportSite takes the files of import jobs.
func (s *UserPools) ImportSite() api.Site {
	return api.Site{
		Name:  name,
		Hosts: func(host string) bool { return host == s.importHost() },
		Serve: s.receiveFile,
	}
}

func (s *UserPools) receiveFile(span *trace.Span, request api.HTTPRequest) (api.HTTPResponse, error) {
	at := slices.IndexFunc(s.imports, func(j *importJob) bool { return j.url == request.URL })
	encrypted := request.Header.Get("x-amz-server-side-encryption") == "aws:kms"
	var found string
	switch {
	case at < 0 || request.Method != "PUT":
		found = request.Method + " to another address"
	case !encrypted:
		found = "without x-amz-server-side-encryption: aws:kms"
	case !s.world.Now().Before(s.imports[at].created.Add(uploadWindow)):
		found = "after 15 minutes"
	}
	if !span.Decide(RuleImportUpload, found == "", "PUT to the job's PreSignedUrl, with its header, in time", cmp.Or(found, "so it is")) {
		return api.HTTPResponse{Status: 403, Header: api.Header{"content-type": {"application/xml"}}, Body: "<Error><Code>AccessDenied</Code></Error>"}, nil
	}
	s.imports[at].file, s.imports[at].uploaded = request.Body, true
	return api.HTTPResponse{Status: 200, Header: api.Header{}}, nil
}
