"""One AWS call by boto3, for tests of the doubles: prints the answer, or the error's code, as JSON.

Usage: call.py ENDPOINT REGION SERVICE OPERATION [PARAMETERS]
"""

from __future__ import annotations

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from accounts import FIRST, access_key_of
from wire import as_json


def main() -> None:
    endpoint, region, service, operation, *parameters = sys.argv[1:]
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    keys = {"aws_access_key_id": access_key_of(FIRST), "aws_secret_access_key": "not-a-secret"}
    client = boto3.client(service, region, endpoint_url=endpoint, config=config, **keys)
    method = {model: name for name, model in client.meta.method_to_api_mapping.items()}[operation]
    try:
        answer = getattr(client, method)(**json.loads(parameters[0] if parameters else "{}"))
        answer.pop("ResponseMetadata")
    except ClientError as error:
        answer = {"error": error.response["Error"]["Code"]}
    # boto3 wraps some of what a broken answer leads to, and lets the rest through.
    except Exception as error:
        answer = {"error": type(error).__name__}
    print(json.dumps(as_json(answer)))


if __name__ == "__main__":
    main()
