//! What the command line understands.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use rust_decimal::Decimal;

#[derive(Debug, Parser)]
#[command(
    name = "finops",
    version,
    about = "Finds where money is wasted on AWS, and says what to do about it.",
    after_help = "Start with:\n  finops demo                              an invented account, no credentials needed\n  finops analyze --source bill:PATH        your bill: FOCUS or CUR; Parquet, CSV, CSV.gz; file, directory or glob\n\nExit codes: 0 done, 1 error, 2 bad usage, 3 done but the coverage is partial, 4 savings found (--fail-on-savings)."
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct GlobalArgs {
    /// Configuration file [default: finops.toml here, if there is one]
    #[arg(long, global = true, env = "FINOPS_CONFIG", value_name = "FILE", hide_env = true)]
    pub(crate) config: Option<PathBuf>,
    /// Colour in what is printed
    #[arg(long, global = true, env = "FINOPS_COLOR", default_value = "auto", hide_env = true)]
    pub(crate) color: ColorChoice,
    /// Show whole account ids; they are shortened otherwise
    #[arg(long, global = true, env = "FINOPS_SHOW_IDS", hide_env = true)]
    pub(crate) show_ids: bool,
    /// No progress display
    #[arg(long, global = true, env = "FINOPS_NO_PROGRESS", hide_env = true)]
    pub(crate) no_progress: bool,
    /// Say less
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more; repeat for more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The main job: collect, analyse, report
    Analyze(AnalyzeArgs),
    /// The same on a built-in demonstration account; no AWS credentials needed
    Demo(DemoArgs),
    /// Collect only, into a snapshot directory that `--source snapshot:DIR` reads
    Collect(CollectArgs),
    /// Print a saved report in any format
    GetReport(GetReportArgs),
    /// Saved reports, newest first
    ListReports(ListReportsArgs),
    /// What is new, gone and changed between two reports, and what was really saved
    Diff(DiffArgs),
    /// Convert a saved report or a JSON file into any other format
    Convert(ConvertArgs),
    /// One finding: evidence, formula, prices, sources, steps
    Explain(ExplainArgs),
    /// The checks: list them, show one
    Checks(ChecksArgs),
    /// The catalog of AWS services: list them, show one, count the categories
    Services(ServicesArgs),
    /// Spend by service, account, region, tag; trend, forecast, anomalies
    Costs(CostsArgs),
    /// SQL over a bill and a snapshot
    Query(QueryArgs),
    /// What a run would call, how often at least, and what the calls cost; nothing is called
    #[cfg(feature = "aws")]
    Plan(PlanArgs),
    /// The least-privilege policy for what is asked for
    #[cfg(feature = "aws")]
    IamPolicy(IamPolicyArgs),
    /// Credentials, accounts, regions, permissions: what works, what to do
    #[cfg(feature = "aws")]
    Doctor(DoctorArgs),
    /// Answers of AWS that are kept: statistics, clear
    #[cfg(feature = "aws")]
    Cache(CacheArgs),
    /// Shell completions
    Completions(CompletionsArgs),
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct SourceArgs {
    /// Where the data is: `aws`, `bill:PATH` (file, directory or glob), `demo`, `snapshot:DIR` [default: aws]
    #[arg(long, env = "FINOPS_SOURCE", value_name = "SOURCE", hide_env = true)]
    pub(crate) source: Option<String>,
    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub(crate) aws: crate::aws::AwsArgs,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct RunArgs {
    /// Days that the checks look back, 1 to 365; a bill is judged by whole months [default: 30]
    #[arg(long, env = "FINOPS_DAYS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=365), allow_negative_numbers = true, hide_env = true)]
    pub(crate) days: Option<u16>,
    /// Only these checks
    #[arg(long, env = "FINOPS_CHECK", value_name = "ID,…", value_delimiter = ',', hide_env = true)]
    pub(crate) check: Vec<String>,
    /// All but these checks
    #[arg(long, env = "FINOPS_SKIP_CHECK", value_name = "ID,…", value_delimiter = ',', hide_env = true)]
    pub(crate) skip_check: Vec<String>,
    /// Do not keep the report
    #[arg(long, env = "FINOPS_NO_SAVE", hide_env = true)]
    pub(crate) no_save: bool,
    /// Leave cost data out
    #[arg(long, env = "FINOPS_NO_COST_DATA", hide_env = true)]
    pub(crate) no_cost_data: bool,
    /// End with exit code 4 when the net savings a month are at least this much
    #[arg(long, env = "FINOPS_FAIL_ON_SAVINGS", value_name = "USD", hide_env = true)]
    pub(crate) fail_on_savings: Option<Decimal>,
    /// End with exit code 4 when findings that the baseline lacks save at least this much a month
    #[arg(long, env = "FINOPS_FAIL_ON_NEW_SAVINGS", value_name = "USD", requires = "baseline", hide_env = true)]
    pub(crate) fail_on_new_savings: Option<Decimal>,
    /// The report to compare with: its id, or a JSON file
    #[arg(long, env = "FINOPS_BASELINE", value_name = "REPORT", hide_env = true)]
    pub(crate) baseline: Option<String>,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct StoreArgs {
    /// Directory of saved reports [default: the platform's data directory]
    #[arg(long, env = "FINOPS_STORE", value_name = "DIR", hide_env = true)]
    pub(crate) store: Option<PathBuf>,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct FormatArgs {
    /// table, summary, json, csv, markdown, html or sarif [default: table]
    #[arg(long, env = "FINOPS_FORMAT", value_name = "FORMAT", hide_env = true)]
    pub(crate) format: Option<String>,
    /// Write to a file instead; the format follows from its extension unless given. Repeatable
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Vec<PathBuf>,
    /// How many rows the lists of a table show
    #[arg(long, env = "FINOPS_TOP", value_name = "N", default_value_t = 10, hide_env = true)]
    pub(crate) top: usize,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AnalyzeArgs {
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    /// Write the demonstration account's bill as a FOCUS CSV file and stop
    #[arg(long, value_name = "FILE")]
    pub(crate) export_bill: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CollectArgs {
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// The snapshot directory to write
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[cfg(feature = "aws")]
#[derive(Debug, ClapArgs)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) aws: crate::aws::AwsArgs,
    /// Leave cost data out
    #[arg(long)]
    pub(crate) no_cost_data: bool,
}

#[cfg(feature = "aws")]
#[derive(Debug, ClapArgs)]
pub(crate) struct IamPolicyArgs {
    #[command(flatten)]
    pub(crate) aws: crate::aws::AwsArgs,
    /// Leave cost data out
    #[arg(long)]
    pub(crate) no_cost_data: bool,
}

#[cfg(feature = "aws")]
#[derive(Debug, ClapArgs)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) aws: crate::aws::AwsArgs,
}

#[cfg(feature = "aws")]
#[derive(Debug, ClapArgs)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

#[cfg(feature = "aws")]
#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// Entries, hits, misses, what they saved
    Stats {
        /// As one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Remove every kept answer
    Clear,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct GetReportArgs {
    /// The report's id; `latest` for the newest
    #[arg(long, value_name = "ID")]
    pub(crate) report_id: String,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ListReportsArgs {
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DiffArgs {
    /// The earlier report: its id, or a JSON file
    pub(crate) a: String,
    /// The later one; `latest` for the newest
    pub(crate) b: String,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ConvertArgs {
    /// A report's id, or a JSON file
    pub(crate) report: String,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExplainArgs {
    /// The finding's id, or its first characters
    pub(crate) finding_id: String,
    /// The report that it is in: an id, a JSON file, or `latest`
    #[arg(long, value_name = "REPORT", default_value = "latest")]
    pub(crate) report: String,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ChecksArgs {
    #[command(subcommand)]
    pub(crate) command: ChecksCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChecksCommand {
    /// All checks
    List {
        /// Only those that look at this service code, as AmazonEC2
        #[arg(long, value_name = "CODE")]
        service: Option<String>,
        #[command(flatten)]
        format: FormatArgs,
    },
    /// Everything that there is to say of one check
    Show {
        /// The check's id, as ebs.gp2-volume
        id: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ServicesArgs {
    #[command(subcommand)]
    pub(crate) command: ServicesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ServicesCommand {
    /// All entries, or those that the filters leave
    List {
        /// Only entries whose id, name or other names contain this
        text: Option<String>,
        /// Only this category: its name or the beginning of it
        #[arg(long, value_name = "NAME")]
        category: Option<String>,
        /// Only services that stand so
        #[arg(long, value_name = "STATUS")]
        status: Option<StatusChoice>,
        /// Only entries of this kind
        #[arg(long, value_name = "KIND")]
        kind: Option<EntryChoice>,
        /// Only entries whose facts a person compared with AWS's documentation
        #[arg(long, conflicts_with = "generated")]
        checked: bool,
        /// Only entries that nobody checked yet
        #[arg(long)]
        generated: bool,
        #[command(flatten)]
        format: FormatArgs,
    },
    /// Everything known of a service
    Show {
        /// Its id or another name of it: ec2, KinesisDataStreams, "Amazon Simple Storage Service"
        id: String,
        #[command(flatten)]
        format: FormatArgs,
    },
    /// The categories, and how many entries each has
    Categories {
        #[command(flatten)]
        format: FormatArgs,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusChoice {
    Active,
    ClosedToNewCustomers,
    EndOfSupportAnnounced,
    Retired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EntryChoice {
    Service,
    Api,
    Feature,
    Software,
    Program,
    BillingCode,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CostsArgs {
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// What to show: service, category, account, region, charge-category, pricing-category, tag:KEY, day, month,
    /// movers, anomalies, forecast, commitments, allocation, reconciliation
    #[arg(long, value_name = "WHAT", default_value = "service")]
    pub(crate) by: String,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct QueryArgs {
    /// The SQL, or `.tables`, `.schema TABLE`, `.help`
    pub(crate) sql: String,
    #[command(flatten)]
    pub(crate) source: SourceArgs,
    /// A value for the next `?` of the SQL; repeatable, in order
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub(crate) param: Vec<String>,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    pub(crate) shell: clap_complete::Shell,
}
