"""What AWS publishes about its services, as one JSON document on standard output.

Sources: botocore's service models and cfn-lint's CloudFormation schemas, both from PyPI, and, with --service-spec, the
database of the npm package @aws-cdk/aws-service-spec (ARN templates and metrics of CloudFormation types).
"""

import argparse
import gzip
import importlib.metadata
import importlib.resources
import json
import re

import botocore.session


def api_facts() -> dict:
    session = botocore.session.get_session()
    partition = session.get_data("endpoints")["partitions"][0]
    services = {}
    for name in session.get_available_services():
        model = session.get_service_model(name)
        endpoints = partition["services"].get(model.endpoint_prefix, {})
        services[name] = {
            "name": model.metadata["serviceFullName"],
            "service_id": model.metadata["serviceId"],
            "endpoint_prefix": model.endpoint_prefix,
            "signing_name": model.signing_name,
            "is_global": endpoints.get("isRegionalized") is False,
            "operations": len(model.operation_names),
        }
    return services


def config_types() -> list[str]:
    return sorted(botocore.session.get_session().get_service_model("config").shape_for("ResourceType").enum)


def cloudformation_types() -> list[str]:
    """Every type that cfn-lint has a schema of, in whatever region."""
    names = set()
    for provider in importlib.resources.files("cfnlint.data.schemas.providers").iterdir():
        if provider.name.endswith(".json"):
            names.update(name for name in json.loads(provider.read_text()) if name.startswith("AWS::"))
    if len(names) < 1000:
        raise SystemExit("cfn-lint keeps its schemas elsewhere now")
    return sorted(names)


def resource_facts(path: str) -> list[dict]:
    with gzip.open(path) as file:
        schema = json.load(file)["schema"]
    dimension_sets = {entity["$id"]: [dimension["name"] for dimension in entity["dimensions"]] for entity in schema["dimensionSet"]["entities"]}
    metrics = {entity["$id"]: entity for entity in schema["metric"]["entities"]}
    uses = schema["usesDimensionSet"]["forward"]
    has = schema["resourceHasMetric"]["forward"]
    resources = []
    for entity in schema["resource"]["entities"]:
        its = [
            {
                "namespace": metrics[link["$id"]]["namespace"],
                "metric": metrics[link["$id"]]["name"],
                "statistic": metrics[link["$id"]]["statistic"],
                "dimensions": [dimension_sets[one["$id"]] for one in uses.get(link["$id"], [])],
            }
            for link in has.get(entity["$id"], [])
        ]
        resources.append({"type": entity["cloudFormationType"], "arn": re.sub(r"\$\{(\w+)\}", r"{\1}", entity.get("arnTemplate", "")), "metrics": its})
    return sorted(resources, key=lambda resource: resource["type"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service-spec", help="db.json.gz of @aws-cdk/aws-service-spec")
    arguments = parser.parse_args()
    facts = {
        "botocore_version": importlib.metadata.version("botocore"),
        "cfn_lint_version": importlib.metadata.version("cfn-lint"),
        "services": api_facts(),
        "config_types": config_types(),
        "cloudformation_types": cloudformation_types(),
    }
    if arguments.service_spec:
        facts["resources"] = resource_facts(arguments.service_spec)
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
