//! What Cost Explorer is asked: always in the same words, since an answer is kept under the whole request.

use aws_sdk_costexplorer::types::{
    DateInterval, Dimension, DimensionValues, Expression, Granularity, GroupDefinition, GroupDefinitionType,
};
use jiff::civil::Date;

/// Days from the first to before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) start: Date,
    pub(crate) end: Date,
}

impl Days {
    /// As Cost Explorer writes them; `None` never, since both ends are given.
    pub(crate) fn interval(self) -> Option<DateInterval> {
        DateInterval::builder().start(self.start.to_string()).end(self.end.to_string()).build().ok()
    }
}

/// One question to `GetCostAndUsage`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CostQuestion {
    pub(crate) days: Days,
    pub(crate) granularity: Granularity,
    pub(crate) group_by: [GroupBy; 2],
    /// All of these hold.
    pub(crate) filter: Vec<Condition>,
    pub(crate) metrics: &'static [&'static str],
}

/// What is grouped by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupBy {
    /// A dimension.
    Dimension(Dimension),
    /// A cost allocation tag; its groups are called `key$value`.
    Tag(String),
}

impl From<Dimension> for GroupBy {
    fn from(dimension: Dimension) -> Self {
        Self::Dimension(dimension)
    }
}

/// What a charge has to fulfil to be counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Is(Dimension, String),
    IsNoneOf(Dimension, &'static [&'static str]),
}

impl CostQuestion {
    pub(crate) fn group_definitions(&self) -> Vec<GroupDefinition> {
        let definition = |group: &GroupBy| {
            let (kind, key) = match group {
                GroupBy::Dimension(dimension) => (GroupDefinitionType::Dimension, dimension.as_str()),
                GroupBy::Tag(key) => (GroupDefinitionType::Tag, key.as_str()),
            };
            GroupDefinition::builder().r#type(kind).key(key).build()
        };
        self.group_by.iter().map(definition).collect()
    }

    pub(crate) fn expression(&self) -> Option<Expression> {
        let mut parts: Vec<Expression> = self.filter.iter().map(Condition::expression).collect();
        // `And` wants two operands at least.
        if parts.len() > 1 { Some(Expression::builder().set_and(Some(parts)).build()) } else { parts.pop() }
    }
}

impl Condition {
    fn expression(&self) -> Expression {
        let one_of = |key: &Dimension, values: Vec<String>| {
            let values = DimensionValues::builder().key(key.clone()).set_values(Some(values)).build();
            Expression::builder().dimensions(values).build()
        };
        match self {
            Self::Is(key, value) => one_of(key, vec![value.clone()]),
            Self::IsNoneOf(key, values) => {
                let values = values.iter().map(|value| (*value).to_owned()).collect();
                Expression::builder().not(one_of(key, values)).build()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn one_condition_stands_alone_and_several_hold_together() {
        let question = |filter: Vec<Condition>| CostQuestion {
            days: Days { start: date(2026, 11, 1), end: date(2026, 11, 24) },
            granularity: Granularity::Daily,
            group_by: [Dimension::Service.into(), GroupBy::Tag("team".to_owned())],
            filter,
            metrics: &[],
        };
        assert_eq!(question(Vec::new()).expression(), None);
        let account = Condition::Is(Dimension::LinkedAccount, "111111111111".to_owned());
        let alone = question(vec![account.clone()]).expression().unwrap();
        assert!(alone.and.is_none() && alone.dimensions.is_some());
        let both = question(vec![account, Condition::IsNoneOf(Dimension::RecordType, &["Usage"])]);
        assert_eq!(both.expression().unwrap().and().len(), 2);
        assert_eq!(both.group_definitions().iter().map(|group| group.key().unwrap()).collect::<Vec<_>>(), ["SERVICE", "team"]);
        assert_eq!(both.days.interval().unwrap().start(), "2026-11-01");
    }
}
