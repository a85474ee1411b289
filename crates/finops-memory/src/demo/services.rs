//! The services of the demonstration account, by the names and product codes that bills write.

/// A service as a charge names it.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) code: &'static str,
    pub(super) category: &'static str,
}

const fn service(name: &'static str, code: &'static str, category: &'static str) -> Service {
    Service { name, code, category }
}

pub(super) static EC2: Service = service("Amazon Elastic Compute Cloud", "AmazonEC2", "Compute");
/// Volumes and snapshots: the same product, of another category row by row.
pub(super) static EBS: Service = service("Amazon Elastic Compute Cloud", "AmazonEC2", "Storage");
/// NAT gateways and traffic, likewise.
pub(super) static EC2_NETWORK: Service = service("Amazon Elastic Compute Cloud", "AmazonEC2", "Networking");
pub(super) static VPC: Service = service("Amazon Virtual Private Cloud", "AmazonVPC", "Networking");
pub(super) static ELB: Service = service("Elastic Load Balancing", "AWSELB", "Networking");
pub(super) static TRANSFER: Service = service("AWS Data Transfer", "AWSDataTransfer", "Networking");
pub(super) static RDS: Service = service("Amazon Relational Database Service", "AmazonRDS", "Databases");
pub(super) static ELASTICACHE: Service = service("Amazon ElastiCache", "AmazonElastiCache", "Databases");
pub(super) static DYNAMODB: Service = service("Amazon DynamoDB", "AmazonDynamoDB", "Databases");
pub(super) static S3: Service = service("Amazon Simple Storage Service", "AmazonS3", "Storage");
pub(super) static KINESIS: Service = service("Amazon Kinesis", "AmazonKinesis", "Analytics");
pub(super) static LAMBDA: Service = service("AWS Lambda", "AWSLambda", "Compute");
pub(super) static ECS: Service = service("Amazon Elastic Container Service", "AmazonECS", "Compute");
pub(super) static EKS: Service = service("Amazon Elastic Container Service for Kubernetes", "AmazonEKS", "Compute");
pub(super) static CLOUDWATCH: Service = service("AmazonCloudWatch", "AmazonCloudWatch", "Management and Governance");
pub(super) static KMS: Service = service("AWS Key Management Service", "awskms", "Security, Identity, and Compliance");
pub(super) static SECRETS: Service = service("AWS Secrets Manager", "AWSSecretsManager", "Security, Identity, and Compliance");
pub(super) static CLOUDTRAIL: Service = service("AWS CloudTrail", "AWSCloudTrail", "Management and Governance");
pub(super) static CONFIG: Service = service("AWS Config", "AWSConfig", "Management and Governance");
pub(super) static SAGEMAKER: Service = service("Amazon SageMaker", "AmazonSageMaker", "AI and Machine Learning");
pub(super) static BEDROCK: Service = service("Amazon Bedrock", "AmazonBedrock", "AI and Machine Learning");
pub(super) static SAVINGS_PLANS: Service = service("Savings Plans for AWS Compute usage", "ComputeSavingsPlans", "Compute");
pub(super) static SUPPORT: Service = service("AWS Support (Business)", "AWSSupportBusiness", "Other");
pub(super) static MARKETPLACE: Service = service("Kestrel Observability Platform", "7f3q2h8k1v9w0demo", "Other");

pub(super) static MARKETPLACE_FEED: Service = service("Nordlys Port Data Feed", "4k8d1m6x0z2c5demo", "Other");
pub(super) static KENDRA: Service = service("Amazon Kendra", "AmazonKendra", "AI and Machine Learning");
pub(super) static WORKMAIL: Service = service("Amazon WorkMail", "AmazonWorkMail", "Business Applications");
pub(super) static Q_BUSINESS: Service = service("Amazon Q Business", "AmazonQBusiness", "AI and Machine Learning");

/// A service whose spend is one line an account, without resources of its own in the inventory.
#[derive(Debug)]
pub(super) struct SmallService {
    pub(super) service: Service,
    pub(super) usage: &'static str,
    pub(super) unit: &'static str,
    /// List price of a unit in us-east-1, in billionths of a dollar; rounded, of the order that AWS asks.
    pub(super) price: i64,
    /// Thousandths of the unit on a working day.
    pub(super) per_day: i64,
    /// In how many accounts it is used, of production, data and shared services.
    pub(super) accounts: usize,
}

const fn small(
    name: &'static str,
    code: &'static str,
    category: &'static str,
    (usage, unit): (&'static str, &'static str),
    price: i64,
    per_day: i64,
    accounts: usize,
) -> SmallService {
    SmallService { service: service(name, code, category), usage, unit, price, per_day, accounts }
}

const ANALYTICS: &str = "Analytics";
const AI: &str = "AI and Machine Learning";
const INTEGRATION: &str = "Integration";
const SECURITY: &str = "Security, Identity, and Compliance";
const MANAGEMENT: &str = "Management and Governance";
const NETWORKING: &str = "Networking";
const STORAGE: &str = "Storage";
const DATABASES: &str = "Databases";
const DEVELOPER: &str = "Developer Tools";
const END_USER: &str = "End User Computing";

pub(super) static SMALL: &[SmallService] = &[
    small("Amazon API Gateway", "AmazonApiGateway", INTEGRATION, ("ApiGatewayRequest", "Requests"), 3_500, 9_000_000_000, 3),
    small("Amazon Simple Queue Service", "AWSQueueService", INTEGRATION, ("Requests-Tier1", "Requests"), 400, 40_000_000_000, 3),
    small("Amazon Simple Notification Service", "AmazonSNS", INTEGRATION, ("Requests-Tier1", "Requests"), 500, 12_000_000_000, 3),
    small("Amazon EventBridge", "AWSEvents", INTEGRATION, ("Event-64K-Chunks", "64K-Chunks"), 1_000, 8_000_000_000, 2),
    small("AWS Step Functions", "AmazonStates", INTEGRATION, ("StateTransition", "StateTransitions"), 25_000, 600_000_000, 2),
    small("Amazon MQ", "AmazonMQ", INTEGRATION, ("InstanceUsage:mq.m5.large", "Hrs"), 288_000_000, 96_000, 1),
    small("Amazon AppFlow", "AmazonAppFlow", INTEGRATION, ("FlowRun", "Flow Runs"), 1_000_000, 600_000, 1),
    small("Amazon Kinesis", "AmazonKinesis", ANALYTICS, ("Storage-ShardHour", "ShardHour"), 15_000_000, 4_800_000, 2),
    small("Amazon Kinesis Firehose", "AmazonKinesisFirehose", ANALYTICS, ("BilledBytes", "GB"), 29_000_000, 1_400_000, 2),
    small("Amazon Kinesis Analytics", "AmazonKinesisAnalytics", ANALYTICS, ("KPU-Hour-Java", "KPU-Hour"), 110_000_000, 192_000, 1),
    small("Amazon Managed Streaming for Apache Kafka", "AmazonMSK", ANALYTICS, ("Kafka.m7g.large", "Hrs"), 204_000_000, 720_000, 1),
    small("AWS Glue", "AWSGlue", ANALYTICS, ("ETL-DPU-Hour", "DPU-Hour"), 440_000_000, 420_000, 1),
    small("Amazon Athena", "AmazonAthena", ANALYTICS, ("DataScannedInTB", "Terabytes"), 5_000_000_000, 14_000, 2),
    small("Amazon Redshift", "AmazonRedshift", ANALYTICS, ("Node:ra3.xlplus", "Hrs"), 1_086_000_000, 144_000, 1),
    small("Amazon OpenSearch Service", "AmazonES", ANALYTICS, ("ESInstance:r7g.large.search", "Hrs"), 176_000_000, 864_000, 2),
    small("Amazon Elastic MapReduce", "ElasticMapReduce", ANALYTICS, ("BoxUsage:m7g.2xlarge", "Hrs"), 81_600_000, 700_000, 1),
    small("Amazon QuickSight", "AmazonQuickSight", ANALYTICS, ("QS-User-Enterprise-Month", "User-Mo"), 24_000_000_000, 1_900, 1),
    small("AWS Lake Formation", "AWSLakeFormation", ANALYTICS, ("StorageAPI-Requests", "Requests"), 10_000, 40_000_000, 1),
    small("AWS Data Exchange", "AWSDataExchange", ANALYTICS, ("DataStorage", "GB"), 23_000_000, 80_000, 1),
    small("Amazon Rekognition", "AmazonRekognition", AI, ("ImagesProcessed", "Images"), 1_000_000, 60_000_000, 1),
    small("Amazon Textract", "AmazonTextract", AI, ("SyncPagesProcessed", "Pages"), 1_500_000, 110_000_000, 1),
    small("Amazon Comprehend", "comprehend", AI, ("DetectSentiment", "Units"), 100_000, 300_000_000, 1),
    small("Amazon Transcribe", "transcribe", AI, ("TranscribeAudio", "seconds"), 400_000, 90_000_000, 1),
    small("Amazon Translate", "translate", AI, ("TranslateText", "Characters"), 15_000, 2_000_000_000, 1),
    small("Amazon Polly", "AmazonPolly", AI, ("SynthesizeSpeech-Chars", "Characters"), 4_000, 900_000_000, 1),
    small("Amazon Location Service", "AmazonLocationService", END_USER, ("CalculateRoute", "Requests"), 500_000, 160_000_000, 1),
    small("Amazon WorkSpaces", "AmazonWorkSpaces", END_USER, ("AutoStop-User", "User-Mo"), 9_750_000_000, 3_000, 1),
    small("Amazon Connect", "AmazonConnect", END_USER, ("chat-message", "Messages"), 4_000_000, 7_000_000, 1),
    small("Amazon Simple Email Service", "AmazonSES", END_USER, ("Recipients", "Count"), 100_000, 220_000_000, 1),
    small("AWS Transfer Family", "AWSTransfer", STORAGE, ("SFTP-ProtocolHours", "Hourly"), 300_000_000, 48_000, 1),
    small("Amazon Elastic File System", "AmazonEFS", STORAGE, ("TimedStorage-ByteHrs", "GB-Mo"), 300_000_000, 90_000, 2),
    small("Amazon FSx", "AmazonFSx", STORAGE, ("StorageUsage:OntapSSD", "GB-Mo"), 125_000_000, 340_000, 1),
    small("AWS Backup", "AWSBackup", STORAGE, ("WarmStorage-ByteHrs-EFS", "GB-Mo"), 50_000_000, 260_000, 2),
    small("Amazon Glacier", "AmazonGlacier", STORAGE, ("TimedStorage-ByteHrs", "GB-Mo"), 3_600_000, 900_000, 1),
    small("AWS DataSync", "AWSDataSync", STORAGE, ("DataSync-Bytes", "GB"), 12_500_000, 400_000, 1),
    small(
        "Amazon DocumentDB (with MongoDB compatibility)",
        "AmazonDocDB",
        DATABASES,
        ("InstanceUsage:db.r6g.large", "Hrs"),
        260_000_000,
        144_000,
        1,
    ),
    small("Amazon Neptune", "AmazonNeptune", DATABASES, ("InstanceUsage:db.r6g.large", "Hrs"), 329_000_000, 48_000, 1),
    small("Amazon MemoryDB", "AmazonMemoryDB", DATABASES, ("NodeUsage:db.r7g.large", "Hrs"), 317_000_000, 72_000, 1),
    small("Amazon Timestream", "AmazonTimestream", DATABASES, ("DataIngestion-Bytes", "1K-writes"), 500_000, 30_000_000, 1),
    small(
        "AWS Database Migration Service",
        "AWSDatabaseMigrationSvc",
        DATABASES,
        ("InstanceUsg:dms.r6i.large", "Hrs"),
        210_000_000,
        48_000,
        1,
    ),
    small("Amazon CloudFront", "AmazonCloudFront", NETWORKING, ("DataTransfer-Out-Bytes", "GB"), 85_000_000, 2_600_000, 1),
    small("Amazon Route 53", "AmazonRoute53", NETWORKING, ("DNS-Queries", "Queries"), 400, 90_000_000_000, 2),
    small("AWS Direct Connect", "AWSDirectConnect", NETWORKING, ("PortUsage:1G", "Hrs"), 300_000_000, 48_000, 1),
    small("AWS Global Accelerator", "AWSGlobalAccelerator", NETWORKING, ("Accelerator-Hours", "Hrs"), 25_000_000, 48_000, 1),
    small("AWS WAF", "awswaf", SECURITY, ("RequestV2-Tier1", "Requests"), 600, 25_000_000_000, 2),
    small("Amazon GuardDuty", "AmazonGuardDuty", SECURITY, ("PaidEventsAnalyzed", "Events"), 4_000, 7_000_000_000, 3),
    small("Amazon Inspector", "AmazonInspectorV2", SECURITY, ("EC2-Scanning", "Instance-Mo"), 1_258_000_000, 9_000, 2),
    small("Amazon Macie", "AmazonMacie", SECURITY, ("SensitiveDataDiscovery", "GB"), 1_000_000_000, 12_000, 1),
    small("AWS Security Hub", "AWSSecurityHub", SECURITY, ("PaidComplianceCheck", "Checks"), 1_000_000, 14_000_000, 2),
    small("Amazon Cognito", "AmazonCognito", SECURITY, ("CognitoUserPoolsMAU", "MAU"), 5_500_000, 2_400_000, 1),
    small("AWS Certificate Manager", "AWSCertificateManager", SECURITY, ("PrivateCA-GeneralPurpose", "CA-Mo"), 400_000_000_000, 33, 1),
    small("AWS CloudHSM", "CloudHSM", SECURITY, ("CloudHSMv2Usage", "Hrs"), 1_450_000_000, 24_000, 1),
    small("AWS Systems Manager", "AWSSystemsManager", MANAGEMENT, ("PS-Advanced-Param-Tier1", "Param-Mo"), 50_000_000, 30_000, 2),
    small("AWS CloudFormation", "AWSCloudFormation", MANAGEMENT, ("Resource-Invocation-Count", "Operations"), 900_000, 12_000_000, 1),
    small("AWS X-Ray", "AWSXRay", DEVELOPER, ("XRay-TracesStored", "Traces"), 5_000, 3_000_000_000, 2),
    small("AWS CodeBuild", "CodeBuild", DEVELOPER, ("Build-Min:Linux:g1.medium", "minutes"), 10_000_000, 3_000_000, 1),
    small("AWS CodePipeline", "AWSCodePipeline", DEVELOPER, ("actionExecutionMinute", "minutes"), 2_000_000, 4_000_000, 1),
    small("AWS CodeArtifact", "AWSCodeArtifact", DEVELOPER, ("TimedStorage-ByteHrs", "GB-Mo"), 50_000_000, 11_000, 1),
    small("Amazon EC2 Container Registry (ECR)", "AmazonECR", "Compute", ("TimedStorage-ByteHrs", "GB-Mo"), 100_000_000, 120_000, 3),
    small("AWS App Runner", "AWSAppRunner", "Compute", ("AppRunner-vCPU-hours", "vCPU-Hours"), 64_000_000, 120_000, 1),
    small("AWS AppSync", "AWSAppSync", INTEGRATION, ("GraphQLInvocation", "Requests"), 4_000, 1_100_000_000, 1),
    small("AWS IoT", "AWSIoT", "Internet of Things", ("Messages", "Messages"), 1_000, 14_000_000_000, 1),
];
