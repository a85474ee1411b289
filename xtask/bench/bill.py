"""A bill of many rows: generated, analysed by finops and by DuckDB in turn, and measured.

Run by `cargo xtask bench bill`. The bill is a FOCUS 1.2 export as AWS writes it: one Parquet file a month,
Snappy, costs as DOUBLE, tags as a map. Everything in it is invented, and the same for the same --rows.

DuckDB answers the same questions that finops asks of a bill (`finops_domain::snapshot::Bill::queries`), each as
one GROUP BY into a temporary table. In its favour: it adds up doubles where finops adds exact decimals, sorts no
result, caps none, and judges nothing.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

# duckdb is imported where it is used: the measuring process has to stay small, since a child's peak memory, as the
# kernel counts it, begins with that of the process it was started from.

MONTHS = 12
ACCOUNTS, RESOURCES, USAGE_TYPES, SERVICES = 20, 200_000, 2_000, 60

# Name, code, category, unit, usage type, operation. `{i}` becomes an instance size or a number.
REAL_SERVICES = [
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "Compute", "Hrs", "BoxUsage:m5.{i}", "RunInstances"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "Compute", "Hrs", "BoxUsage:c6g.{i}", "RunInstances:0002"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "Compute", "Hrs", "SpotUsage:r5.{i}", "RunInstances:SV001"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "Storage", "GB-Mo", "EBS:VolumeUsage.gp2", "CreateVolume-Gp2"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "Storage", "GB-Mo", "EBS:VolumeUsage.gp3", "CreateVolume-Gp3"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "Storage", "GB-Mo", "EBS:SnapshotUsage", "CreateSnapshot"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "Networking", "GB", "NatGateway-Bytes", "NatGateway"),
    ("Amazon Relational Database Service", "AmazonRDS", "Databases", "Hrs", "InstanceUsage:db.r5.{i}", "CreateDBInstance:0014"),
    ("Amazon Relational Database Service", "AmazonRDS", "Databases", "Hrs", "Multi-AZUsage:db.m5.{i}", "CreateDBInstance:0002"),
    ("Amazon Simple Storage Service", "AmazonS3", "Storage", "GB-Mo", "TimedStorage-ByteHrs", "StandardStorage"),
    ("Amazon Simple Storage Service", "AmazonS3", "Storage", "Requests", "Requests-Tier1", "PutObject"),
    ("AWS Lambda", "AWSLambda", "Compute", "Lambda-GB-Second", "Lambda-GB-Second", "Invoke"),
    ("AWS Lambda", "AWSLambda", "Compute", "Request", "Request", "Invoke"),
    ("Amazon Elastic Container Service", "AmazonECS", "Compute", "hours", "Fargate-vCPU-Hours:perCPU", "FargateTask"),
    ("Amazon DynamoDB", "AmazonDynamoDB", "Databases", "ReadCapacityUnit-Hrs", "ReadCapacityUnit-Hrs", "CommittedThroughput"),
    ("AmazonCloudWatch", "AmazonCloudWatch", "Management and Governance", "GB", "DataProcessing-Bytes", "PutLogEvents"),
    ("Elastic Load Balancing", "AWSELB", "Networking", "Hrs", "LoadBalancerUsage", "LoadBalancing:Application"),
    ("Amazon ElastiCache", "AmazonElastiCache", "Databases", "Hrs", "NodeUsage:cache.m5.{i}", "CreateCacheCluster:0002"),
    ("AWS Key Management Service", "awskms", "Security", "Requests", "KMS-Requests", "Decrypt"),
    ("Amazon Virtual Private Cloud", "AmazonVPC", "Networking", "Hrs", "PublicIPv4:InUseAddress", "AssociateAddressVPC"),
]
SIZES = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge"]
REGIONS = [
    ("us-east-1", ""), ("us-east-2", "USE2-"), ("us-west-1", "USW1-"), ("us-west-2", "USW2-"), ("eu-west-1", "EU-"),
    ("eu-west-2", "EUW2-"), ("eu-west-3", "EUW3-"), ("eu-central-1", "EUC1-"), ("eu-north-1", "EUN1-"), ("ap-south-1", "APS3-"),
    ("ap-northeast-1", "APN1-"), ("ap-southeast-1", "APS1-"), ("ap-southeast-2", "APS2-"), ("ca-central-1", "CAN1-"), ("sa-east-1", "SAE1-"),
]


def random(row: str, what: str) -> str:
    """SQL of a number in [0, 1) that follows from a row's number, the same in every run."""
    return f"(hash({row}, '{what}') / 18446744073709551616.0)"


def make_dimensions(db) -> None:
    services = list(REAL_SERVICES)
    names = len({service[0] for service in services})
    for number in range(SERVICES - names):
        services.append((f"AWS Invented Service {number:02}", f"AWSInvented{number:02}", "Other", "Units", f"Usage{number:02}-{{i}}", f"Operation{number:02}"))
    rows = []
    for number in range(USAGE_TYPES):
        # Usage types of a service stand together, so that what is used most belongs to few services.
        index = number * len(services) // USAGE_TYPES
        name, code, category, unit, usage, operation = services[index]
        turn = number - -(-index * USAGE_TYPES // len(services))
        region, prefix = REGIONS[turn % len(REGIONS)]
        usage = prefix + usage.replace("{i}", SIZES[(turn // len(REGIONS)) % len(SIZES)])
        rows.append((number, name, code, category, unit, usage, operation, region, round(0.0001 + (number * 7919 % 1000) / 2500, 6)))
    db.execute("""CREATE TABLE usage_types (usage_type_number INTEGER, service VARCHAR, code VARCHAR, category VARCHAR, unit VARCHAR,
                  usage_type VARCHAR, operation VARCHAR, region VARCHAR, price DOUBLE)""")
    db.executemany("INSERT INTO usage_types VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    account = f"floor(pow({random('range', 'account')}, 2) * {ACCOUNTS})"
    db.execute(f"""
        CREATE TABLE resources AS
        SELECT range AS resource_number, u.*,
               printf('%012d', 100000000000 + CAST({account} AS BIGINT)) AS account,
               CAST({account} AS INTEGER) AS account_number,
               'arn:aws:' || lower(u.code) || ':' || u.region || ':' || printf('%012d', 100000000000 + CAST({account} AS BIGINT))
                 || ':resource/' || printf('%016x', hash(range, 'id')) AS arn,
               CASE WHEN {random('range', 'tagged')} < 0.7 THEN MAP {{
                 'team': 'team-' || CAST(floor({random('range', 'team')} * 40) AS INTEGER),
                 'env': ['prod', 'staging', 'dev', 'test'][1 + CAST(floor({random('range', 'env')} * 4) AS INTEGER)],
                 'app': 'app-' || CAST(floor({random('range', 'app')} * 400) AS INTEGER)
               }} ELSE CAST(MAP {{}} AS MAP(VARCHAR, VARCHAR)) END AS tags
        FROM range({RESOURCES})
        JOIN usage_types u ON u.usage_type_number = CAST(floor(pow({random('range', 'usage')}, 2) * {USAGE_TYPES}) AS INTEGER)""")


def month_sql(first: int, count: int, month: int) -> str:
    start = f"TIMESTAMP '2025-{month:02}-01 00:00:00'"
    r = lambda what: random("range", what)  # noqa: E731
    return f"""
    WITH rows AS (
      SELECT range AS n, {r('kind')} AS kind, {r('commitment')} AS commitment, {r('quantity')} AS q,
             CAST(floor(pow({r('resource')}, 3) * {RESOURCES}) AS INTEGER) AS resource_number,
             {start} + to_hours(CAST(floor({r('hour')} * date_diff('hour', {start}, {start} + INTERVAL 1 MONTH)) AS INTEGER)) AS hour
      FROM range({first}, {first + count})
    ), charges AS (
      SELECT rows.*, resources.* EXCLUDE (resource_number),
             CASE WHEN kind < 0.0005 THEN 'Tax' WHEN kind < 0.001 THEN 'Credit' WHEN kind < 0.0015 THEN 'Purchase' ELSE 'Usage' END AS charge,
             commitment < 0.25 AND regexp_matches(usage_type, 'BoxUsage|Fargate|Lambda-GB') AS is_covered,
             kind < 0.85 AND kind >= 0.0015 AS names_resource,
             round(0.01 + q * q * 24, 6) AS quantity
      FROM rows JOIN resources USING (resource_number)
    ), priced AS (
      SELECT *, CASE charge WHEN 'Credit' THEN -quantity * price WHEN 'Tax' THEN quantity * price * 0.2 ELSE quantity * price END AS list_cost,
             NOT is_covered AS is_on_demand
      FROM charges
    )
    SELECT
      CASE WHEN names_resource THEN region || 'a' END AS AvailabilityZone,
      CASE WHEN is_on_demand THEN list_cost * 0.97 ELSE 0.0 END AS BilledCost,
      '100000000000' AS BillingAccountId, 'payer' AS BillingAccountName, 'Management' AS BillingAccountType, 'USD' AS BillingCurrency,
      {start} + INTERVAL 1 MONTH AS BillingPeriodEnd, {start} AS BillingPeriodStart,
      CAST(NULL AS VARCHAR) AS CapacityReservationId, CAST(NULL AS VARCHAR) AS CapacityReservationStatus,
      charge AS ChargeCategory, CASE WHEN kind > 0.9999 THEN 'Correction' END AS ChargeClass,
      '$' || price || ' per ' || unit || ' of ' || usage_type AS ChargeDescription,
      CASE charge WHEN 'Purchase' THEN 'Recurring' WHEN 'Usage' THEN 'Usage-Based' ELSE 'One-Time' END AS ChargeFrequency,
      hour + INTERVAL 1 HOUR AS ChargePeriodEnd, hour AS ChargePeriodStart,
      CASE WHEN is_covered THEN 'Spend' END AS CommitmentDiscountCategory,
      CASE WHEN is_covered THEN 'arn:aws:savingsplans::100000000000:savingsplan/' || (n % 12) END AS CommitmentDiscountId,
      CAST(NULL AS VARCHAR) AS CommitmentDiscountName,
      CASE WHEN is_covered THEN list_cost * 0.7 END AS CommitmentDiscountQuantity,
      CASE WHEN is_covered THEN 'Used' END AS CommitmentDiscountStatus,
      CASE WHEN is_covered THEN 'Savings Plan' END AS CommitmentDiscountType,
      CASE WHEN is_covered THEN 'USD' END AS CommitmentDiscountUnit,
      CASE WHEN charge = 'Usage' THEN quantity END AS ConsumedQuantity, CASE WHEN charge = 'Usage' THEN unit END AS ConsumedUnit,
      list_cost * 0.97 AS ContractedCost, price * 0.97 AS ContractedUnitPrice,
      CASE WHEN is_covered THEN list_cost * 0.7 ELSE list_cost * 0.97 END AS EffectiveCost,
      'invoice-2025-{month:02}' AS InvoiceId, 'Amazon Web Services, Inc.' AS InvoiceIssuerName,
      list_cost AS ListCost, price AS ListUnitPrice,
      CASE WHEN charge IN ('Tax', 'Credit') THEN NULL WHEN is_covered THEN 'Committed' WHEN usage_type LIKE '%SpotUsage%' THEN 'Dynamic'
           ELSE 'Standard' END AS PricingCategory,
      'USD' AS PricingCurrency, quantity AS PricingQuantity, unit AS PricingUnit, 'AWS' AS ProviderName, 'AWS' AS PublisherName,
      region AS RegionId, region AS RegionName,
      CASE WHEN names_resource THEN arn END AS ResourceId, CAST(NULL AS VARCHAR) AS ResourceName,
      CASE WHEN names_resource THEN category END AS ResourceType,
      category AS ServiceCategory, service AS ServiceName, 'Other (' || category || ')' AS ServiceSubcategory,
      'SKU' || printf('%08d', usage_type_number) AS SkuId, usage_type AS SkuMeter,
      'SKU' || printf('%08d', usage_type_number) || '.JRTCKXETXF' AS SkuPriceId,
      account AS SubAccountId, 'account-' || account_number AS SubAccountName, 'Member' AS SubAccountType,
      CASE WHEN names_resource THEN tags ELSE CAST(MAP {{}} AS MAP(VARCHAR, VARCHAR)) END AS Tags,
      operation AS x_Operation, code AS x_ServiceCode, usage_type AS x_UsageType
    FROM priced"""


def generate(directory: Path, rows: int) -> None:
    import duckdb

    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    db = duckdb.connect()
    # Order does not matter, memory does.
    db.execute("SET preserve_insertion_order = false")
    make_dimensions(db)
    for month in range(1, MONTHS + 1):
        first, last = rows * (month - 1) // MONTHS, rows * month // MONTHS
        file = directory / f"focus-2025-{month:02}.snappy.parquet"
        db.execute(f"COPY ({month_sql(first, last - first, month)}) TO '{file}' (FORMAT parquet, COMPRESSION snappy)")
        print(f"  2025-{month:02}: {last - first:,} rows, {file.stat().st_size / 2**20:.0f} MiB", flush=True)
    (directory / "done").touch()


SUMS = """sum(BilledCost) AS billed, sum(EffectiveCost) AS effective, sum(ListCost) AS list, sum(ContractedCost) AS contracted,
          sum(PricingQuantity) AS quantity, count(*) AS row_count, count(*) - count(ListCost) AS without_list,
          count(*) - count(ContractedCost) AS without_contracted"""
# finops_domain::usage_type: what follows the last colon where that is an instance type or class.
INSTANCE_TYPE = r"nullif(regexp_extract(x_UsageType, ':([^:]*[0-9][^:]*\.(?:[a-z0-9]*xlarge|nano|micro|small|medium|large|metal|metal-.*))$', 1), '')"
ELIGIBLE = r"""ChargeCategory = 'Usage' AND (
    (x_ServiceCode = 'AmazonEC2' AND regexp_matches(x_UsageType, '^([A-Z0-9]{2,5}-)?(BoxUsage|DedicatedUsage|HostBoxUsage)(:|$)'))
    OR (x_ServiceCode IN ('AmazonECS', 'AmazonEKS') AND contains(x_UsageType, 'Fargate'))
    OR (x_ServiceCode = 'AWSLambda' AND regexp_matches(x_UsageType, '^([A-Z0-9]{2,5}-)?(Lambda-GB-Second|Lambda-Provisioned)')))"""
MONTH, DAY, HOUR = (f"date_trunc('{part}', ChargePeriodStart) AS period_start" for part in ("month", "day", "hour"))


def queries(bill: Path) -> dict[str, str]:
    source = f"read_parquet('{bill}/*.parquet')"
    correction, has_resource = "coalesce(ChargeClass = 'Correction', false) AS is_correction", "ResourceId IS NOT NULL AS has_resource"
    has_tags, instance = "cardinality(Tags) > 0 AS has_tags", f"{INSTANCE_TYPE} AS instance_type"
    by = lambda *columns: "BillingCurrency, " + ", ".join(columns)  # noqa: E731
    group = lambda columns, where="true", table=source: f"SELECT {columns}, {SUMS} FROM {table} WHERE {where} GROUP BY ALL"  # noqa: E731
    tags = f"(SELECT *, unnest(map_entries(Tags)) AS tag FROM {source})"
    return {
        "lines": group(by(MONTH, "SubAccountId", "RegionId", "ServiceName", "x_ServiceCode", "ServiceCategory", "ChargeCategory", correction,
                          "PricingCategory", "x_UsageType", "x_Operation", instance, "ChargeDescription", "PricingUnit", "PublisherName",
                          "CommitmentDiscountId", "CommitmentDiscountType", "CommitmentDiscountStatus", has_resource, has_tags)),
        "daily": group(by(DAY, "SubAccountId", "ServiceName", "RegionId", "ChargeCategory")),
        "by_resource": group(by(MONTH, "SubAccountId", "RegionId", "ServiceName", "x_ServiceCode", "ChargeCategory", "PricingCategory",
                                "x_UsageType", "x_Operation", instance, "PricingUnit", "CommitmentDiscountStatus", "ResourceId", has_tags),
                             "ResourceId IS NOT NULL"),
        "by_tag": group(by(MONTH, "tag.key AS tag_key", "tag.value AS tag_value", "ChargeCategory"), table=tags),
        "hourly_compute": group(by(HOUR, "PricingCategory", "CommitmentDiscountType"), ELIGIBLE),
        "totals": f"SELECT BillingCurrency, {SUMS} FROM {source} GROUP BY ALL",
    }


def answer_with_duckdb(bill: Path, threads: int) -> None:
    """What the measured DuckDB process does."""
    import duckdb

    db = duckdb.connect()
    db.execute(f"SET threads = {threads}")
    db.execute("SET preserve_insertion_order = false")
    groups = {}
    for name, sql in queries(bill).items():
        db.execute(f"CREATE TEMP TABLE {name} AS {sql}")
        groups[name] = db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    rows, effective = db.execute("SELECT sum(row_count), sum(effective) FROM totals").fetchone()
    print(json.dumps({"version": duckdb.__version__, "rows": int(rows), "effective": float(effective), "groups": groups}))


def measure(command: list[str], output: Path, accepted: tuple[int, ...]) -> dict[str, float]:
    """Runs a program to its end: seconds, CPU seconds and the largest resident set of it, as the kernel says."""
    with output.open("wb") as stdout, output.with_suffix(".err").open("wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code not in accepted:
        sys.exit(f"{command[0]} ended with {code}:\n{output.with_suffix('.err').read_text()[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss * unit / 2**20}


def main() -> None:
    parser = argparse.ArgumentParser(prog="cargo xtask bench bill", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--repeat", type=int, default=3, help="how often each is measured, in turn")
    parser.add_argument("--keep", action="store_true", help="keep the bill for the next time")
    parser.add_argument("--directory", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--finops", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--generate", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--answer-with-duckdb", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if arguments.answer_with_duckdb:
        answer_with_duckdb(arguments.answer_with_duckdb, threads)
        return
    if arguments.generate:
        generate(arguments.generate, arguments.rows)
        return

    bill = arguments.directory / f"bill-{arguments.rows}"
    print(f"bill: {arguments.rows:,} rows in {MONTHS} files", flush=True)
    ourselves = [sys.executable, __file__, "--directory", str(arguments.directory)]
    if not (bill / "done").exists():
        subprocess.run([*ourselves, "--rows", str(arguments.rows), "--generate", str(bill)], check=True)
    size = sum(file.stat().st_size for file in bill.glob("*.parquet"))
    out = arguments.directory / "out"
    out.mkdir(exist_ok=True)
    # No variable of the user's may change what is measured.
    for name in [name for name in os.environ if name.startswith("FINOPS_")]:
        del os.environ[name]
    programs = {
        "finops": [str(arguments.finops), "analyze", "--source", f"bill:{bill}", "--no-save", "--format", "json"],
        "duckdb": [*ourselves, "--answer-with-duckdb", str(bill)],
    }
    # 3: done, but not everything could be judged.
    accepted = {"finops": (0, 3), "duckdb": (0,)}
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
    for turn in range(arguments.repeat):
        for name, command in programs.items():
            figures = measure(command, out / f"{name}.json", accepted[name])
            measured[name].append(figures)
            print(f"  {turn + 1}. {name}: {figures['wall']:.2f} s, {figures['cpu']:.2f} s CPU, {figures['rss']:.0f} MiB", flush=True)

    version = json.loads((out / "duckdb.json").read_text())["version"]
    report(arguments.rows, size, threads, version, measured)
    compare(out)
    if not arguments.keep:
        shutil.rmtree(bill)


def report(rows: int, size: int, threads: int, version: str, measured: dict[str, list[dict[str, float]]]) -> None:
    median = {name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in measured.items()}
    print(f"\n{rows:,} rows, {size / 2**20:,.0f} MiB of Parquet, {threads} threads, DuckDB {version}\n")
    print(f"{'':8} {'wall min':>9} {'wall med':>9} {'CPU min':>9} {'CPU med':>9} {'RSS max':>10} {'rows/s (med)':>14}")
    for name, runs in measured.items():
        low = {key: min(run[key] for run in runs) for key in runs[0]}
        peak = max(run["rss"] for run in runs)
        print(f"{name:8} {low['wall']:8.2f}s {median[name]['wall']:8.2f}s {low['cpu']:8.2f}s {median[name]['cpu']:8.2f}s "
              f"{peak:7.0f}MiB {rows / median[name]['wall']:14,.0f}")
    ratio = {key: median["finops"][key] / median["duckdb"][key] for key in ("wall", "cpu", "rss")}
    print(f"\nfinops ÷ DuckDB, medians: wall {ratio['wall']:.2f}, CPU {ratio['cpu']:.2f}, RSS {ratio['rss']:.2f}")


def compare(out: Path) -> None:
    """Both have to have read the same rows and to have come to the same total."""
    ours, theirs = json.loads((out / "finops.json").read_text()), json.loads((out / "duckdb.json").read_text())
    effective = sum(float(total["effective_cost"]) for total in ours["spend"]["total"])
    rows = ours["coverage"]["rows_read"]
    print(f"effective cost: finops {effective:.6f}, DuckDB {theirs['effective']:.6f} USD; groups in DuckDB: {theirs['groups']}")
    if rows != theirs["rows"] or ours["coverage"]["rows_malformed"] != 0:
        sys.exit(f"finops read {rows} rows ({ours['coverage']['rows_malformed']} malformed), DuckDB {theirs['rows']}")
    if abs(effective - theirs["effective"]) > 1e-6 * max(1.0, abs(theirs["effective"])):
        sys.exit("the totals differ by more than a millionth")


if __name__ == "__main__":
    main()
