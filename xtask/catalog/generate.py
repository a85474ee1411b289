"""Writes crates/finops-domain/catalog/generated/*.toml: what follows from AWS's own machine-readable facts alone.

Usage: generate.py FACTS CATALOG, where FACTS is what aws_facts.py printed (with --service-spec) and CATALOG is the
catalog's directory. The hand-written files say which ARN namespaces and CloudFormation prefixes an entry owns; their
facts lie over the generated ones.
"""

import json
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

SPEC = "@aws-cdk/aws-service-spec"


def quoted(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def kind_of(arn: str, cloudformation_type: str) -> str | None:
    """`ec2:natgateway` of `arn:{Partition}:ec2:{Region}:{Account}:natgateway/{NatGatewayId}`: namespace and fixed parts."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or "{" in parts[2] or not parts[2]:
        return None
    fixed = [part for part in re.split(r"[:/]", parts[5]) if part and "{" not in part]
    return f"{parts[2]}:{'/'.join(fixed) if fixed else cloudformation_type.rsplit('::', 1)[1].lower()}"


def main() -> None:
    facts = json.loads(Path(sys.argv[1]).read_text())
    catalog = Path(sys.argv[2])
    by_hand: dict[str, dict] = {}
    category_of: dict[str, str] = {}
    for path in sorted(catalog.glob("*.toml")):
        document = tomllib.loads(path.read_text())
        for service in document.get("service", []):
            by_hand[service["id"]] = service
            category_of[service["id"]] = document["category"]
    namespace_owner = {name: id for id, service in by_hand.items() for name in service.get("arn_namespaces", []) if service.get("entry", "service") == "service"}
    prefix_owner = {prefix: id for id, service in by_hand.items() for prefix in service.get("cloudformation_prefixes", [])}

    kinds: dict[str, dict] = {}
    for resource in facts["resources"]:
        kind = kind_of(resource["arn"], resource["type"])
        if kind is None:
            continue
        prefix = "::".join(resource["type"].split("::")[:2])
        namespace = kind.split(":")[0]
        owner = namespace_owner.get(namespace)
        if owner is None or (kind in kinds and prefix_owner.get(prefix) != owner):
            continue
        namespaces = {metric["namespace"] for metric in resource["metrics"]}
        single = {dimensions[0] for metric in resource["metrics"] for dimensions in metric["dimensions"] if len(dimensions) == 1}
        kinds[kind] = {
            "owner": owner,
            "kind": kind,
            "name": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", resource["type"].rsplit("::", 1)[1]),
            "arn": resource["arn"],
            "cloudformation_type": resource["type"],
            "namespace": namespaces.pop() if len(namespaces) == 1 else None,
            "dimensions": sorted(single) if len(single) == 1 else None,
        }
    resources_of = defaultdict(list)
    for kind, resource in sorted(kinds.items()):
        resources_of[resource["owner"]].append(resource)

    files = defaultdict(list)
    for id in sorted(set(facts["services"]) | set(resources_of)):
        files[category_of.get(id, "Other Services")].append(id)
    out = catalog / "generated"
    out.mkdir(exist_ok=True)
    for old in out.glob("*.toml"):
        old.unlink()
    config_prefixes = {"::".join(name.split("::")[:2]) for name in facts["config_types"]}
    for category, ids in files.items():
        lines = ["# Written by `cargo xtask catalog generate`; facts go into the file of the same name one level up.", f"category = {quoted(category)}"]
        for id in ids:
            api = facts["services"].get(id)
            hand = by_hand.get(id, {})
            lines += ["", "[[service]]", f"id = {quoted(id)}"]
            sources = {}
            if api:
                lines += [f"{key} = {quoted(api[key])}" for key in ("name", "service_id", "endpoint_prefix", "signing_name")]
                lines.append(f"scope = {quoted('global' if api['is_global'] else 'regional')}")
                sources["ids"] = sources["scope"] = [f"botocore {facts['botocore_version']}"]
            if any(prefix in config_prefixes for prefix in hand.get("cloudformation_prefixes", [])):
                lines.append('visible_to = ["config"]')
                sources["scope"] = [f"botocore {facts['botocore_version']}"]
            if resources_of[id]:
                sources["cloudformation"] = [SPEC]
            lines.append("sources = { " + ", ".join(f"{group} = {quoted(texts)}" for group, texts in sources.items()) + " }")
            for resource in resources_of[id]:
                lines += ["", "[[service.resource]]"]
                lines += [f"{key} = {quoted(resource[key])}" for key in ("kind", "name", "arn", "cloudformation_type", "namespace", "dimensions") if resource[key]]
        name = re.sub(r"[^a-z]+", "-", category.lower()).strip("-")
        (out / f"{name}.toml").write_text("\n".join(lines) + "\n")
    print(f"{len(facts['services'])} services and {len(kinds)} resource kinds in {len(files)} files")


if __name__ == "__main__":
    main()
