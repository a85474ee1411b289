"""Plants what the families s3, file_systems, backup, logs, streams, queues and transfer list, in an account played by moto.

Usage: storage.py ENDPOINT. Prints a JSON list of what the program has to report:

    {"arn": …, "kind": "s3:bucket", "details": {"Bucket.incomplete_uploads.count": 2}}

`details` maps a path under the resource's `details` to its value. More than a page of buckets, log groups, alarms and queues
stands there. moto has no FSx volumes, recovery points, metric streams or Intelligent-Tiering configurations, and the SDK cannot
read what it says of MSK clusters (times without a zone) and of versioning (another name of the outermost element).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import boto3

REGION = "us-east-1"
ACCOUNT = "111111111111"
FAR_REGION = "eu-west-1"

Planted = dict[str, Any]


def planted(arn: str, kind: str, **details: Any) -> Planted:
    return {"arn": arn, "kind": kind, "details": {path.replace("__", "."): value for path, value in details.items()}}


def buckets(s3: Any) -> list[Planted]:
    s3.create_bucket(Bucket="family-plain")
    s3.create_bucket(Bucket="family-kept")
    s3.put_bucket_versioning(Bucket="family-kept", VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"Prefix": "logs/"},
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
        "Expiration": {"Days": 365},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
    }
    s3.put_bucket_lifecycle_configuration(Bucket="family-kept", LifecycleConfiguration={"Rules": [rule]})
    s3.create_bucket(Bucket="family-far", CreateBucketConfiguration={"LocationConstraint": FAR_REGION})
    for key in ("a", "b"):
        s3.create_multipart_upload(Bucket="family-far", Key=key)
    return [
        planted("arn:aws:s3:::family-plain", "s3:bucket", Bucket__lifecycle_rules=[]),
        planted(
            "arn:aws:s3:::family-kept",
            "s3:bucket",
            Bucket__lifecycle_rules__0__prefix="logs/",
            Bucket__lifecycle_rules__0__transitions__0__storage_class="STANDARD_IA",
            Bucket__lifecycle_rules__0__expires_after_days=365,
            Bucket__lifecycle_rules__0__noncurrent_expires_after_days=7,
            Bucket__lifecycle_rules__0__aborts_uploads_after_days=3,
        ),
        planted("arn:aws:s3:::family-far", "s3:bucket", Bucket__incomplete_uploads__count=2),
    ]


def efs_file_systems(efs: Any) -> list[Planted]:
    cold = efs.create_file_system(CreationToken="cold", ThroughputMode="provisioned", ProvisionedThroughputInMibps=16.0)
    policies = [{"TransitionToIA": "AFTER_30_DAYS"}, {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"}]
    efs.put_lifecycle_configuration(FileSystemId=cold["FileSystemId"], LifecyclePolicies=policies)
    hot = efs.create_file_system(CreationToken="hot", Tags=[{"Key": "Name", "Value": "hot"}])
    return [
        planted(
            cold["FileSystemArn"],
            "elasticfilesystem:file-system",
            EfsFileSystem__throughput_mode="provisioned",
            EfsFileSystem__provisioned_throughput_mibps=16.0,
            EfsFileSystem__lifecycle__to_infrequent_access="AFTER_30_DAYS",
            EfsFileSystem__lifecycle__to_standard="AFTER_1_ACCESS",
        ),
        planted(hot["FileSystemArn"], "elasticfilesystem:file-system", EfsFileSystem__mount_targets=0),
    ]


def fsx_file_systems(fsx: Any) -> list[Planted]:
    made = fsx.create_file_system(
        FileSystemType="LUSTRE",
        StorageCapacity=1200,
        StorageType="SSD",
        SubnetIds=["subnet-0123456789abcdef0"],
        LustreConfiguration={"DeploymentType": "PERSISTENT_2", "PerUnitStorageThroughput": 125},
    )["FileSystem"]
    backup = fsx.create_backup(FileSystemId=made["FileSystemId"])["Backup"]
    return [
        planted(
            made["ResourceARN"],
            "fsx:file-system",
            FsxFileSystem__file_system_type="LUSTRE",
            FsxFileSystem__storage_gib=1200,
            FsxFileSystem__deployment_type="PERSISTENT_2",
            FsxFileSystem__throughput_mbps_per_tib=125,
        ),
        planted(backup["ResourceARN"], "fsx:backup", FsxBackup__state="CREATING"),
    ]


def backups(backup: Any) -> list[Planted]:
    vault = backup.create_backup_vault(BackupVaultName="family-vault")
    rule = {
        "RuleName": "daily",
        "TargetBackupVaultName": "family-vault",
        "ScheduleExpression": "cron(0 5 ? * * *)",
        "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365},
    }
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "family-plan", "Rules": [rule]})
    return [
        planted(vault["BackupVaultArn"], "backup:backup-vault", BackupVault__recovery_points=0, BackupVault__is_complete=True),
        planted(
            plan["BackupPlanArn"],
            "backup:backup-plan",
            BackupPlan__rules__0__vault_name="family-vault",
            BackupPlan__rules__0__cold_after_days=30,
            BackupPlan__rules__0__delete_after_days=365,
        ),
    ]


def log_groups(logs: Any) -> list[Planted]:
    # More than the 50 of a page.
    for number in range(52):
        logs.create_log_group(logGroupName=f"/family/{number:02}")
    logs.put_retention_policy(logGroupName="/family/00", retentionInDays=30)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/family/"
    return [
        planted(f"{arn}00", "logs:log-group", LogGroup__retention_days=30, LogGroup__class="STANDARD"),
        planted(f"{arn}51", "logs:log-group", LogGroup__retention_days=None),
    ]


def alarms(cloudwatch: Any) -> list[Planted]:
    # More than the 100 of a page.
    for number in range(102):
        cloudwatch.put_metric_alarm(
            AlarmName=f"family-{number:03}",
            Namespace="AWS/EC2",
            MetricName="CPUUtilization",
            Dimensions=[{"Name": "InstanceId", "Value": "i-0123"}],
            Statistic="Average",
            Period=10 if number == 0 else 300,
            EvaluationPeriods=1,
            Threshold=90,
            ComparisonOperator="GreaterThanThreshold",
            AlarmActions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:pager"],
        )
    cloudwatch.put_dashboard(DashboardName="family", DashboardBody='{"widgets": []}')
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:family-"
    return [
        planted(
            f"{arn}000",
            "cloudwatch:alarm",
            Alarm__period_seconds=10,
            Alarm__metrics__0__name="CPUUtilization",
            Alarm__actions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:pager"],
        ),
        planted(f"{arn}101", "cloudwatch:alarm", Alarm__period_seconds=300),
        planted(f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/family", "cloudwatch:dashboard", Dashboard__size_bytes=15),
    ]


def kinesis_streams(kinesis: Any) -> list[Planted]:
    kinesis.create_stream(StreamName="family-shards", ShardCount=3)
    kinesis.increase_stream_retention_period(StreamName="family-shards", RetentionPeriodHours=48)
    kinesis.create_stream(StreamName="family-demand", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    arn = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/family-"
    return [
        planted(
            f"{arn}shards",
            "kinesis:stream",
            KinesisStream__mode="PROVISIONED",
            KinesisStream__shards=3,
            KinesisStream__retention_hours=48,
        ),
        planted(f"{arn}demand", "kinesis:stream", KinesisStream__mode="ON_DEMAND"),
    ]


def firehose_streams(firehose: Any) -> list[Planted]:
    # More than the ten that moto and AWS give where no limit is named.
    # moto says again only what it was told; AWS fills in the rest.
    to = {
        "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/firehose",
        "BucketARN": "arn:aws:s3:::family-plain",
        "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
        "CompressionFormat": "GZIP",
        "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
    }
    arns = [
        firehose.create_delivery_stream(DeliveryStreamName=f"family-{number:02}", ExtendedS3DestinationConfiguration=to)["DeliveryStreamARN"]
        for number in range(12)
    ]
    return [
        planted(
            arn,
            "firehose:deliverystream",
            FirehoseStream__source_type="DirectPut",
            FirehoseStream__destinations=["s3"],
            FirehoseStream__vpc_subnet_ids=[],
        )
        for arn in arns
    ]


def mq_brokers(mq: Any) -> list[Planted]:
    made = mq.create_broker(
        AutoMinorVersionUpgrade=True,
        BrokerName="family-broker",
        DeploymentMode="ACTIVE_STANDBY_MULTI_AZ",
        EngineType="ACTIVEMQ",
        EngineVersion="5.18",
        HostInstanceType="mq.m5.large",
        PubliclyAccessible=False,
        Users=[{"Username": "admin", "Password": "not-a-secret-12"}],
    )
    return [
        planted(
            made["BrokerArn"],
            "mq:broker",
            MqBroker__engine="ACTIVEMQ",
            MqBroker__instance_type="mq.m5.large",
            MqBroker__deployment_mode="ACTIVE_STANDBY_MULTI_AZ",
        )
    ]


def queues(sqs: Any) -> list[Planted]:
    failed = f"arn:aws:sqs:{REGION}:{ACCOUNT}:family-failed"
    sqs.create_queue(QueueName="family-failed")
    redrive = json.dumps({"deadLetterTargetArn": failed, "maxReceiveCount": 3})
    address = sqs.create_queue(
        QueueName="family-work.fifo",
        Attributes={"FifoQueue": "true", "ReceiveMessageWaitTimeSeconds": "5"},
    )["QueueUrl"]
    sqs.send_message(QueueUrl=address, MessageBody="x", MessageGroupId="a", MessageDeduplicationId="1")
    sqs.create_queue(QueueName="family-main", Attributes={"RedrivePolicy": redrive})
    return [
        planted(failed, "sqs:queue", Queue__is_fifo=False, Queue__messages=0, Queue__poll_wait_seconds=0),
        planted(
            f"arn:aws:sqs:{REGION}:{ACCOUNT}:family-work.fifo",
            "sqs:queue",
            Queue__is_fifo=True,
            Queue__messages=1,
            Queue__poll_wait_seconds=5,
        ),
        planted(f"arn:aws:sqs:{REGION}:{ACCOUNT}:family-main", "sqs:queue", Queue__dead_letter_queue_arn=failed),
    ]


def transfer_servers(transfer: Any) -> list[Planted]:
    made = transfer.create_server(Protocols=["SFTP", "FTPS"], EndpointType="PUBLIC", Domain="S3")["ServerId"]
    arn = f"arn:aws:transfer:{REGION}:{ACCOUNT}:server/{made}"
    return [planted(arn, "transfer:server", TransferServer__protocols=["SFTP", "FTPS"], TransferServer__state="ONLINE")]


PLANTS: list[tuple[str, Callable[[Any], list[Planted]]]] = [
    ("s3", buckets),
    ("efs", efs_file_systems),
    ("fsx", fsx_file_systems),
    ("backup", backups),
    ("logs", log_groups),
    ("cloudwatch", alarms),
    ("kinesis", kinesis_streams),
    ("firehose", firehose_streams),
    ("mq", mq_brokers),
    ("sqs", queues),
    ("transfer", transfer_servers),
]


def seed(client_factory: Callable[[str], Any]) -> list[Planted]:
    """Plants all of it by the clients that `client_factory` makes of a service's name."""
    return [one for service, plant in PLANTS for one in plant(client_factory(service))]


def main() -> None:
    endpoint = sys.argv[1]
    session = boto3.Session(aws_access_key_id="AKIARTXV5AHDQFINOPS2", aws_secret_access_key="x", region_name=REGION)
    print(json.dumps(seed(lambda service: session.client(service, endpoint_url=endpoint)), indent=1))


if __name__ == "__main__":
    main()
