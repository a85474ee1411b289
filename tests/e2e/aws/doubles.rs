//! The doubles themselves: what other tests stand on. `tests/aws/selftest.py` drives every operation and every fault with
//! boto3; here the handles are used once each.

use std::time::Duration;

use serde_json::{Value, json};

use super::harness::{Asked, Call, Double, Fault, FaultRule, MAIN, Moto, Planted, Proxy, ROLE, Replay, SHOP, run};
use crate::program::Place;

/// An AWS call by boto3: the answer, or `{"error": code}`.
#[track_caller]
fn call(endpoint: &str, service: &str, operation: &str, parameters: Value) -> Value {
    let printed = run("call.py", &[endpoint, "us-east-1", service, operation, &parameters.to_string()]);
    serde_json::from_str(&printed).unwrap()
}

#[test]
fn every_operation_of_the_double_answers_as_aws_models_it() {
    run("selftest.py", &["double"]);
}

#[test]
fn moto_speaks_the_protocols_of_the_rust_sdk() {
    run("selftest.py", &["moto"]);
}

#[test]
fn every_fault_reaches_every_protocol() {
    run("selftest.py", &["faults"]);
}

#[test]
fn a_seeded_account_has_waste_and_lookalikes_in_two_accounts_and_three_regions() {
    let moto = match Moto::start_at("+0d") {
        Ok(moto) => moto,
        Err(reason) => {
            eprintln!("{reason}; ages are of today");
            Moto::start()
        }
    };
    let planted = moto.seed();
    for (account, region) in [(MAIN, "us-east-1"), (MAIN, "eu-west-1"), (MAIN, "ap-southeast-2"), (SHOP, "us-east-1")] {
        for waste in [true, false] {
            let here = |item: &&Planted| item.account == account && item.region == region && item.waste == waste;
            assert!(planted.iter().filter(here).count() > 3, "{account} {region} {waste}");
        }
    }
    let volume = planted.iter().find(|item| item.name == "volume-unattached-old").unwrap();
    assert!(volume.arn.ends_with(&volume.id) && volume.kind == "ec2:volume" && !volume.why.is_empty(), "{volume:?}");
    assert!(volume.age_days == 70 || volume.age_days == 0, "{volume:?}");
    Double::planted("company", &planted).reset();
    moto.reset();
    assert_eq!(moto.seed().len(), planted.len());
}

#[test]
fn time_goes_as_the_test_wants() {
    let moto = match Moto::start_at("-70d") {
        Ok(moto) => moto,
        Err(reason) => {
            eprintln!("{reason}; skipped");
            return;
        }
    };
    let volume = json!({"AvailabilityZone": "us-east-1a", "Size": 1});
    let old = call(moto.endpoint(), "ec2", "CreateVolume", volume.clone());
    moto.set_clock("+0d");
    let young = call(moto.endpoint(), "ec2", "CreateVolume", volume);
    assert!(old["CreateTime"].as_str() < young["CreateTime"].as_str() && young["CreateTime"].is_string(), "{old} {young}");
}

#[test]
fn one_address_serves_moto_and_the_double_and_logs_every_call() {
    let moto = Moto::start();
    let double = Double::start("company");
    let proxy = Proxy::start(&moto, &double);
    assert!(call(proxy.endpoint(), "ec2", "DescribeVolumes", json!({}))["Volumes"].is_array());
    let items = &call(proxy.endpoint(), "cost-optimization-hub", "ListRecommendations", json!({"maxResults": 100}))["items"];
    assert_eq!(items.as_array().unwrap().len(), 25);
    let role = json!({"RoleArn": format!("arn:aws:iam::{SHOP}:role/{ROLE}"), "RoleSessionName": "test"});
    assert!(call(proxy.endpoint(), "sts", "AssumeRole", role)["Credentials"].is_object());

    let asked: Vec<Asked> = double.requests();
    assert_eq!(asked.len(), 1);
    let hub = &asked[0];
    assert_eq!((hub.service.as_str(), hub.operation.as_str()), ("cost-optimization-hub", "ListRecommendations"));
    assert_eq!((hub.account.as_str(), hub.region.as_str(), &hub.parameters), (MAIN, "us-east-1", &json!({"maxResults": 100})));
    let name = |call: &Call| format!("{}:{}", call.service, call.operation);
    let seen: Vec<String> = proxy.log().iter().map(name).collect();
    assert_eq!(seen, ["ec2:DescribeVolumes", "cost-optimization-hub:ListRecommendations", "sts:AssumeRole"]);
    assert!(proxy.log().iter().all(|call| call.status == Some(200) && call.account == MAIN && call.region == "us-east-1"));
    Place::new().finops_at(proxy.endpoint(), &["--version"]).ends_with(0);
}

#[test]
fn a_rule_strikes_the_calls_it_names() {
    let moto = Moto::start();
    let double = Double::start("empty");
    let proxy = Proxy::start(&moto, &double);
    let volumes = || call(proxy.endpoint(), "ec2", "DescribeVolumes", json!({}))["error"].clone();
    let here = |fault| FaultRule::new(fault).service("ec2").operation("DescribeVolumes").region("us-east-1").account(MAIN);

    proxy.rules(&[here(Fault::Throttle { retry_after: Some(Duration::from_millis(300)) }).nth(1), here(Fault::Denied).first(1)]);
    assert_eq!([volumes(), volumes(), volumes()], [json!("RequestLimitExceeded"), json!("UnauthorizedOperation"), Value::Null]);
    let struck: Vec<Option<String>> = proxy.log().into_iter().map(|call| call.fault).collect();
    assert_eq!(struck, [Some("throttle".to_owned()), Some("denied".to_owned()), None]);

    proxy.rules(&[here(Fault::Http500).from(2), here(Fault::Expired).probability(1.0, 7)]);
    assert_eq!([volumes(), volumes()], [json!("RequestExpired"), json!("InternalFailure")]);
    for (fault, error) in [
        (Fault::Throttle { retry_after: None }, json!("RequestLimitExceeded")),
        (Fault::Http503, json!("ServiceUnavailable")),
        (Fault::RegionRefuses, json!("AuthFailure")),
        (Fault::OptInRequired, json!("OptInRequired")),
        (Fault::SkewRefused { hours: 9 }, json!("RequestTimeTooSkewed")),
        (Fault::Skew { hours: 9 }, Value::Null),
        (Fault::Delay(Duration::from_millis(100)), Value::Null),
        (Fault::Reset, json!("ConnectionClosedError")),
        (Fault::Half, json!("ResponseParserError")),
        (Fault::Malformed, json!("ResponseParserError")),
        (Fault::Html, Value::Null),
        (Fault::RepeatToken, Value::Null),
        (Fault::Endless { pages: 3 }, Value::Null),
    ] {
        proxy.rules(&[here(fault)]);
        assert_eq!(volumes(), error, "{fault:?}");
    }
    proxy.reset();
    assert!(proxy.log().is_empty() && volumes().is_null());
}

#[test]
fn a_scenario_that_is_not_awss_fails_the_test() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("ce")).unwrap();
    std::fs::write(folder.path().join("ce/GetTags.json"), json!({"Tags": [], "Size": 0}).to_string()).unwrap();
    let double = Double::at(folder.path(), &[]);
    let period = json!({"TimePeriod": {"Start": "2026-01-01", "End": "2026-01-02"}});
    assert_eq!(call(double.endpoint(), "ce", "GetTags", period), json!({"error": "InternalFailure"}));
    let violations = double.violations();
    assert!(violations.len() == 1 && violations[0].contains("Size"), "{violations:?}");
    double.reset();
}

#[test]
fn recorded_sessions_are_served() {
    let sessions = Replay::sessions();
    let Some(first) = sessions.first() else { return };
    let replay = Replay::start(first);
    let with_volumes = sessions.iter().find(|session| session.join("ec2.DescribeVolumes_1.json").exists()).unwrap();
    assert!(replay.session(with_volumes).contains(&"ec2.DescribeVolumes".to_owned()));
    assert!(call(replay.endpoint(), "ec2", "DescribeVolumes", json!({}))["Volumes"].is_array());
    assert_eq!(replay.log(), [("DescribeVolumes".to_owned(), true)]);
}
