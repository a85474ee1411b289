"""What the seed plants: each function makes one kind of waste with its lookalikes, and writes both down."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from metrics import Metrics, nightly, office

# An image that moto accepts without knowing it.
IMAGE = "ami-12c6146b"


class Garden:
    """One account and region being planted."""

    def __init__(
        self, account: str, region: str, client: Callable[[str], Any], metrics: Metrics, planted: list[dict[str, Any]], everything: bool
    ) -> None:
        self.account, self.region, self.client = account, region, client
        self.metrics, self.planted, self.everything = metrics, planted, everything
        self.age_days = 0
        self.ec2 = client("ec2")
        self.zone = f"{region}a"
        self._subnets: list[str] = []

    def note(self, name: str, kind: str, id: str, waste: bool, why: str, arn: str | None = None) -> None:
        arn = arn or f"arn:aws:ec2:{self.region}:{self.account}:{kind.partition(':')[2]}/{id}"
        self.planted.append(
            {
                "name": name,
                "kind": kind,
                "id": id,
                "arn": arn,
                "account": self.account,
                "region": self.region,
                "waste": waste,
                "why": why,
                "age_days": self.age_days,
            }
        )

    @property
    def subnets(self) -> list[str]:
        """Two subnets in two zones of the default VPC."""
        if not self._subnets:
            self._subnets = [subnet["SubnetId"] for subnet in self.ec2.describe_subnets()["Subnets"]][:2]
        return self._subnets

    def volume(self, size_gib: int, kind: str, **more: Any) -> str:
        return self.ec2.create_volume(AvailabilityZone=self.zone, Size=size_gib, VolumeType=kind, **more)["VolumeId"]

    def instance(self, name: str, kind: str) -> str:
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
        made = self.ec2.run_instances(ImageId=IMAGE, InstanceType=kind, MinCount=1, MaxCount=1, TagSpecifications=tags)
        return made["Instances"][0]["InstanceId"]

    def cpu(self, instance: str, value: Any, network: float, **more: Any) -> None:
        self.metrics.put("AWS/EC2", "CPUUtilization", {"InstanceId": instance}, value, **more)
        for metric in ("NetworkIn", "NetworkOut"):
            self.metrics.put("AWS/EC2", metric, {"InstanceId": instance}, network)


# --- Storage and addresses


def volumes(garden: Garden) -> None:
    garden.note("volume-unattached-old", "ec2:volume", garden.volume(100, "gp2"), True, "unattached for 70 days")
    instance = garden.instance("disk-user", "t3.micro")
    garden.cpu(instance, office, 5e6)
    gp2 = garden.volume(500, "gp2")
    garden.ec2.attach_volume(VolumeId=gp2, InstanceId=instance, Device="/dev/sdf")
    garden.note("volume-gp2", "ec2:volume", gp2, True, "gp2 costs more than gp3 of the same size and speed")
    gp3 = garden.volume(500, "gp3")
    garden.ec2.attach_volume(VolumeId=gp3, InstanceId=instance, Device="/dev/sdg")
    garden.note("volume-gp3", "ec2:volume", gp3, False, "attached, gp3, in use")
    for volume in (gp2, gp3):
        for metric in ("VolumeReadOps", "VolumeWriteOps"):
            garden.metrics.put("AWS/EBS", metric, {"VolumeId": volume}, 50_000.0)
    garden.note("instance-office", "ec2:instance", instance, False, "busy in office hours")


def young_volume(garden: Garden) -> None:
    garden.note("volume-unattached-young", "ec2:volume", garden.volume(100, "gp3"), False, "unattached, but only two days old")


def snapshots(garden: Garden) -> None:
    source = garden.volume(50, "gp3")
    orphan = garden.ec2.create_snapshot(VolumeId=source, Description="before the migration")["SnapshotId"]
    garden.ec2.delete_volume(VolumeId=source)
    garden.note("snapshot-orphan-old", "ec2:snapshot", orphan, True, "its volume is gone, 70 days old, no image uses it")
    builder = garden.instance("image-builder", "t3.micro")
    image = garden.ec2.create_image(InstanceId=builder, Name="golden")["ImageId"]
    garden.ec2.terminate_instances(InstanceIds=[builder])
    used = garden.ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    garden.note("snapshot-of-image", "ec2:snapshot", used, False, "old, but an image is made of it")
    garden.note("image-golden", "ec2:image", image, False, "belongs to the snapshot lookalike")


def addresses(garden: Garden) -> None:
    free = garden.ec2.allocate_address(Domain="vpc")
    garden.note("address-free", "ec2:elastic-ip", free["AllocationId"], True, "an Elastic IP address that nothing uses")
    user = garden.instance("address-user", "t3.micro")
    garden.cpu(user, office, 5e6)
    used = garden.ec2.allocate_address(Domain="vpc")
    garden.ec2.associate_address(AllocationId=used["AllocationId"], InstanceId=user)
    garden.note("address-used", "ec2:elastic-ip", used["AllocationId"], False, "associated with a running instance")


# --- Compute


def instances(garden: Garden) -> None:
    idle = garden.instance("idle", "m5.xlarge")
    garden.cpu(idle, 1.4, 2_000.0)
    garden.note("instance-idle", "ec2:instance", idle, True, "1.4 % CPU and no traffic for 35 days")
    batch = garden.instance("nightly-batch", "m5.xlarge")
    garden.cpu(batch, nightly, 2e6, every_hours=1)
    garden.note("instance-nightly-batch", "ec2:instance", batch, False, "idle on average, 92 % CPU for an hour each night")
    busy = garden.instance("busy", "m5.large")
    garden.cpu(busy, 61.0, 5e7)
    garden.note("instance-busy", "ec2:instance", busy, False, "busy")
    silent = garden.instance("silent", "m5.large")
    garden.note("instance-without-metrics", "ec2:instance", silent, False, "has no data: not evaluated, never idle")
    stopped = garden.instance("stopped", "m5.large")
    garden.ec2.stop_instances(InstanceIds=[stopped])
    garden.note("instance-stopped-old", "ec2:instance", stopped, True, "stopped for 70 days, its volume is paid")


def young_instance(garden: Garden) -> None:
    instance = garden.instance("new", "m5.large")
    garden.cpu(instance, 1.0, 1_000.0, days=2)
    garden.note("instance-idle-young", "ec2:instance", instance, False, "idle, but only two days old")
    stopped = garden.instance("stopped-yesterday", "m5.large")
    garden.ec2.stop_instances(InstanceIds=[stopped])
    garden.note("instance-stopped-young", "ec2:instance", stopped, False, "stopped, but only for two days")


def functions(garden: Garden) -> None:
    role = garden.client("iam").create_role(RoleName="functions", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return event\n")
    client = garden.client("lambda")
    for name, memory, invocations, waste, why in (
        ("function-large", 3008, 4000.0, True, "3,008 MB where 512 would do (Compute Optimizer's advice)"),
        ("function-unused", 128, 0.0, False, "never invoked; a function that does not run costs nothing"),
    ):
        made = client.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": code.getvalue()},
            MemorySize=memory,
        )
        garden.metrics.put("AWS/Lambda", "Invocations", {"FunctionName": name}, invocations)
        garden.note(name, "lambda:function", name, waste, why, made["FunctionArn"])


# --- Network


def nat_gateways(garden: Garden) -> None:
    for name, bytes_out, connections, waste, why in (
        ("nat-idle", 0.0, 0.0, True, "no byte and no connection in 35 days, no route leads to it"),
        ("nat-used", 4e9, 180.0, False, "carries traffic"),
        ("nat-standby", 0.0, 0.0, False, "no traffic, but a route leads to it: a stand-by of another zone"),
    ):
        address = garden.ec2.allocate_address(Domain="vpc")["AllocationId"]
        gateway = garden.ec2.create_nat_gateway(SubnetId=garden.subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
        if name != "nat-idle":
            vpc = garden.ec2.describe_subnets(SubnetIds=garden.subnets[:1])["Subnets"][0]["VpcId"]
            table = garden.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
            garden.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
        dimensions = {"NatGatewayId": gateway}
        for metric, value in (
            ("BytesOutToDestination", bytes_out),
            ("BytesInFromSource", bytes_out),
            ("BytesOutToSource", bytes_out),
            ("BytesInFromDestination", bytes_out),
            ("ActiveConnectionCount", connections),
        ):
            garden.metrics.put("AWS/NATGateway", metric, dimensions, value)
        garden.note(name, "ec2:natgateway", gateway, waste, why)


def load_balancers(garden: Garden) -> None:
    elb = garden.client("elbv2")
    vpc = garden.ec2.describe_subnets(SubnetIds=garden.subnets[:1])["Subnets"][0]["VpcId"]
    target = garden.instance("web", "m5.large")
    garden.cpu(target, office, 5e7)
    for name, kind, requests, has_target, waste, why in (
        ("balancer-without-targets", "application", 0.0, False, True, "has no target"),
        ("balancer-idle", "application", 0.0, True, True, "has a target, but no request in 35 days"),
        ("balancer-used", "application", 90_000.0, True, False, "serves requests"),
        ("balancer-network-idle", "network", 0.0, False, True, "a network load balancer without target and flow"),
    ):
        made = elb.create_load_balancer(Name=name, Subnets=garden.subnets, Type=kind)["LoadBalancers"][0]["LoadBalancerArn"]
        protocol = "HTTP" if kind == "application" else "TCP"
        group = elb.create_target_group(Name=name, Protocol=protocol, Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
        actions = [{"Type": "forward", "TargetGroupArn": group}]
        elb.create_listener(LoadBalancerArn=made, Protocol=protocol, Port=80, DefaultActions=actions)
        if has_target:
            elb.register_targets(TargetGroupArn=group, Targets=[{"Id": target}])
        dimension = {"LoadBalancer": made.partition(":loadbalancer/")[2]}
        if kind == "application":
            garden.metrics.put("AWS/ApplicationELB", "RequestCount", dimension, requests)
            garden.metrics.put("AWS/ApplicationELB", "ProcessedBytes", dimension, requests * 2000)
        else:
            garden.metrics.put("AWS/NetworkELB", "ActiveFlowCount", dimension, requests)
            garden.metrics.put("AWS/NetworkELB", "ProcessedBytes", dimension, requests)
        suffix = "app" if kind == "application" else "net"
        garden.note(name, f"elasticloadbalancing:loadbalancer/{suffix}", name, waste, why, made)
    classic = garden.client("elb")
    listener = [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}]
    classic.create_load_balancer(LoadBalancerName="balancer-classic-empty", Listeners=listener, AvailabilityZones=[garden.zone])
    garden.metrics.put("AWS/ELB", "RequestCount", {"LoadBalancerName": "balancer-classic-empty"}, 0.0)
    arn = f"arn:aws:elasticloadbalancing:{garden.region}:{garden.account}:loadbalancer/balancer-classic-empty"
    name = "balancer-classic-empty"
    garden.note(name, "elasticloadbalancing:loadbalancer", name, True, "a classic load balancer without instances", arn)


# --- Databases


def databases(garden: Garden) -> None:
    rds = garden.client("rds")
    for name, connections, cpu, waste, why in (
        ("database-idle", 0.0, 1.2, True, "no connection in 35 days"),
        ("database-used", 42.0, 38.0, False, "has 42 connections"),
    ):
        made = rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.m5.large",
            Engine="postgres",
            EngineVersion="16.3",
            AllocatedStorage=100,
            StorageType="gp2",
            MasterUsername="root",
            MasterUserPassword="not-a-secret",
            MultiAZ=False,
        )["DBInstance"]
        dimension = {"DBInstanceIdentifier": name}
        garden.metrics.put("AWS/RDS", "DatabaseConnections", dimension, connections)
        garden.metrics.put("AWS/RDS", "CPUUtilization", dimension, cpu)
        for metric in ("ReadIOPS", "WriteIOPS"):
            garden.metrics.put("AWS/RDS", metric, dimension, connections * 2)
        garden.note(name, "rds:db", name, waste, why, made["DBInstanceArn"])
    snapshot = rds.create_db_snapshot(DBSnapshotIdentifier="before-upgrade", DBInstanceIdentifier="database-used")["DBSnapshot"]
    garden.note("database-snapshot-old", "rds:snapshot", "before-upgrade", True, "a manual snapshot of 70 days", snapshot["DBSnapshotArn"])


def tables(garden: Garden) -> None:
    client = garden.client("dynamodb")
    for name, mode, used, waste, why in (
        ("table-unused", "PROVISIONED", 0.0, True, "100 read and 50 write units provisioned, none consumed"),
        ("table-used", "PROVISIONED", 1_500_000.0, False, "consumes most of what is provisioned"),
        ("table-on-demand", "PAY_PER_REQUEST", 0.0, False, "not used, but paid by request"),
    ):
        provisioned = {"ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 50}} if mode == "PROVISIONED" else {}
        made = client.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode=mode,
            **provisioned,
        )["TableDescription"]
        garden.metrics.put("AWS/DynamoDB", "ConsumedReadCapacityUnits", {"TableName": name}, used)
        garden.metrics.put("AWS/DynamoDB", "ConsumedWriteCapacityUnits", {"TableName": name}, used / 2)
        garden.note(name, "dynamodb:table", name, waste, why, made["TableArn"])


def caches(garden: Garden) -> None:
    client = garden.client("elasticache")
    for name, connections, waste, why in (
        ("cache-idle", 0.0, True, "no connection and no command in 35 days"),
        ("cache-used", 60.0, False, "answers"),
    ):
        client.create_cache_cluster(CacheClusterId=name, CacheNodeType="cache.m5.large", Engine="redis", NumCacheNodes=1)
        for metric, value in (("CurrConnections", connections), ("CacheHits", connections * 900), ("CacheMisses", connections * 10)):
            garden.metrics.put("AWS/ElastiCache", metric, {"CacheClusterId": name}, value)
        arn = f"arn:aws:elasticache:{garden.region}:{garden.account}:cluster:{name}"
        garden.note(name, "elasticache:cluster", name, waste, why, arn)


# --- Logs, objects, secrets, streams


def log_groups(garden: Garden) -> None:
    client = garden.client("logs")
    for name, retention, waste, why in (
        ("/app/forever", None, True, "keeps its logs for ever"),
        ("/app/month", 30, False, "keeps its logs for a month"),
    ):
        client.create_log_group(logGroupName=name)
        if retention:
            client.put_retention_policy(logGroupName=name, retentionInDays=retention)
        garden.metrics.put("AWS/Logs", "IncomingBytes", {"LogGroupName": name}, 4e8)
        arn = f"arn:aws:logs:{garden.region}:{garden.account}:log-group:{name}"
        garden.note("log-group-forever" if waste else "log-group-month", "logs:log-group", name, waste, why, arn)


def buckets(garden: Garden) -> None:
    client = garden.client("s3")
    place = {} if garden.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": garden.region}}
    rule = {
        "ID": "archive",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Transitions": [{"Days": 30, "StorageClass": "INTELLIGENT_TIERING"}],
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    for name, has_rule, waste, why in (
        ("bucket-without-lifecycle", False, True, "2 TB in Standard, no lifecycle rule, an unfinished upload of 70 days"),
        ("bucket-with-lifecycle", True, False, "moves its objects by a rule"),
    ):
        full = f"{name}-{garden.account}-{garden.region}"
        client.create_bucket(Bucket=full, **place)
        client.put_object(Bucket=full, Key="data.bin", Body=b"0" * 1024)
        if has_rule:
            client.put_bucket_lifecycle_configuration(Bucket=full, LifecycleConfiguration={"Rules": [rule]})
        else:
            client.create_multipart_upload(Bucket=full, Key="never-finished.bin")
        dimensions = {"BucketName": full, "StorageType": "StandardStorage"}
        garden.metrics.put("AWS/S3", "BucketSizeBytes", dimensions, 2e12, every_hours=24)
        garden.metrics.put("AWS/S3", "NumberOfObjects", {**dimensions, "StorageType": "AllStorageTypes"}, 5e5, every_hours=24)
        garden.note(name, "s3:bucket", full, waste, why, f"arn:aws:s3:::{full}")


def secrets(garden: Garden) -> None:
    made = garden.client("secretsmanager").create_secret(Name="secret-unused", SecretString="not-a-secret")
    garden.note("secret-unused", "secretsmanager:secret", "secret-unused", True, "never read in 70 days", made["ARN"])


def keys(garden: Garden) -> None:
    client = garden.client("kms")
    made = client.create_key(Description="of a service that is gone")["KeyMetadata"]
    client.disable_key(KeyId=made["KeyId"])
    garden.note("key-disabled", "kms:key", made["KeyId"], True, "a disabled key is still paid", made["Arn"])


def streams(garden: Garden) -> None:
    client = garden.client("kinesis")
    client.create_stream(StreamName="stream-idle", ShardCount=2)
    garden.metrics.put("AWS/Kinesis", "IncomingRecords", {"StreamName": "stream-idle"}, 0.0)
    garden.metrics.put("AWS/Kinesis", "GetRecords.Records", {"StreamName": "stream-idle"}, 0.0)
    arn = f"arn:aws:kinesis:{garden.region}:{garden.account}:stream/stream-idle"
    garden.note("stream-idle", "kinesis:stream", "stream-idle", True, "two shards, no record in 35 days", arn)


def repositories(garden: Garden) -> None:
    client = garden.client("ecr")
    made = client.create_repository(repositoryName="repository-without-lifecycle")["repository"]
    name = "repository-without-lifecycle"
    garden.note(name, "ecr:repository", name, True, "keeps every image for ever", made["repositoryArn"])
    made = client.create_repository(repositoryName="repository-with-lifecycle")["repository"]
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14},
        "action": {"type": "expire"},
    }
    client.put_lifecycle_policy(repositoryName=made["repositoryName"], lifecyclePolicyText=json.dumps({"rules": [rule]}))
    garden.note("repository-with-lifecycle", "ecr:repository", made["repositoryName"], False, "expires", made["repositoryArn"])


def file_systems(garden: Garden) -> None:
    made = garden.client("efs").create_file_system(CreationToken="files")
    garden.metrics.put("AWS/EFS", "ClientConnections", {"FileSystemId": made["FileSystemId"]}, 0.0)
    garden.metrics.put("AWS/EFS", "TotalIOBytes", {"FileSystemId": made["FileSystemId"]}, 0.0)
    why = "no client in 35 days"
    garden.note("file-system-idle", "elasticfilesystem:file-system", made["FileSystemId"], True, why, made["FileSystemArn"])


# What is planted 70 and two days ago; True: in every region, False: only in the first account's first region.
Plants = list[tuple[Callable[[Garden], None], bool]]
OLD: Plants = [
    (volumes, True),
    (snapshots, True),
    (addresses, True),
    (log_groups, True),
    (buckets, True),
    (instances, False),
    (functions, False),
    (nat_gateways, False),
    (load_balancers, False),
    (databases, False),
    (tables, False),
    (caches, False),
    (secrets, False),
    (keys, False),
    (streams, False),
    (repositories, False),
    (file_systems, False),
]
YOUNG: Plants = [(young_volume, True), (young_instance, False)]
