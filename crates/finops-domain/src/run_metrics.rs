//! What a run says of itself, as metrics: their names, units and dimensions.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::id::RegionId;
use crate::ports::PortErrorKind;
use crate::savings::SavingsTotals;

/// The namespace of all of them.
pub const NAMESPACE: &str = "FinOpsAnalyzer";

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct RunMetrics {
    /// When it ended; the time of every metric.
    pub finished_at: Timestamp,
    /// How long it took.
    pub analysis_duration: Duration,
    /// Resources that were looked at.
    pub resources_analyzed: u64,
    /// Recommendations of its report.
    pub recommendations_generated: u64,
    /// Savings of its report, one for each currency.
    pub savings: Vec<SavingsTotals>,
    /// What could not be read, by what went wrong and where; `None` for what has no region.
    pub errors: BTreeMap<(ErrorType, Option<RegionId>), u64>,
    /// API requests that were sent, retries among them.
    pub api_calls: u64,
    /// Requests that a cache answered instead.
    pub api_calls_cached: u64,
    /// What the sent ones cost, USD.
    pub api_cost_usd: Decimal,
    /// What part of the scope was looked at completely, 0 to 1; `None` where there was none.
    pub coverage_ratio: Option<f64>,
}

/// The type of an error, as a dimension names it: few words that stay the same over versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorType {
    /// No permission, or refused.
    Denied,
    /// Told to slow down until time was up.
    Throttled,
    /// Not switched on.
    NotEnabled,
    /// No answer in time.
    TimedOut,
    /// Anything else.
    Failed,
}

impl ErrorType {
    /// As a dimension has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "Denied",
            Self::Throttled => "Throttled",
            Self::NotEnabled => "NotEnabled",
            Self::TimedOut => "TimedOut",
            Self::Failed => "Failed",
        }
    }
}

impl From<PortErrorKind> for ErrorType {
    fn from(kind: PortErrorKind) -> Self {
        match kind {
            PortErrorKind::Denied | PortErrorKind::Refused => Self::Denied,
            PortErrorKind::Throttled => Self::Throttled,
            PortErrorKind::NotEnabled => Self::NotEnabled,
            PortErrorKind::TimedOut => Self::TimedOut,
            PortErrorKind::NotFound | PortErrorKind::InvalidRequest | PortErrorKind::Unavailable | PortErrorKind::Corrupt => Self::Failed,
        }
    }
}

/// The unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricUnit {
    /// Seconds.
    Seconds,
    /// How many.
    Count,
    /// A share, 0 to 1.
    Ratio,
    /// An amount of money; its dimension `Currency` says of which.
    Money,
}

/// One value of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricPoint {
    /// Its name: `AnalysisDuration`.
    pub name: &'static str,
    /// Its unit.
    pub unit: MetricUnit,
    /// Its value.
    pub value: f64,
    /// Dimensions, names and values.
    pub dimensions: Vec<(&'static str, String)>,
}

impl RunMetrics {
    /// Every metric of the run, in a fixed order. What is not known is left out, never zero.
    pub fn points(&self) -> Vec<MetricPoint> {
        let plain = |name, unit, value| MetricPoint { name, unit, value, dimensions: Vec::new() };
        let count = |name, value: u64| plain(name, MetricUnit::Count, value as f64);
        let money = |name, amount: Decimal, currency: &str| MetricPoint {
            name,
            unit: MetricUnit::Money,
            value: amount.to_f64().unwrap_or(f64::NAN),
            dimensions: vec![("Currency", currency.to_owned())],
        };
        let mut points = vec![
            plain("AnalysisDuration", MetricUnit::Seconds, self.analysis_duration.as_secs_f64()),
            count("ResourcesAnalyzed", self.resources_analyzed),
            count("RecommendationsGenerated", self.recommendations_generated),
        ];
        for savings in &self.savings {
            points.push(money("MonthlySavings", savings.net_monthly, savings.currency.as_str()));
            points.push(money("AnnualSavings", savings.net_annual, savings.currency.as_str()));
        }
        // Of all errors first, so that an alarm needs to know no type, and is zero after a run without any.
        points.push(count("Errors", self.errors.values().sum()));
        for ((error_type, region), number) in &self.errors {
            let region = region.as_ref().map_or_else(|| "global".to_owned(), ToString::to_string);
            let dimensions = vec![("ErrorType", error_type.as_str().to_owned()), ("Region", region)];
            points.push(MetricPoint { dimensions, ..count("Errors", *number) });
        }
        points.push(count("ApiCalls", self.api_calls));
        points.push(money("ApiCost", self.api_cost_usd, "USD"));
        points.extend(self.cache_hit_ratio().map(|ratio| plain("CacheHitRatio", MetricUnit::Ratio, ratio)));
        points.extend(self.coverage_ratio.map(|ratio| plain("CoverageRatio", MetricUnit::Ratio, ratio)));
        points.retain(|point| point.value.is_finite());
        points
    }

    /// What part of the requests a cache answered; `None` where there were none.
    fn cache_hit_ratio(&self) -> Option<f64> {
        let all = self.api_calls + self.api_calls_cached;
        (all > 0).then(|| self.api_calls_cached as f64 / all as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet() -> RunMetrics {
        RunMetrics {
            finished_at: Timestamp::UNIX_EPOCH,
            analysis_duration: Duration::from_millis(1_500),
            resources_analyzed: 7,
            recommendations_generated: 2,
            savings: Vec::new(),
            errors: BTreeMap::new(),
            api_calls: 0,
            api_calls_cached: 0,
            api_cost_usd: Decimal::ZERO,
            coverage_ratio: None,
        }
    }

    fn values(metrics: &RunMetrics, name: &str) -> Vec<f64> {
        metrics.points().into_iter().filter(|point| point.name == name).map(|point| point.value).collect()
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let names: Vec<&str> = quiet().points().into_iter().map(|point| point.name).collect();
        let expected = ["AnalysisDuration", "ResourcesAnalyzed", "RecommendationsGenerated", "Errors", "ApiCalls", "ApiCost"];
        assert_eq!(names, expected);
        assert_eq!(values(&quiet(), "AnalysisDuration"), [1.5]);
        assert_eq!(values(&quiet(), "Errors"), [0.0]);
    }

    #[test]
    fn errors_are_counted_together_and_by_type_and_region() {
        let mut metrics = quiet();
        metrics.errors.insert((ErrorType::Denied, Some("eu-west-1".into())), 2);
        metrics.errors.insert((PortErrorKind::Corrupt.into(), None), 1);
        assert_eq!(values(&metrics, "Errors"), [3.0, 2.0, 1.0]);
        let last = metrics.points().into_iter().rfind(|point| point.name == "Errors").unwrap();
        assert_eq!(last.dimensions, [("ErrorType", "Failed".to_owned()), ("Region", "global".to_owned())]);
    }

    #[test]
    fn ratios_and_money_of_each_currency() {
        let mut metrics = quiet();
        metrics.api_calls = 1;
        metrics.api_calls_cached = 3;
        metrics.api_cost_usd = Decimal::new(2, 2);
        metrics.coverage_ratio = Some(0.5);
        let ten = Decimal::from(10);
        let totals = |currency: &str| SavingsTotals {
            gross_monthly: ten,
            net_monthly: ten,
            net_annual: Decimal::from(120),
            measured: ten,
            estimated: Decimal::ZERO,
            currency: currency.into(),
        };
        metrics.savings = vec![totals("EUR"), totals("USD")];
        assert_eq!(values(&metrics, "CacheHitRatio"), [0.75]);
        assert_eq!(values(&metrics, "CoverageRatio"), [0.5]);
        assert_eq!(values(&metrics, "ApiCost"), [0.02]);
        assert_eq!(values(&metrics, "AnnualSavings"), [120.0, 120.0]);
    }
}
