//! What can go wrong with a query, in sentences for the person who wrote it.

use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;

/// Why a query, or a table for queries, was refused or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// A file or directory that cannot be read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file, as it was found.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file that is no FOCUS bill.
    #[error("{path} is not a FOCUS bill: {reason}")]
    NotFocus {
        /// The file, as it was found.
        path: String,
        /// What it is, or lacks.
        reason: String,
    },
    /// Text that is no SQL.
    #[error("the query is not valid SQL: {0}")]
    Syntax(String),
    /// A statement that would change or reach something.
    #[error("only SELECT, WITH, EXPLAIN, SHOW TABLES and DESCRIBE are accepted, queries never change or write anything; this is {0}")]
    ReadOnly(String),
    /// The number of `?` and the number of parameters differ.
    #[error("the query has {expected} `?`, but {given} parameters were given")]
    Parameters {
        /// How many `?` the query has.
        expected: usize,
        /// How many parameters were given.
        given: usize,
    },
    /// A parameter that does not fit where its `?` stands.
    #[error("parameter {position} is `{value}`, but its `?` needs {needs}")]
    Parameter {
        /// Which, counted from 1.
        position: usize,
        /// Its value.
        value: String,
        /// What is needed.
        needs: &'static str,
    },
    /// A name that no table has.
    #[error("there is no table `{name}`; the tables are {}", .tables.join(", "))]
    UnknownTable {
        /// The name.
        name: String,
        /// What there is.
        tables: Vec<String>,
    },
    /// A name that no column has.
    #[error("there is no column `{name}`; {}", columns_hint(.similar, .columns))]
    UnknownColumn {
        /// The name.
        name: String,
        /// Columns with names like it, best first.
        similar: Vec<String>,
        /// All columns that the place knows.
        columns: Vec<String>,
    },
    /// Anything else that the engine found wrong while planning or running.
    #[error("the query failed: {0}")]
    Failed(String),
}

fn columns_hint(similar: &[String], columns: &[String]) -> String {
    if similar.is_empty() { format!("the columns are {}", columns.join(", ")) } else { format!("did you mean {}?", similar.join(" or ")) }
}

/// Turns an error of the engine into ours; `spelling` gives a column's name as FOCUS writes it.
pub(crate) fn from_engine(error: &DataFusionError, spelling: impl Fn(&str) -> String) -> QueryError {
    match error.find_root() {
        DataFusionError::SchemaError(schema_error, _) => match schema_error.as_ref() {
            SchemaError::FieldNotFound { field, valid_fields } => {
                let name = spelling(field.name());
                let mut columns: Vec<String> = Vec::new();
                for column in valid_fields {
                    let column = spelling(column.name());
                    if !columns.contains(&column) {
                        columns.push(column);
                    }
                }
                QueryError::UnknownColumn { similar: similar(&name, &columns), name, columns }
            }
            other => QueryError::Failed(other.to_string()),
        },
        DataFusionError::SQL(parser_error, _) => QueryError::Syntax(parser_error.to_string()),
        DataFusionError::ResourcesExhausted(message) => QueryError::Failed(format!("it needs more memory than it may use: {message}")),
        DataFusionError::External(source) => QueryError::Failed(source.to_string()),
        other => QueryError::Failed(other.strip_backtrace()),
    }
}

/// The names most like `name`: at most three, at most a third of its letters apart.
fn similar(name: &str, columns: &[String]) -> Vec<String> {
    let wanted = name.to_lowercase();
    let mut found: Vec<(usize, &String)> = columns
        .iter()
        .map(|column| {
            let column_lower = column.to_lowercase();
            let distance = edit_distance(&wanted, &column_lower);
            let contained =
                wanted.len() >= 4 && column_lower.len() >= 4 && (column_lower.contains(&wanted) || wanted.contains(&column_lower));
            (if contained { distance.min(2) } else { distance }, column)
        })
        .filter(|(distance, _)| *distance <= (wanted.chars().count() / 3).max(2))
        .collect();
    found.sort();
    found.into_iter().take(3).map(|(_, column)| column.clone()).collect()
}

fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, left_char) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for ((right_char, window), column) in right.iter().zip(previous.windows(2)).zip(1..) {
            let (diagonal, above) = match window {
                [diagonal, above] => (*diagonal, *above),
                _ => continue,
            };
            let beside = current.get(column - 1).copied().unwrap_or(usize::MAX - 1);
            current.push((diagonal + usize::from(left_char != *right_char)).min(above + 1).min(beside + 1));
        }
        previous = current;
    }
    previous.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_column_gets_its_neighbours() {
        let columns = ["BilledCost", "BillingCurrency", "ListCost"].map(str::to_owned);
        assert_eq!(similar("BiledCost", &columns), ["BilledCost"]);
        assert_eq!(similar("zzz", &columns), Vec::<String>::new());
    }
}
