//! What SQL means here where the engine would mean something else: DuckDB's division, text compared with times and
//! numbers, members of JSON columns.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr, RawFieldAccessExpr};
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, GetFieldAccess, Operator, ScalarUDF, cast, lit};
use datafusion::scalar::ScalarValue;
use datafusion::sql::sqlparser::ast::BinaryOperator;

use crate::values::{PRECISION, SCALE, decimal_text, parse_decimal, parse_timestamp};
use crate::{functions, json};

/// Plans those expressions.
#[derive(Debug)]
pub(crate) struct Semantics {
    functions: Vec<Arc<ScalarUDF>>,
}

impl Semantics {
    pub(crate) fn new(functions: &[ScalarUDF]) -> Self {
        Self { functions: functions.iter().cloned().map(Arc::new).collect() }
    }

    fn call(&self, name: &str, arguments: Vec<Expr>) -> EngineResult<Expr> {
        let function = self.functions.iter().find(|function| function.name() == name);
        let function = function.ok_or_else(|| DataFusionError::Plan(format!("there is no function {name}")))?;
        Ok(function.call(arguments))
    }
}

fn binary(left: Expr, op: Operator, right: Expr) -> Expr {
    Expr::BinaryExpr(BinaryExpr::new(Box::new(left), op, Box::new(right)))
}

fn literal_text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(ScalarValue::Utf8(Some(text)) | ScalarValue::Utf8View(Some(text)), _) => Some(text),
        _ => None,
    }
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn is_decimal(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Decimal128(..))
}

/// A literal as the type that it is compared with.
fn literal_as(text: &str, wanted: &DataType) -> EngineResult<Option<Expr>> {
    let unfit = |needed: &str| DataFusionError::Plan(format!("`{text}` is compared with {needed}, but is none"));
    match wanted {
        DataType::Timestamp(..) => {
            let micros = parse_timestamp(text).ok_or_else(|| unfit("a date and time"))?;
            Ok(Some(lit(ScalarValue::TimestampMicrosecond(Some(micros), None))))
        }
        wanted if wanted.is_numeric() => {
            let units = parse_decimal(text.trim()).ok_or_else(|| unfit("a number"))?;
            let whole = decimal_text(units, SCALE).parse::<i64>().ok();
            Ok(Some(match whole {
                Some(whole) if !is_decimal(wanted) => lit(whole),
                _ => lit(ScalarValue::Decimal128(Some(units), PRECISION, SCALE)),
            }))
        }
        _ => Ok(None),
    }
}

/// A number's literal as text, to be compared with text: `SubAccountId = 123456789012`.
fn number_as_text(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::Literal(ScalarValue::Int64(Some(number)), _) => Some(lit(number.to_string())),
        Expr::Literal(ScalarValue::UInt64(Some(number)), _) => Some(lit(number.to_string())),
        _ => None,
    }
}

impl ExprPlanner for Semantics {
    fn plan_binary_op(&self, expr: RawBinaryExpr, schema: &DFSchema) -> EngineResult<PlannerResult<RawBinaryExpr>> {
        // A column that does not exist is reported by the engine, in the same words for every expression.
        let (Ok(left_type), Ok(right_type)) = (expr.left.get_type(schema), expr.right.get_type(schema)) else {
            return Ok(PlannerResult::Original(expr));
        };
        let numeric = left_type.is_numeric() && right_type.is_numeric();
        let RawBinaryExpr { op, left, right } = expr;
        let comparison = match op {
            BinaryOperator::Eq => Some(Operator::Eq),
            BinaryOperator::NotEq => Some(Operator::NotEq),
            BinaryOperator::Lt => Some(Operator::Lt),
            BinaryOperator::LtEq => Some(Operator::LtEq),
            BinaryOperator::Gt => Some(Operator::Gt),
            BinaryOperator::GtEq => Some(Operator::GtEq),
            _ => None,
        };
        if let Some(comparison) = comparison {
            let new_right = match literal_text(&right) {
                Some(text) => literal_as(text, &left_type)?,
                None if is_text(&left_type) => number_as_text(&right),
                None => None,
            };
            if let Some(right) = new_right {
                return Ok(PlannerResult::Planned(binary(left, comparison, right)));
            }
            let new_left = match literal_text(&left) {
                Some(text) => literal_as(text, &right_type)?,
                None if is_text(&right_type) => number_as_text(&left),
                None => None,
            };
            if let Some(left) = new_left {
                return Ok(PlannerResult::Planned(binary(left, comparison, right)));
            }
        }
        let planned = match op {
            BinaryOperator::Divide if numeric => binary(cast(left, DataType::Float64), Operator::Divide, cast(right, DataType::Float64)),
            BinaryOperator::DuckIntegerDivide if left_type.is_integer() && right_type.is_integer() => binary(left, Operator::Divide, right),
            BinaryOperator::Multiply if is_decimal(&left_type) && is_decimal(&right_type) => {
                self.call(functions::MULTIPLY, vec![left, right])?
            }
            BinaryOperator::Arrow if is_text(&left_type) => self.call("json_extract", vec![left, right])?,
            BinaryOperator::LongArrow if is_text(&left_type) => self.call("json_extract_string", vec![left, right])?,
            op => return Ok(PlannerResult::Original(RawBinaryExpr { op, left, right })),
        };
        Ok(PlannerResult::Planned(planned))
    }

    fn plan_field_access(&self, expr: RawFieldAccessExpr, schema: &DFSchema) -> EngineResult<PlannerResult<RawFieldAccessExpr>> {
        match &expr.field_access {
            GetFieldAccess::NamedStructField { name } if expr.expr.get_type(schema).is_ok_and(|own| is_text(&own)) => {
                let key = lit(name.clone());
                Ok(PlannerResult::Planned(self.call(json::MEMBER, vec![expr.expr, key])?))
            }
            _ => Ok(PlannerResult::Original(expr)),
        }
    }
}
