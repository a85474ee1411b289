//! The proxy that injects faults, and writes down everything that the program asks.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::double::{self, Double};
use super::moto::Moto;
use super::python;
use super::server::{Server, items, text};

/// One address for moto and the double.
pub(in crate::aws) struct Proxy {
    server: Server,
}

/// What happens to a call. The first eight are answers of the service, in its own protocol and words.
#[derive(Clone, Copy, Debug)]
pub(in crate::aws) enum Fault {
    Throttle {
        retry_after: Option<Duration>,
    },
    Http500,
    Http503,
    Denied,
    /// The session's credentials have ended.
    Expired,
    /// The region does not know the credentials, as one that the account has not opted in to.
    RegionRefuses,
    OptInRequired,
    /// The caller's clock is wrong by that many hours, says AWS.
    SkewRefused {
        hours: i32,
    },
    /// The right answer, but late.
    Delay(Duration),
    /// RST before any answer.
    Reset,
    /// Half of an answer that was announced whole.
    Half,
    /// A whole answer that is no XML, JSON or CBOR.
    Malformed,
    /// A page of some other proxy, with status 200.
    Html,
    /// The right answer with a wrong `Date`.
    Skew {
        hours: i32,
    },
    /// A list whose every page names the same next page.
    RepeatToken,
    /// A list of that many pages: the first again and again, with fresh ids.
    Endless {
        pages: u32,
    },
}

/// Which calls a fault strikes: all that match, unless said otherwise.
#[derive(Clone, Debug)]
pub(in crate::aws) struct FaultRule(Map<String, Value>);

/// A call that the program made.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Call {
    /// botocore's name of the service: `ec2`, `cloudwatch`, `ce`.
    pub(in crate::aws) service: String,
    pub(in crate::aws) operation: String,
    pub(in crate::aws) account: String,
    pub(in crate::aws) region: String,
    /// What was done to it, if anything.
    pub(in crate::aws) fault: Option<String>,
    /// The status sent back: none while it is not answered, 0 where it never was.
    pub(in crate::aws) status: Option<u64>,
}

impl Proxy {
    pub(in crate::aws) fn start(moto: &Moto, double: &Double) -> Self {
        let mut command = python::script("faults.py");
        command.arg(moto.endpoint()).arg(format!("{}={}", double::SERVICES.join(","), double.endpoint()));
        Self { server: Server::start(command).unwrap_or_else(|said| panic!("faults: {said}")) }
    }

    pub(in crate::aws) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    /// Replaces the rules; none heals everything. The first rule that matches a call is applied to it.
    pub(in crate::aws) fn rules(&self, rules: &[FaultRule]) {
        self.server.tell("/_faults/rules", &rules.iter().map(|rule| Value::Object(rule.0.clone())).collect());
    }

    /// Every call since the start, or since the last reset, in the order of arrival.
    #[track_caller]
    pub(in crate::aws) fn log(&self) -> Vec<Call> {
        items(&self.server.ask("/_faults/log"), |value| Call {
            service: text(value, "service"),
            operation: text(value, "operation"),
            account: text(value, "account"),
            region: text(value, "region"),
            fault: value["fault"].as_str().map(str::to_owned),
            status: value["status"].as_u64(),
        })
    }

    /// Forgets log and rules.
    pub(in crate::aws) fn reset(&self) {
        self.server.tell("/_faults/reset", &json!({}));
    }
}

impl FaultRule {
    pub(in crate::aws) fn new(fault: Fault) -> Self {
        let (name, detail) = match fault {
            Fault::Throttle { retry_after: None } => ("throttle", json!({})),
            Fault::Throttle { retry_after: Some(wait) } => ("throttle", json!({"retry_after_seconds": wait.as_secs_f64()})),
            Fault::Http500 => ("http500", json!({})),
            Fault::Http503 => ("http503", json!({})),
            Fault::Denied => ("denied", json!({})),
            Fault::Expired => ("expired", json!({})),
            Fault::RegionRefuses => ("region_refuses", json!({})),
            Fault::OptInRequired => ("opt_in_required", json!({})),
            Fault::SkewRefused { hours } => ("skew_refused", json!({"hours": hours})),
            Fault::Delay(wait) => ("delay", json!({"seconds": wait.as_secs_f64()})),
            Fault::Reset => ("reset", json!({})),
            Fault::Half => ("half", json!({})),
            Fault::Malformed => ("malformed", json!({})),
            Fault::Html => ("html", json!({})),
            Fault::Skew { hours } => ("skew", json!({"hours": hours})),
            Fault::RepeatToken => ("repeat_token", json!({})),
            Fault::Endless { pages } => ("endless", json!({"pages": pages})),
        };
        let mut rule = detail.as_object().unwrap().clone();
        rule.insert("fault".to_owned(), name.into());
        Self(rule)
    }

    /// By botocore's name, or the name that requests are signed with.
    pub(in crate::aws) fn service(self, name: &str) -> Self {
        self.with("service", name)
    }

    pub(in crate::aws) fn region(self, name: &str) -> Self {
        self.with("region", name)
    }

    pub(in crate::aws) fn account(self, id: &str) -> Self {
        self.with("account", id)
    }

    pub(in crate::aws) fn operation(self, name: &str) -> Self {
        self.with("operation", name)
    }

    /// Only the n-th matching call, from 1.
    pub(in crate::aws) fn nth(self, n: u32) -> Self {
        self.with("nth", n)
    }

    /// Only the first n matching calls.
    pub(in crate::aws) fn first(self, n: u32) -> Self {
        self.with("first", n)
    }

    /// The n-th matching call and all after it.
    pub(in crate::aws) fn from(self, n: u32) -> Self {
        self.with("from", n)
    }

    /// Some of the matching calls, the same ones for the same seed.
    pub(in crate::aws) fn probability(self, probability: f64, seed: u32) -> Self {
        self.with("probability", probability).with("seed", seed)
    }

    fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.0.insert(member.to_owned(), value.into());
        self
    }
}
