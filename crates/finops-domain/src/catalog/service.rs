//! What the catalog says of a service.

use serde::Serialize;

/// One entry of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Service {
    /// Our id; that of the AWS SDKs where they have one: `ec2`, `elbv2`.
    pub id: &'static str,
    /// As AWS writes it: `Amazon Elastic Compute Cloud`.
    pub name: &'static str,
    /// The mission's category.
    pub category: Category,
    /// What kind of thing it is.
    pub entry: EntryKind,
    /// Id of the service that a feature or a second API belongs to.
    pub parent: Option<&'static str>,
    /// Whether using it costs anything of its own; `None` where nobody looked.
    pub is_billed: Option<bool>,
    /// What else one has to know.
    pub note: Option<&'static str>,
    /// Other names of it.
    pub aliases: &'static [&'static str],
    /// The API's service id: `Elastic Load Balancing v2`.
    pub service_id: Option<&'static str>,
    /// Where its endpoints' names begin.
    pub endpoint_prefix: Option<&'static str>,
    /// What requests are signed for.
    pub signing_name: Option<&'static str>,
    /// The third part of its ARNs.
    pub arn_namespaces: &'static [&'static str],
    /// Namespaces of other services that its ARNs use: `rds` for DocumentDB.
    pub shared_arn_namespaces: &'static [&'static str],
    /// `AWS::EC2`.
    pub cloudformation_prefixes: &'static [&'static str],
    /// Offer codes of the AWS Price List.
    pub price_list_codes: &'static [&'static str],
    /// Values of Cost Explorer's SERVICE dimension.
    pub cost_explorer_names: &'static [&'static str],
    /// The CUR's `product_code`, and `x_ServiceCode` of AWS's FOCUS exports.
    pub product_codes: &'static [&'static str],
    /// FOCUS ServiceName as AWS writes it.
    pub focus_service_names: &'static [&'static str],
    /// FOCUS ServiceCategory.
    pub focus_category: Option<&'static str>,
    /// FOCUS ServiceSubcategory.
    pub focus_subcategory: Option<&'static str>,
    /// Whether it can still be used.
    pub status: Status,
    /// Where its resources live; `None` where unknown.
    pub scope: Option<Scope>,
    /// Which of AWS's inventories see its resources. Incomplete: what is not listed may be seen all the same.
    pub visible_to: &'static [Inventory],
    /// What it is billed by.
    pub billing: &'static [BillingDimension],
    /// The kinds of its resources.
    pub resources: &'static [ResourceKindFacts],
    /// What usually saves money here.
    pub levers: &'static [Lever],
    /// Where the facts are from.
    pub sources: &'static [FactSource],
    /// Date on which a person compared the facts with AWS's documentation: `2026-11-24`.
    pub checked: Option<&'static str>,
}

impl Service {
    /// Whether all that is known of it was filled in by a program.
    pub fn is_generated(&self) -> bool {
        self.checked.is_none()
    }
}

macro_rules! categories {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// The mission's 24 categories.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Category {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Category {
            /// All of them, in the mission's order.
            pub const ALL: [Self; 24] = [$(Self::$name),*];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

categories! {
    /// Virtual machines, containers, functions.
    Compute = "Compute",
    /// Objects, blocks, files, backups.
    Storage = "Storage",
    /// Relational and other databases.
    Database = "Database",
    /// Networks, load balancers, content delivery.
    Networking = "Networking & Content Delivery",
    /// Analytics and streaming.
    Analytics = "Analytics & Big Data",
    /// Artificial intelligence and machine learning.
    MachineLearning = "AI & Machine Learning",
    /// Security, identity, compliance.
    Security = "Security & Identity",
    /// Queues, events, workflows.
    ApplicationIntegration = "Application Integration",
    /// Management and governance.
    Management = "Management & Governance",
    /// Developer tools.
    DeveloperTools = "Developer Tools",
    /// Migration and transfer.
    Migration = "Migration & Transfer",
    /// Internet of things.
    InternetOfThings = "Internet of Things",
    /// Audio and video.
    Media = "Media Services",
    /// Business applications.
    BusinessApplications = "Business Applications",
    /// Desktops and application streaming.
    EndUserComputing = "End User Computing",
    /// Cost management.
    CostManagement = "Cost Management",
    /// Games.
    GameTech = "Game Tech",
    /// Augmented and virtual reality.
    ArVr = "AR/VR",
    /// Support, training, advice.
    CustomerEnablement = "Customer Enablement",
    /// Ledgers.
    Blockchain = "Blockchain",
    /// Robots.
    Robotics = "Robotics",
    /// Quantum computers.
    QuantumComputing = "Quantum Computing",
    /// Ground stations.
    Satellite = "Satellite",
    /// What fits nowhere else.
    Other = "Other Services",
}

/// What kind of thing an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A service of its own.
    Service,
    /// A further API of another service.
    Api,
    /// A feature or tier of another service.
    Feature,
    /// Software that AWS publishes; it runs elsewhere.
    Software,
    /// A programme, not a technical service.
    Program,
    /// A code on bills without an API.
    BillingCode,
}

/// Whether a service can still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// How it stands.
    pub state: ServiceState,
    /// Since or from when, as exactly as AWS says: `2025-09-10`, `2026-05`.
    pub date: Option<&'static str>,
    /// What AWS recommends instead.
    pub replacement: Option<&'static str>,
}

/// How a service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceState {
    /// In use, as far as known.
    Active,
    /// Only who uses it already may go on.
    ClosedToNewCustomers,
    /// It ends on a date to come.
    EndOfSupportAnnounced,
    /// It has ended.
    Retired,
}

/// Where resources live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Once per account or partition.
    Global,
    /// In a region.
    Regional,
    /// In an availability zone.
    Zonal,
}

/// Services of AWS that list resources of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Inventory {
    /// Resource Groups Tagging API.
    Tagging,
    /// Resource Explorer.
    ResourceExplorer,
    /// Cloud Control API.
    CloudControl,
    /// AWS Config.
    Config,
}

/// Something that a service is billed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BillingDimension {
    /// Unique within the service: `instance-hours`.
    pub id: &'static str,
    /// In words.
    pub name: &'static str,
    /// Usage types without region prefix and instance type; `*` at either end stands for anything.
    pub usage_types: &'static [&'static str],
    /// The pricing unit as bills write it.
    pub unit: Option<&'static str>,
    /// Whether it is charged while nothing uses the resource.
    pub runs_idle: bool,
    /// The kind of resource that it is charged for.
    pub resource_kind: Option<&'static str>,
    /// The product code under which it is billed.
    pub product_code: Option<&'static str>,
}

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ResourceKindFacts {
    /// ARN namespace and type: `ec2:natgateway`.
    pub kind: &'static str,
    /// In words.
    pub name: &'static str,
    /// Shape of its ARN: `arn:{Partition}:ec2:{Region}:{Account}:natgateway/{NatGatewayId}`.
    pub arn: Option<&'static str>,
    /// How its ids begin: `nat-`.
    pub id_prefixes: &'static [&'static str],
    /// `AWS::EC2::NatGateway`.
    pub cloudformation_type: Option<&'static str>,
    /// Whether it costs money of its own; `None` where nobody looked.
    pub is_billed: Option<bool>,
    /// CloudWatch namespace of its metrics.
    pub namespace: Option<&'static str>,
    /// Names of the CloudWatch dimensions that select its metrics.
    pub dimensions: &'static [&'static str],
    /// The first dimension's value in terms of the ARN's variables, where it is not the last of them.
    pub dimension_value: Option<&'static str>,
    /// Metrics that are zero where nothing uses it.
    pub activity: &'static [MetricFacts],
    /// Metrics that tell what share of what was bought is used.
    pub saturation: &'static [MetricFacts],
    /// Whether all of this was filled in by a program.
    pub is_generated: bool,
}

/// How a metric is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MetricFacts {
    /// CloudWatch namespace.
    pub namespace: &'static str,
    /// CloudWatch metric name.
    pub metric: &'static str,
    /// `Sum`, `Average`, `Maximum`, `p99`.
    pub statistic: &'static str,
    /// Seconds that a datapoint stands for.
    pub period_seconds: u32,
    /// What the metric is a share of; saturation metrics only.
    pub bought: Option<Bought>,
}

/// What a saturation metric is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bought {
    /// The metric is a percentage already.
    Percent,
    /// A value of the resource's configuration.
    Configuration(&'static str),
    /// Another metric of the same resource.
    Metric(&'static str),
}

/// Something that usually saves money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Lever {
    /// In one line.
    pub text: &'static str,
    /// Checks that look for it.
    pub check_ids: &'static [&'static str],
}

/// Where a group of facts is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FactSource {
    /// Which: `ids`, `billing`, `metrics` …
    pub facts: &'static str,
    /// Pages and data sets, with their date or version.
    pub sources: &'static [&'static str],
    /// Whether a program filled the facts in.
    pub is_generated: bool,
}
