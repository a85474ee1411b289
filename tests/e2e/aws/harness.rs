//! Starts AWS on the loopback interface: moto, the double of the services that moto lacks, a proxy that injects faults, and
//! replays of recorded sessions. The servers are Python, in `tests/aws`; each picks a free port and ends with its handle here.
//!
//! A whole account is a [`Moto`] with a [`Double`] behind one [`Proxy`], so that one address serves every API, every request is
//! in one log, and any of them can be made to fail:
//!
//! ```ignore
//! let moto = Moto::start_at("+0d")?;
//! let planted = moto.seed();
//! let double = Double::planted("company", &planted);
//! let proxy = Proxy::start(&moto, &double);
//! proxy.rules(&[FaultRule::new(Fault::Throttle { retry_after: None }).service("ec2").first(2)]);
//! let outcome = Place::new().finops_at(&proxy.endpoint(), &["analyze", "--regions", "all"]);
//! ```

mod double;
mod faults;
mod moto;
mod python;
mod replay;
mod server;

pub(super) use double::{Asked, Double};
pub(super) use faults::{Call, Fault, FaultRule, Proxy};
pub(super) use moto::{Moto, Planted};
pub(super) use python::run;
pub(super) use replay::Replay;

use crate::program::{Outcome, Place};

/// The account of the credentials, which owns the organization.
pub(super) const MAIN: &str = "111111111111";
/// The organization's other account, reached by [`ROLE`].
pub(super) const SHOP: &str = "222222222222";
/// The role that Organizations makes in an account that it creates.
pub(super) const ROLE: &str = "OrganizationAccountAccessRole";

/// What moto and the doubles take for the account [`MAIN`] (see `tests/aws/accounts.py`).
const ACCESS_KEY: &str = "AKIARTXV5AHDQFINOPS2";

impl Place {
    /// Runs the program with every AWS API at that address and credentials of [`MAIN`].
    pub(super) fn finops_at(&self, endpoint: &str, arguments: &[&str]) -> Outcome {
        let mut command = self.command(arguments);
        command
            .env("AWS_ENDPOINT_URL", endpoint)
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", "not-a-secret")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("FINOPS_CACHE", self.path("cache"));
        Outcome::of(command)
    }
}
