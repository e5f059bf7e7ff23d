package s3

// unsimulatedOperations are the others of the service model of 2006-03-01.
func unsimulatedOperations() []string {
	return []string{
		"AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateBucket", "CreateBucketMetadataConfiguration",
		"CreateBucketMetadataTableConfiguration", "CreateMultipartUpload", "CreateSession", "DeleteBucket",
		"DeleteBucketAnalyticsConfiguration", "DeleteBucketCors", "DeleteBucketEncryption",
		"DeleteBucketIntelligentTieringConfiguration", "DeleteBucketInventoryConfiguration", "DeleteBucketLifecycle",
		"DeleteBucketMetadataConfiguration", "DeleteBucketMetadataTableConfiguration", "DeleteBucketMetricsConfiguration",
		"DeleteBucketOwnershipControls", "DeleteBucketPolicy", "DeleteBucketReplication", "DeleteBucketTagging",
		"DeleteBucketWebsite", "DeleteObjectAnnotation", "DeleteObjectTagging", "DeleteObjects", "DeletePublicAccessBlock",
		"GetBucketAbac", "GetBucketAccelerateConfiguration", "GetBucketAcl", "GetBucketAnalyticsConfiguration", "GetBucketCors",
		"GetBucketEncryption", "GetBucketIntelligentTieringConfiguration", "GetBucketInventoryConfiguration",
		"GetBucketLifecycleConfiguration", "GetBucketLocation", "GetBucketLogging", "GetBucketMetadataConfiguration",
		"GetBucketMetadataTableConfiguration", "GetBucketMetricsConfiguration", "GetBucketNotificationConfiguration",
		"GetBucketOwnershipControls", "GetBucketPolicy", "GetBucketPolicyStatus", "GetBucketReplication",
		"GetBucketRequestPayment", "GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite", "GetObjectAcl",
		"GetObjectAnnotation", "GetObjectAttributes", "GetObjectLegalHold", "GetObjectLockConfiguration", "GetObjectRetention",
		"GetObjectTagging", "GetObjectTorrent", "GetPublicAccessBlock", "HeadBucket", "HeadObject",
		"ListBucketAnalyticsConfigurations", "ListBucketIntelligentTieringConfigurations", "ListBucketInventoryConfigurations",
		"ListBucketMetricsConfigurations", "ListBuckets", "ListDirectoryBuckets", "ListMultipartUploads", "ListObjectAnnotations",
		"ListObjectVersions", "ListObjects", "ListParts", "PutBucketAbac", "PutBucketAccelerateConfiguration", "PutBucketAcl",
		"PutBucketAnalyticsConfiguration", "PutBucketCors", "PutBucketEncryption", "PutBucketIntelligentTieringConfiguration",
		"PutBucketInventoryConfiguration", "PutBucketLifecycleConfiguration", "PutBucketLogging", "PutBucketMetricsConfiguration",
		"PutBucketNotificationConfiguration", "PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketReplication",
		"PutBucketRequestPayment", "PutBucketTagging", "PutBucketVersioning", "PutBucketWebsite", "PutObjectAcl",
		"PutObjectAnnotation", "PutObjectLegalHold", "PutObjectLockConfiguration", "PutObjectRetention", "PutObjectTagging",
		"PutPublicAccessBlock", "RenameObject", "RestoreObject", "SelectObjectContent",
		"UpdateBucketMetadataAnnotationTableConfiguration", "UpdateBucketMetadataInventoryTableConfiguration",
		"UpdateBucketMetadataJournalTableConfiguration", "UpdateObjectEncryption", "UploadPart", "UploadPartCopy",
		"WriteGetObjectResponse",
	}
}
