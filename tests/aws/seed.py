"""Plants waste, and what only looks like it, in an AWS account played by moto.

Usage: seed.py ENDPOINT [--scenario waste] [--clock FILE]

Two accounts (Organizations in the first), three regions. With `--clock`, the file that moto's faketime reads, waste is 70 days
old and the lookalikes of age two days; without it everything is of today. Prints a JSON list of what was planted:

    {"name": "volume-unattached-old", "kind": "ec2:volume", "id": …, "arn": …, "account": …, "region": …,
     "waste": true, "why": "…", "age_days": 70}

`name` is the same in every region; `waste` says whether a report may name the resource at all.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from accounts import access_key_of
from faketime import set_clock
from metrics import Metrics
from plants import OLD, YOUNG, Garden

MAIN, SHOP = "111111111111", "222222222222"
REGIONS = {MAIN: ["us-east-1", "eu-west-1", "ap-southeast-2"], SHOP: ["us-east-1", "ap-southeast-2"]}
ROLE = "OrganizationAccountAccessRole"
OLD_DAYS, YOUNG_DAYS = 70, 2
METRIC_DAYS = 35


class Clock:
    """moto's time, where it is faked."""

    def __init__(self, file: Path | None) -> None:
        self.file, self.days_ago = file, 0

    def set(self, days_ago: int) -> None:
        if self.file:
            set_clock(self.file, f"-{days_ago}d" if days_ago else "+0d")
            self.days_ago = days_ago


def sessions(endpoint: str) -> dict[str, boto3.Session]:
    """A session for each account: the first by its key, the second by the role that Organizations makes there."""
    main = boto3.Session(aws_access_key_id=access_key_of(MAIN), aws_secret_access_key="secret")
    organizations = main.client("organizations", "us-east-1", endpoint_url=endpoint)
    organizations.create_organization(FeatureSet="ALL")
    created = organizations.create_account(Email="shop@example.com", AccountName="company-shop")["CreateAccountStatus"]
    if created["AccountId"] != SHOP:
        raise RuntimeError(f"moto made account {created['AccountId']}, not {SHOP}: it was not reset, or is not started by moto_server.py")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="workloads")["OrganizationalUnit"]["Id"]
    organizations.move_account(AccountId=SHOP, SourceParentId=root, DestinationParentId=unit)
    sts = main.client("sts", "us-east-1", endpoint_url=endpoint)
    keys = sts.assume_role(RoleArn=f"arn:aws:iam::{SHOP}:role/{ROLE}", RoleSessionName="seed", DurationSeconds=43200)["Credentials"]
    shop = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return {MAIN: main, SHOP: shop}


def gardens(endpoint: str, planted: list[dict[str, Any]]) -> Iterator[Garden]:
    now = datetime.datetime.now(datetime.UTC)
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    for account, session in sessions(endpoint).items():
        for region in REGIONS[account]:

            def client(service: str, session: Any = session, region: str = region) -> Any:
                return session.client(service, region, endpoint_url=endpoint, config=config)

            metrics = Metrics(client("cloudwatch"), now, METRIC_DAYS)
            yield Garden(account, region, client, metrics, planted, everything=(account, region) == (MAIN, "us-east-1"))


def waste(endpoint: str, clock: Clock) -> list[dict[str, Any]]:
    planted: list[dict[str, Any]] = []
    # Roles and keys are made before the clock is turned back, else they would have ended.
    all_gardens = list(gardens(endpoint, planted))
    for days_ago, plants in ((OLD_DAYS, OLD), (YOUNG_DAYS, YOUNG)):
        clock.set(days_ago)
        for garden in all_gardens:
            garden.age_days = clock.days_ago
            for plant, everywhere in plants:
                if everywhere or garden.everything:
                    plant(garden)
    clock.set(0)
    for garden in all_gardens:
        garden.metrics.send()
    return planted


def main() -> None:
    parser = argparse.ArgumentParser(description="Plants waste in moto.")
    parser.add_argument("endpoint")
    parser.add_argument("--scenario", choices=["waste"], default="waste")
    parser.add_argument("--clock", type=Path)
    arguments = parser.parse_args()
    planted = waste(arguments.endpoint, Clock(arguments.clock))
    print(json.dumps(planted, indent=1))


if __name__ == "__main__":
    main()
