//! What to buy, where Cost Optimization Hub recommends a purchase: its list says only how much that saves.

use std::cmp::Reverse;

use aws_sdk_costoptimizationhub::types::ResourceDetails;
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::costoptimizationhub::GET_RECOMMENDATION;
use finops_aws::place::Place;
use finops_domain::advice::{AdviceSort, NativeAdvice};
use futures::{StreamExt, stream};

use crate::collect::Heard;

/// Purchases that are asked about, those that save most.
const MOST: usize = 20;

/// Questions that are asked at the same time.
const CONCURRENT: usize = 4;

/// Says in `recommended` what each purchase is: term, payment, and commitment or count.
pub(crate) async fn describe(place: &Place, heard: &mut Heard) {
    let savings = |advice: &NativeAdvice| advice.monthly_savings.as_ref().or(advice.monthly_savings_before_discounts.as_ref()).cloned();
    let mut purchases: Vec<&mut NativeAdvice> =
        heard.advice.iter_mut().filter(|advice| advice.action.sort() == AdviceSort::Commit).collect();
    purchases.sort_by_cached_key(|advice| (Reverse(savings(advice)), advice.advice_id.clone()));
    purchases.truncate(MOST);
    let client = client!(aws_sdk_costoptimizationhub, place);
    let asked: Vec<_> = purchases.iter().map(|advice| client.get_recommendation().recommendation_id(&*advice.advice_id).send()).collect();
    let mut answers = stream::iter(asked).buffered(CONCURRENT);
    let mut failed = None;
    for advice in purchases {
        match answers.next().await {
            Some(Ok(answer)) => {
                if let Some(what) = answer.recommended_resource_details().and_then(what_to_buy) {
                    advice.recommended = Some(what.into());
                }
            }
            // One that is refused or throttled is not worth waiting for the others: the list has what matters.
            Some(Err(error)) => {
                failed = Some(error);
                break;
            }
            None => break,
        }
    }
    drop(answers);
    if let Some(error) = failed {
        heard.fail(&port_error(&GET_RECOMMENDATION, place, error));
    }
}

/// `OneYear, NoUpfront, 0.21 an hour`; `None` for what is no purchase.
fn what_to_buy(details: &ResourceDetails) -> Option<String> {
    macro_rules! plan {
        ($details:expr) => {{
            let plan = $details.configuration()?;
            let commitment = plan.hourly_commitment().map(|commitment| format!("{commitment} an hour"));
            words([plan.term().map(str::to_owned), plan.payment_option().map(str::to_owned), commitment])
        }};
    }
    macro_rules! reservation {
        ($details:expr, $count:ident, $what:ident) => {{
            let reservation = $details.configuration()?;
            let count = [reservation.$count(), reservation.$what()].into_iter().flatten().collect::<Vec<_>>().join(" × ");
            let count = Some(count).filter(|count| !count.is_empty());
            words([reservation.term().map(str::to_owned), reservation.payment_option().map(str::to_owned), count])
        }};
    }
    use ResourceDetails as D;
    match details {
        D::ComputeSavingsPlans(details) => plan!(details),
        D::Ec2InstanceSavingsPlans(details) => plan!(details),
        D::SageMakerSavingsPlans(details) => plan!(details),
        D::Ec2ReservedInstances(details) => reservation!(details, number_of_instances_to_purchase, instance_type),
        D::RdsReservedInstances(details) => reservation!(details, number_of_instances_to_purchase, instance_type),
        D::OpenSearchReservedInstances(details) => reservation!(details, number_of_instances_to_purchase, instance_type),
        D::RedshiftReservedInstances(details) => reservation!(details, number_of_instances_to_purchase, instance_type),
        D::ElastiCacheReservedInstances(details) => reservation!(details, number_of_instances_to_purchase, instance_type),
        D::MemoryDbReservedInstances(details) => reservation!(details, number_of_instances_to_purchase, instance_type),
        D::DynamoDbReservedCapacity(details) => reservation!(details, number_of_capacity_units_to_purchase, capacity_units),
        _ => None,
    }
}

fn words(words: [Option<String>; 3]) -> Option<String> {
    let words: Vec<String> = words.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use aws_sdk_costoptimizationhub::types::{
        ComputeSavingsPlans, ComputeSavingsPlansConfiguration, Ec2ReservedInstances, Ec2ReservedInstancesConfiguration, NatGateway,
    };

    use super::*;

    #[test]
    fn a_purchase_says_what_to_buy() {
        let plan =
            ComputeSavingsPlansConfiguration::builder().term("OneYear").payment_option("NoUpfront").hourly_commitment("0.21").build();
        let plan = ResourceDetails::ComputeSavingsPlans(ComputeSavingsPlans::builder().configuration(plan).build());
        assert_eq!(what_to_buy(&plan).as_deref(), Some("OneYear, NoUpfront, 0.21 an hour"));
        let reservation =
            Ec2ReservedInstancesConfiguration::builder().term("ThreeYears").number_of_instances_to_purchase("3").instance_type("m5.large");
        let reservation = ResourceDetails::Ec2ReservedInstances(Ec2ReservedInstances::builder().configuration(reservation.build()).build());
        assert_eq!(what_to_buy(&reservation).as_deref(), Some("ThreeYears, 3 × m5.large"));
        assert_eq!(what_to_buy(&ResourceDetails::NatGateway(NatGateway::builder().build())), None);
    }
}
