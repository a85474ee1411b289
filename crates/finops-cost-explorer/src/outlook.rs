//! What Cost Explorer expects to come, and what it found unusual.

use std::sync::Arc;

use aws_sdk_costexplorer::types::{Anomaly, AnomalyDateInterval, ForecastResult, Granularity, Metric, RootCause};
use finops_aws::error::port_error;
use finops_aws::operations::cost_explorer::{GET_ANOMALIES, GET_COST_FORECAST};
use finops_aws::pages::for_each_page;
use finops_domain::advice::{AdviceSource, AnomalyCause, NativeAnomaly, NativeForecast};
use finops_domain::money::Money;
use finops_domain::period::Month;
use finops_domain::ports::PortResult;
use rust_decimal::Decimal;

use crate::commitments::{currency, number};
use crate::request::Days;
use crate::row::{instant_of, period_of};
use crate::source::CostExplorerSource;

/// The prediction interval's level, as that of our own forecast.
const LEVEL_PERCENT: u8 = 80;
/// Days that Cost Anomaly Detection looks back.
/// Source: <https://docs.aws.amazon.com/cost-management/latest/userguide/view-anomalies.html>; unconfirmed.
const ANOMALY_DAYS: i64 = 90;
/// The most anomalies of a page.
const ANOMALY_PAGE: i32 = 100;

impl CostExplorerSource {
    /// The amortised cost that is expected for the rest of this month, and for as many months after it. One request.
    ///
    /// # Errors
    /// `NotEnabled` where there is too little history, else where it cannot be read.
    pub async fn forecast(&self, months_after: u8) -> PortResult<Vec<NativeForecast>> {
        let (client, place) = self.client().await;
        let last = (0..months_after).fold(Month::of(self.options.today()), |month, _| month.next());
        let days = Days { start: self.options.today(), end: last.next().first_day() };
        let answer = client
            .get_cost_forecast()
            .set_time_period(days.interval())
            .granularity(Granularity::Monthly)
            .metric(Metric::AmortizedCost)
            .prediction_interval_level(i32::from(LEVEL_PERCENT))
            .send()
            .await
            .map_err(|error| port_error(&GET_COST_FORECAST, &place, error))?;
        let currency = answer.total().and_then(|total| total.unit()).unwrap_or_else(|| currency(&place));
        Ok(answer.forecast_results_by_time().iter().filter_map(|result| forecast(result, currency)).collect())
    }

    /// What Cost Anomaly Detection found in the last 90 days, sorted by its start. One request for each hundred.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn anomalies(&self) -> PortResult<Vec<NativeAnomaly>> {
        let (client, place) = self.client().await;
        let Days { start, end } = self.options.days_back(ANOMALY_DAYS);
        let interval = AnomalyDateInterval::builder().start_date(start.to_string()).end_date(end.to_string()).build().ok();
        let pages = client.get_anomalies().set_date_interval(interval).max_results(ANOMALY_PAGE).into_paginator().send();
        let mut anomalies = Vec::new();
        for_each_page(&GET_ANOMALIES, &place, pages, |page| {
            anomalies.extend(page.anomalies().iter().filter_map(|found| anomaly(found, currency(&place))));
        })
        .await?;
        anomalies.sort_by(|a, b| (a.start, &a.anomaly_id).cmp(&(b.start, &b.anomaly_id)));
        Ok(anomalies)
    }
}

/// `None` for a result without a mean.
fn forecast(result: &ForecastResult, currency: &str) -> Option<NativeForecast> {
    let money = |text| number(text).map(|amount| Money::new(amount, currency));
    Some(NativeForecast {
        source: AdviceSource::CostExplorer,
        period: period_of(result.time_period()?).ok()?,
        expected: money(result.mean_value())?,
        low: money(result.prediction_interval_lower_bound()),
        high: money(result.prediction_interval_upper_bound()),
        level_percent: LEVEL_PERCENT,
    })
}

/// `None` for one without an impact.
fn anomaly(anomaly: &Anomaly, currency: &str) -> Option<NativeAnomaly> {
    let money = |amount: f64| float(amount).map(|amount| Money::new(amount, currency));
    let impact = anomaly.impact()?;
    let mut causes: Vec<AnomalyCause> = anomaly.root_causes().iter().map(|root| cause(root, currency)).collect();
    causes.sort_by(|a, b| b.contribution.cmp(&a.contribution));
    Some(NativeAnomaly {
        source: AdviceSource::CostExplorer,
        anomaly_id: anomaly.anomaly_id().into(),
        start: anomaly.anomaly_start_date().and_then(instant_of),
        end: anomaly.anomaly_end_date().and_then(instant_of),
        impact: money(impact.total_impact())?,
        actual: impact.total_actual_spend().and_then(money),
        expected: impact.total_expected_spend().and_then(money),
        causes,
    })
}

fn cause(root: &RootCause, currency: &str) -> AnomalyCause {
    let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(Arc::<str>::from);
    let contribution = root.impact().and_then(|impact| float(impact.contribution()));
    AnomalyCause {
        sub_account_id: text(root.linked_account()).map(Into::into),
        region_id: text(root.region()).map(Into::into),
        service_name: text(root.service()).map(Into::into),
        usage_type: text(root.usage_type()),
        contribution: contribution.map(|amount| Money::new(amount, currency)),
    }
}

/// Cost Explorer writes these amounts as floats; what they mean is their shortest decimal.
fn float(amount: f64) -> Option<Decimal> {
    amount.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_costexplorer::types::{Impact, RootCauseImpact};

    #[test]
    fn an_anomaly_keeps_its_amounts_and_orders_its_causes() {
        let root = |service: &str, contribution| {
            RootCause::builder().service(service).impact(RootCauseImpact::builder().contribution(contribution).build()).build()
        };
        let found = Anomaly::builder()
            .anomaly_id("a-1")
            .monitor_arn("arn")
            .anomaly_start_date("2026-11-12T00:00:00Z")
            .impact(Impact::builder().max_impact(0.9).total_impact(10.8).total_expected_spend(0.2).build())
            .root_causes(root("small", 0.3))
            .root_causes(root("large", 10.5))
            .anomaly_score(aws_sdk_costexplorer::types::AnomalyScore::builder().max_score(0.8).current_score(0.7).build())
            .build()
            .unwrap();
        let found = anomaly(&found, "USD").unwrap();
        assert_eq!(found.impact, Money::new(Decimal::new(108, 1), "USD"));
        assert_eq!(found.actual, None);
        assert_eq!(found.causes.first().and_then(|cause| cause.service_name.clone()), Some("large".into()));
    }
}
