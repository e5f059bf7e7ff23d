package bank

// taskStatements are the task statements of the DVA-C02 exam guide: the number
// of the domain and, within it, of the task.
//
// https://docs.aws.amazon.com/aws-certification/latest/userguide/developer-associate-02-domain1.html
// and so on to developer-associate-02-domain4.html
func taskStatements() []string {
	return []string{
		// Domain 1: Development with AWS Services
		"1.1", // Develop code for applications hosted on AWS
		"1.2", // Develop code for AWS Lambda
		"1.3", // Use data stores in application development
		// Domain 2: Security
		"2.1", // Implement authentication and/or authorization for applications and AWS services
		"2.2", // Implement encryption by using AWS services
		"2.3", // Manage sensitive data in application code
		// Domain 3: Deployment
		"3.1", // Prepare application artifacts to be deployed to AWS
		"3.2", // Test applications in development environments
		"3.3", // Automate deployment testing
		"3.4", // Deploy code by using AWS CI/CD services
		// Domain 4: Troubleshooting and Optimization
		"4.1", // Assist in a root cause analysis
		"4.2", // Instrument code for observability
		"4.3", // Optimize applications by using AWS services and features
	}
}
