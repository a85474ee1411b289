//! The program against a whole estate: what it sees, what it says of what it could not see, and what it sent.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::harness::{Call, Double, Fault, FaultRule, MAIN, Moto, Planted, Proxy, ROLE, SHOP, run};
use crate::program::{Outcome, Place};

/// An estate of two accounts and three regions behind one address.
struct Estate {
    proxy: Proxy,
    planted: Vec<Planted>,
    _double: Double,
    _moto: Moto,
    place: Place,
}

impl Estate {
    fn start() -> Self {
        // Where time cannot be faked everything is of today, which changes no test here but those that say so.
        let moto = Moto::start_at("+0d").unwrap_or_else(|_| Moto::start());
        let planted = moto.seed();
        let double = Double::start("empty");
        let proxy = Proxy::start(&moto, &double);
        Self { proxy, planted, _double: double, _moto: moto, place: Place::new() }
    }

    fn analyze(&self, more: &[&str]) -> Outcome {
        let arguments = ["analyze", "--no-save", "--no-cost-data", "--format", "json", "--show-ids"];
        let arguments: Vec<&str> = arguments.iter().chain(more).copied().collect();
        self.place.finops_at(self.proxy.endpoint(), &arguments)
    }

    /// Volumes alone, of one region: what most faults are tried on.
    fn volumes(&self, more: &[&str]) -> Outcome {
        let arguments = ["--regions", "us-east-1", "--service", "ebs", "--retry-max-attempts", "2"];
        let arguments: Vec<&str> = arguments.iter().chain(more).copied().collect();
        self.analyze(&arguments)
    }
}

fn cells<'a>(report: &'a Value, service: &str) -> Vec<&'a Value> {
    report["coverage"]["cells"].as_array().unwrap().iter().filter(|cell| cell["service"] == service).collect()
}

#[test]
fn every_planted_resource_is_collected_once_where_it_is() {
    let estate = Estate::start();
    let snapshot = estate.place.path("snapshot");
    let arguments = ["collect", "--regions", "us-east-1,eu-west-1,ap-southeast-2", "--accounts", "org", "--role-name", ROLE, "-o"];
    let arguments: Vec<&str> = arguments.iter().copied().chain([snapshot.to_str().unwrap()]).collect();
    let outcome = estate.place.finops_at(estate.proxy.endpoint(), &arguments);
    assert!(matches!(outcome.code, 0 | 3), "{}", outcome.stderr);
    let again = estate.place.finops(&[
        "analyze",
        "--source",
        &format!("snapshot:{}", snapshot.display()),
        "--no-save",
        "--format",
        "json",
        "--show-ids",
    ]);
    let report = again.json();
    let accounts: BTreeSet<&str> =
        report["scope"]["accounts"].as_array().unwrap().iter().map(|account| account["sub_account_id"].as_str().unwrap()).collect();
    assert_eq!(accounts, BTreeSet::from([MAIN, SHOP]));
    let resources = resources_of(&snapshot);
    // What has describers; the others are seen by tagging, where moto has them.
    let described =
        ["ec2:", "logs:log-group", "s3:bucket", "rds:db", "rds:snapshot", "dynamodb:table", "lambda:function", "elasticache:cluster"];
    let mut missing = Vec::new();
    for planted in &estate.planted {
        if !described.iter().any(|kind| planted.kind.starts_with(kind)) {
            continue;
        }
        match resources.get(&planted.arn) {
            None => missing.push(format!("{} {}", planted.kind, planted.arn)),
            Some(resource) => {
                assert_eq!(resource["kind"], planted.kind, "{}", planted.arn);
                assert_eq!(resource["sub_account_id"], planted.account, "{}", planted.arn);
                assert!(resource["details"].is_object(), "{}", planted.arn);
            }
        }
    }
    assert!(missing.is_empty(), "not collected: {missing:#?}");
}

/// Resources of a snapshot by id.
fn resources_of(directory: &std::path::Path) -> BTreeMap<String, Value> {
    let file = std::fs::File::open(directory.join("snapshot.json.gz")).unwrap();
    let snapshot: Value = serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap();
    let resources = snapshot["resources"].as_array().unwrap().clone();
    let count = resources.len();
    let by_id: BTreeMap<String, Value> =
        resources.into_iter().map(|resource| (resource["resource_id"].as_str().unwrap().to_owned(), resource)).collect();
    assert_eq!(by_id.len(), count, "a resource is there twice");
    by_id
}

#[test]
fn what_is_sent_is_what_the_policy_allows_and_nothing_writes() {
    let estate = Estate::start();
    let outcome = estate.analyze(&["--regions", "us-east-1,eu-west-1", "--accounts", "org", "--role-name", ROLE]);
    assert!(matches!(outcome.code, 0 | 3), "{}", outcome.stderr);
    let policy = estate.place.finops(&["iam-policy", "--no-cost-data", "--accounts", "org", "--role-name", ROLE]).json();
    let statements = policy["Statement"].as_array().unwrap();
    let allowed: BTreeSet<String> = statements
        .iter()
        .flat_map(|statement| match &statement["Action"] {
            Value::Array(actions) => actions.iter().map(|action| action.as_str().unwrap().to_owned()).collect::<Vec<_>>(),
            action => vec![action.as_str().unwrap().to_owned()],
        })
        .map(|action| action.split(':').nth(1).unwrap().to_owned())
        .collect();
    // IAM's names of these are not the operations'.
    let renamed: BTreeMap<&str, &str> = BTreeMap::from([
        ("ListBuckets", "ListAllMyBuckets"),
        // botocore has two names for one request.
        ("GetBucketLifecycle", "GetLifecycleConfiguration"),
        ("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
        ("ListBucketIntelligentTieringConfigurations", "GetIntelligentTieringConfiguration"),
        ("ListMultipartUploads", "ListBucketMultipartUploads"),
    ]);
    let sent: BTreeSet<String> = estate.proxy.log().iter().map(|call| call.operation.clone()).collect();
    assert!(sent.len() > 20, "{sent:?}");
    for operation in &sent {
        let action = renamed.get(operation.as_str()).copied().unwrap_or(operation);
        // Fails where the table's action is another one: the report would tell the user to allow the wrong thing.
        let is_allowed =
            allowed.contains(action) || allowed.iter().any(|known| known.starts_with(action) || action.starts_with(known.as_str()));
        assert!(is_allowed, "{operation} was sent and is not in the policy");
        let reads = ["Describe", "Get", "List", "AssumeRole", "Search"];
        assert!(reads.iter().any(|verb| operation.starts_with(verb)), "{operation} does not look like a read");
    }
}

#[test]
fn a_second_run_is_answered_by_the_cache() {
    let estate = Estate::start();
    let first = estate.volumes(&[]).json();
    let sent = estate.proxy.log().len();
    let second = estate.volumes(&[]).json();
    let more = estate.proxy.log().len() - sent;
    assert!(sent > 3 && more <= 1, "{sent} requests, then {more}: all but asking who we are comes from the cache");
    assert_eq!(first["findings"], second["findings"]);
    assert!(second["run"]["api_calls_cached"].as_object().unwrap().contains_key("ec2:DescribeVolumes"));
    let stats = estate.place.finops_at(estate.proxy.endpoint(), &["cache", "stats", "--json"]).json();
    assert!(stats["active"].as_u64().unwrap() > 0);
    estate.place.finops_at(estate.proxy.endpoint(), &["cache", "clear"]).ends_with(0);
    estate.volumes(&[]);
    assert!(estate.proxy.log().len() - sent - more > 3, "after it was cleared everything is asked anew");
}

#[test]
fn whatever_fails_the_run_ends_and_says_what_is_missing() {
    let estate = Estate::start();
    let strikes = |fault: Fault| vec![FaultRule::new(fault).operation("DescribeVolumes")];
    for (fault, status, word) in [
        (Fault::Http500, "failed", ""),
        (Fault::Http503, "failed", ""),
        (Fault::Throttle { retry_after: None }, "throttled", ""),
        (Fault::Denied, "denied", "ec2:DescribeVolumes"),
        (Fault::Expired, "denied", ""),
        (Fault::RegionRefuses, "denied", ""),
        (Fault::OptInRequired, "not_enabled", ""),
        (Fault::Reset, "failed", ""),
        (Fault::Half, "failed", ""),
        (Fault::Malformed, "failed", ""),
        (Fault::Html, "failed", ""),
    ] {
        estate.proxy.rules(&strikes(fault));
        let outcome = estate.volumes(&["--no-cache", "--deadline", "60s"]);
        assert!(!outcome.stderr.contains("panicked"), "{fault:?}: {}", outcome.stderr);
        let report = outcome.json();
        let cells = cells(&report, "ebs");
        let struck: Vec<_> = cells.iter().filter(|cell| cell["status"] == status).collect();
        assert_eq!(struck.len(), 1, "{fault:?}: {cells:#?}");
        assert!(struck[0]["reason"].as_str().unwrap().contains("DescribeVolumes"), "{fault:?}: {}", struck[0]);
        assert!(struck[0]["remedy"].as_str().unwrap().contains(word), "{fault:?}: {}", struck[0]);
        if status != "not_enabled" {
            assert_eq!(outcome.code, 3, "{fault:?}: {}", outcome.stderr);
        }
    }
}

#[test]
fn a_list_whose_token_repeats_ends() {
    let estate = Estate::start();
    estate.proxy.rules(&[FaultRule::new(Fault::RepeatToken).operation("DescribeVolumes")]);
    let outcome = estate.volumes(&["--no-cache", "--deadline", "60s"]);
    assert!(matches!(outcome.code, 0 | 3), "{}", outcome.stderr);
    let asked = estate.proxy.log().iter().filter(|call| call.operation == "DescribeVolumes").count();
    assert!(asked <= 3, "{asked} pages of a list that goes round");
}

#[test]
fn what_fails_once_is_tried_again_and_nothing_is_missing() {
    let estate = Estate::start();
    for fault in [Fault::Http503, Fault::Throttle { retry_after: None }, Fault::Reset, Fault::Half, Fault::Skew { hours: 5 }] {
        estate.proxy.rules(&[FaultRule::new(fault).operation("DescribeVolumes").first(1)]);
        let report = estate.volumes(&["--no-cache"]).json();
        let cells = cells(&report, "ebs");
        assert!(cells.iter().all(|cell| cell["status"] == "complete"), "{fault:?}: {cells:#?}");
    }
}

#[test]
fn a_service_that_does_not_answer_costs_no_more_than_the_deadline() {
    let estate = Estate::start();
    estate.proxy.rules(&[FaultRule::new(Fault::Delay(Duration::from_mins(1))).operation("DescribeVolumes")]);
    let started = std::time::Instant::now();
    let outcome = estate.volumes(&["--no-cache", "--deadline", "3s"]);
    assert!(started.elapsed() < Duration::from_secs(30), "it took {:?}", started.elapsed());
    let report = outcome.ends_with(3).json();
    assert!(cells(&report, "ebs")[0]["reason"].as_str().unwrap().contains("deadline"));
}

#[test]
fn a_list_of_many_pages_is_read_to_its_end() {
    let estate = Estate::start();
    estate.proxy.rules(&[FaultRule::new(Fault::Endless { pages: 200 }).operation("DescribeSnapshots")]);
    let report = estate.volumes(&["--no-cache"]).json();
    assert!(cells(&report, "ebs").iter().all(|cell| cell["status"] == "complete"));
    let pages = estate.proxy.log().iter().filter(|call: &&Call| call.operation == "DescribeSnapshots").count();
    assert_eq!(pages, 200);
}

#[test]
fn without_credentials_the_error_says_what_to_do() {
    let place = Place::new();
    let mut command = place.command(&["analyze"]);
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("FINOPS_CACHE", place.path("cache")).env("HOME", place.path("home"));
    let outcome = Outcome::of(command).ends_with(1);
    assert!(outcome.stderr.contains("could not connect to AWS"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("--profile"), "{}", outcome.stderr);
}

#[test]
fn a_plan_calls_nothing_and_names_operations() {
    let estate = Estate::start();
    let outcome = estate.place.finops_at(estate.proxy.endpoint(), &["plan", "--regions", "all"]).ends_with(0);
    assert!(outcome.stdout.contains("ec2:DescribeVolumes"), "{}", outcome.stdout);
    assert!(estate.proxy.log().is_empty(), "nothing is called");
}

#[test]
fn the_doctor_names_the_permission_that_is_missing() {
    let estate = Estate::start();
    estate.proxy.rules(&[FaultRule::new(Fault::Denied).operation("DescribeVolumes")]);
    let outcome = estate.place.finops_at(estate.proxy.endpoint(), &["doctor", "--service", "ebs", "--no-cache"]).ends_with(3);
    assert!(outcome.stdout.contains(r#""Action": "ec2:DescribeVolumes""#), "{}", outcome.stdout);
}

/// Waste that the inventory, the metrics and list prices tell of in us-east-1. The rest of what is planted waits for its checks, its
/// price, or metrics that the seeding leaves out: the idle NAT gateway is not evaluated, since one of its metrics is missing.
const FOUND: [&str; 6] =
    ["volume-unattached-old", "instance-stopped-old", "balancer-idle", "balancer-without-targets", "table-unused", "stream-idle"];

#[test]
fn planted_waste_is_found_and_no_lookalike_is_recommended() {
    let moto = match Moto::start_at("+0d") {
        Ok(moto) => moto,
        Err(reason) => {
            eprintln!("not run: {reason}; without old resources nothing may be judged idle");
            return;
        }
    };
    let planted = moto.seed();
    let double = Double::start("empty");
    let proxy = Proxy::start(&moto, &double);
    let place = Place::new();
    // Cost Explorer of this account has no data.
    let arguments = ["analyze", "--no-save", "--format", "json", "--show-ids", "--regions", "us-east-1"];
    let report = place.finops_at(proxy.endpoint(), &arguments).ends_with(3).json();
    let recommended: BTreeSet<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["kind"] == "recommendation")
        .filter_map(|finding| finding["resource_id"].as_str())
        .collect();
    let by_arn: BTreeMap<&str, &Planted> = planted.iter().map(|planted| (planted.arn.as_str(), planted)).collect();
    let lookalikes: Vec<&str> = recommended
        .iter()
        .filter_map(|arn| by_arn.get(arn))
        .filter(|planted| !planted.waste)
        .map(|planted| planted.name.as_str())
        .collect();
    assert!(lookalikes.is_empty(), "taken for waste: {lookalikes:?}");
    let found: BTreeSet<&str> = recommended.iter().filter_map(|arn| by_arn.get(arn)).map(|planted| planted.name.as_str()).collect();
    let missed: Vec<&&str> = FOUND.iter().filter(|name| !found.contains(**name)).collect();
    assert!(missed.is_empty(), "not found: {missed:?}; found: {found:?}; not evaluated: {:#}", report["not_evaluated"]);
    assert!(report["spend"].is_null(), "what was spent is not known, and not zero");
    for finding in report["findings"].as_array().unwrap() {
        if finding["savings"].is_object() {
            assert_eq!(finding["savings"]["basis"], "estimated", "{}", finding["title"]);
        }
    }
}

#[test]
fn what_cost_explorer_says_is_in_the_report_to_the_cent() {
    let moto = Moto::start();
    let double = Double::start("company");
    let proxy = Proxy::start(&moto, &double);
    let place = Place::new();
    let arguments = ["analyze", "--no-save", "--format", "json", "--show-ids", "--regions", "us-east-1"];
    let first = place.finops_at(proxy.endpoint(), &arguments);
    assert!(matches!(first.code, 0 | 3), "{}", first.stderr);
    let report = first.json();
    let asked = double.requests().iter().filter(|asked| asked.service == "ce").count();
    let total: f64 = report["spend"]["total"][0]["billed_cost"].as_str().unwrap().parse().unwrap();
    assert!(total > 1_000.0, "{total}");
    let cost: f64 = report["run"]["api_cost"].as_str().unwrap().parse().unwrap();
    assert!(cost >= 0.01 * asked as f64, "{asked} requests at a cent each for {cost}");
    let second = place.finops_at(proxy.endpoint(), &arguments).json();
    let again = double.requests().iter().filter(|asked| asked.service == "ce").count() - asked;
    assert!(asked >= 5 && again * 100 <= asked * 4, "{asked} requests of Cost Explorer, then {again} with a warm cache");
    assert_eq!(report["spend"], second["spend"]);
    assert_eq!(double.violations(), Vec::<String>::new());
}

#[test]
fn a_cap_on_what_the_run_may_cost_is_kept_and_said() {
    let moto = Moto::start();
    let double = Double::start("company");
    let proxy = Proxy::start(&moto, &double);
    let place = Place::new();
    let arguments = ["analyze", "--no-save", "--format", "json", "--regions", "us-east-1", "--max-api-cost", "0.02"];
    let outcome = place.finops_at(proxy.endpoint(), &arguments).ends_with(3);
    let report = outcome.json();
    let asked = double.requests().iter().filter(|asked| asked.service == "ce").count();
    assert!(asked <= 2, "{asked} requests at a cent each");
    assert!(report["run"]["api_cost"].as_str().unwrap().parse::<f64>().unwrap() <= 0.02);
    let said = cells(&report, "cost data");
    assert!(said.iter().any(|cell| cell["reason"].as_str().is_some_and(|reason| reason.contains("cap"))), "{said:#?}");
}

#[test]
fn what_a_service_says_of_its_resources_is_in_their_details() {
    let moto = Moto::start();
    let double = Double::start("empty");
    let proxy = Proxy::start(&moto, &double);
    let expected: Value = serde_json::from_str(&run("families/storage.py", &[moto.endpoint()])).unwrap();
    let place = Place::new();
    let snapshot = place.path("snapshot");
    let outcome = place.finops_at(proxy.endpoint(), &["collect", "--regions", "us-east-1,eu-west-1", "-o", snapshot.to_str().unwrap()]);
    assert!(matches!(outcome.code, 0 | 3), "{}", outcome.stderr);
    let resources = resources_of(&snapshot);
    let expected = expected.as_array().unwrap();
    assert!(expected.len() > 20, "{} planted", expected.len());
    for planted in expected {
        let arn = planted["arn"].as_str().unwrap();
        let resource = resources.get(arn).unwrap_or_else(|| panic!("{arn} was not collected"));
        assert_eq!(resource["kind"], planted["kind"], "{arn}");
        for (path, value) in planted["details"].as_object().unwrap() {
            let found = resource["details"].pointer(&format!("/{}", path.replace('.', "/")));
            assert_eq!(found, Some(value), "{path} of {arn}");
        }
    }
}
