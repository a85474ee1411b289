//! JSON functions over text, under the names that DuckDB and MySQL use: what FOCUS's JSON columns are read with.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanBuilder, Int64Builder, StringArray, StringBuilder};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use serde_json::Value;

/// A JSON function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum JsonFunction {
    /// The value at a path as JSON.
    Extract,
    /// The value at a path as text: a string without its quotes.
    ExtractText,
    /// The value of a member as text, its name taken literally: `Tags['$.odd.name']`.
    Member,
    /// A JSON string without its quotes.
    Unquote,
    /// Whether one or all of the paths exist.
    ContainsPath,
    /// Whether a path exists.
    Exists,
    /// How many elements an array or an object has.
    Length,
}

/// The function that `Tags['key']` becomes.
pub(crate) const MEMBER: &str = "json_member";

/// Every JSON function, under all of its names.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    let functions: [(&'static str, &[&str], JsonFunction); 7] = [
        ("json_extract", &["json_extract_path"], JsonFunction::Extract),
        (
            "json_extract_string",
            &["json_extract_path_text", "json_extract_text", "json_value", "json_get_str", "get_json_object"],
            JsonFunction::ExtractText,
        ),
        (MEMBER, &[], JsonFunction::Member),
        ("json_unquote", &[], JsonFunction::Unquote),
        ("json_contains_path", &[], JsonFunction::ContainsPath),
        ("json_exists", &["json_contains_key"], JsonFunction::Exists),
        ("json_array_length", &["json_length"], JsonFunction::Length),
    ];
    let udf = |(name, aliases, function): (&'static str, &[&str], JsonFunction)| {
        let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        ScalarUDF::from(JsonUdf { name, aliases, function, signature: Signature::variadic_any(Volatility::Immutable) })
    };
    functions.into_iter().map(udf).collect()
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct JsonUdf {
    name: &'static str,
    aliases: Vec<String>,
    function: JsonFunction,
    signature: Signature,
}

impl fmt::Debug for JsonUdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl ScalarUDFImpl for JsonUdf {
    fn name(&self) -> &str {
        self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> EngineResult<DataType> {
        let (least, most) = match self.function {
            JsonFunction::Extract | JsonFunction::ExtractText | JsonFunction::Exists => (2, usize::MAX),
            JsonFunction::Member => (2, 2),
            JsonFunction::Unquote => (1, 1),
            JsonFunction::ContainsPath => (3, usize::MAX),
            JsonFunction::Length => (1, 2),
        };
        if arguments.len() < least || arguments.len() > most {
            return Err(DataFusionError::Plan(format!("{} takes other arguments: {} were given", self.name, arguments.len())));
        }
        Ok(match self.function {
            JsonFunction::Extract | JsonFunction::ExtractText | JsonFunction::Member | JsonFunction::Unquote => DataType::Utf8,
            JsonFunction::ContainsPath | JsonFunction::Exists => DataType::Boolean,
            JsonFunction::Length => DataType::Int64,
        })
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> EngineResult<ColumnarValue> {
        let rows = arguments.number_rows;
        let columns = arguments.args.iter().map(|argument| -> EngineResult<StringArray> {
            let array = argument.to_array(rows)?;
            Ok(cast(&array, &DataType::Utf8)?.as_string::<i32>().clone())
        });
        let columns = columns.collect::<EngineResult<Vec<StringArray>>>()?;
        let scalars = arguments.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let array = self.evaluate(&columns, rows);
        if scalars && rows > 0 {
            Ok(ColumnarValue::Scalar(datafusion::scalar::ScalarValue::try_from_array(&array, 0)?))
        } else {
            Ok(ColumnarValue::Array(array))
        }
    }
}

impl JsonUdf {
    fn evaluate(&self, columns: &[StringArray], rows: usize) -> ArrayRef {
        let cell = |column: usize, row: usize| columns.get(column).filter(|values| !values.is_null(row)).map(|values| values.value(row));
        let document = |row: usize| cell(0, row).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let found = |row: usize| {
            let mut value = document(row)?;
            for path in 1..columns.len() {
                value = at_path(&value, cell(path, row)?)?.clone();
            }
            Some(value)
        };
        match self.function {
            JsonFunction::Extract => Arc::new((0..rows).map(|row| found(row).map(|value| value.to_string())).collect::<StringArray>()),
            JsonFunction::ExtractText => Arc::new((0..rows).map(|row| found(row).and_then(as_text)).collect::<StringArray>()),
            JsonFunction::Member => {
                let member = |row: usize| document(row)?.get(cell(1, row)?).cloned().and_then(as_text);
                Arc::new((0..rows).map(member).collect::<StringArray>())
            }
            JsonFunction::Unquote => {
                let mut builder = StringBuilder::new();
                for row in 0..rows {
                    builder.append_option(cell(0, row).map(|text| match serde_json::from_str::<Value>(text) {
                        Ok(Value::String(unquoted)) => unquoted,
                        _ => text.to_owned(),
                    }));
                }
                Arc::new(builder.finish())
            }
            JsonFunction::ContainsPath => {
                let mut builder = BooleanBuilder::new();
                for row in 0..rows {
                    let all = cell(1, row).is_some_and(|mode| mode.eq_ignore_ascii_case("all"));
                    builder.append_option(document(row).map(|document| {
                        let mut paths =
                            (2..columns.len()).map(|path| cell(path, row).is_some_and(|path| at_path(&document, path).is_some()));
                        if all { paths.all(|exists| exists) } else { paths.any(|exists| exists) }
                    }));
                }
                Arc::new(builder.finish())
            }
            JsonFunction::Exists => {
                let mut builder = BooleanBuilder::new();
                for row in 0..rows {
                    builder.append_option(cell(0, row).map(|_| found(row).is_some()));
                }
                Arc::new(builder.finish())
            }
            JsonFunction::Length => {
                let mut builder = Int64Builder::new();
                for row in 0..rows {
                    builder.append_option(found(row).and_then(|value| match value {
                        Value::Array(items) => i64::try_from(items.len()).ok(),
                        Value::Object(members) => i64::try_from(members.len()).ok(),
                        _ => None,
                    }));
                }
                Arc::new(builder.finish())
            }
        }
    }
}

fn as_text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The value at `$.a.b`, `$."a b"[0]`, `/a/b`, or simply at a key.
fn at_path<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.starts_with('/') {
        return value.pointer(path);
    }
    let Some(mut rest) = path.strip_prefix('$') else { return step(value, path) };
    let mut value = value;
    while !rest.is_empty() {
        let key;
        if let Some(after) = rest.strip_prefix('.') {
            (key, rest) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => after.split_at(after.find(['.', '[']).unwrap_or(after.len())),
            };
        } else {
            (key, rest) = rest.strip_prefix('[')?.split_once(']')?;
        }
        value = step(value, key.trim_matches(['"', '\'']))?;
    }
    Some(value)
}

fn step<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(key),
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_reach_keys_with_any_letters_and_elements() {
        let document: Value = serde_json::from_str(r#"{"a":{"b c":[1,{"d":"x"}]},"aws:createdBy":"me"}"#).unwrap();
        assert_eq!(at_path(&document, r#"$.a."b c"[1].d"#), Some(&Value::from("x")));
        assert_eq!(at_path(&document, "/a/b c/0"), Some(&Value::from(1)));
        assert_eq!(at_path(&document, "aws:createdBy"), Some(&Value::from("me")));
        assert_eq!(at_path(&document, "$"), Some(&document));
        assert_eq!(at_path(&document, "$.a.missing"), None);
        assert_eq!(at_path(&document, "$.a[0"), None);
    }
}
