//! The text of a query, made ready for the engine: parameters put in, names in lower case, and dialects evened out.
//!
//! Work is done on tokens as far as it can be, since they are what all dialects share; then on the syntax tree.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident, Interval,
    ObjectName, ObjectNamePart, Query, SelectItem, SetExpr, Statement, UnaryOperator, Value, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserOptions};
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer, Word};

use crate::error::QueryError;
use crate::result::ParamValue;

/// A query, ready to plan.
#[derive(Debug)]
pub(crate) enum Prepared {
    /// Anything that gives rows.
    Rows {
        /// What to plan.
        statement: Box<Statement>,
        /// Names of the result's columns as the query writes them; `None` for one that `*` or the engine names.
        names: Vec<Option<String>>,
    },
    /// `SHOW TABLES`.
    ShowTables,
    /// `DESCRIBE table`.
    Describe(String),
}

/// Reads a query, puts the parameters in, and refuses what is no question.
pub(crate) fn prepare(sql: &str, params: &[ParamValue]) -> Result<Prepared, QueryError> {
    let dialect = GenericDialect {};
    let syntax = |error: String| QueryError::Syntax(error);
    let tokens = Tokenizer::new(&dialect, sql).tokenize().map_err(|error| syntax(error.to_string()))?;
    let written = parse(bind(tokens.clone(), params)?);
    let tokens = normalize(bind(tokens, params)?);
    let mut statement = parse(tokens)?;
    let names = match written {
        Ok(Statement::Query(query)) => result_names(&query),
        _ => Vec::new(),
    };
    match &mut statement {
        Statement::ShowTables { .. } => return Ok(Prepared::ShowTables),
        Statement::ExplainTable { table_name, .. } => {
            return Ok(Prepared::Describe(table_name.0.last().map(ToString::to_string).unwrap_or_default().replace(['"', '`'], "")));
        }
        Statement::Query(query) => refuse_writing(query)?,
        Statement::Explain { statement: inner, .. } => match inner.as_ref() {
            Statement::Query(query) => refuse_writing(query)?,
            other => return Err(QueryError::ReadOnly(kind_of(other))),
        },
        other => return Err(QueryError::ReadOnly(kind_of(other))),
    }
    let _: ControlFlow<()> = statement.visit(&mut Dialects);
    Ok(Prepared::Rows { statement: Box::new(statement), names })
}

fn parse(tokens: Vec<Token>) -> Result<Statement, QueryError> {
    let first = tokens.iter().find_map(|token| match token {
        Token::Word(word) => Some(word.value.to_uppercase()),
        _ => None,
    });
    let options = ParserOptions::new().with_trailing_commas(true);
    let parsed = Parser::new(&GenericDialect {}).with_options(options).with_tokens(tokens).parse_statements();
    let mut statements = match (parsed, first.as_deref()) {
        (Ok(statements), _) => statements,
        // What cannot be parsed since no query begins so had better be refused for what it is.
        (Err(_), Some(verb)) if !matches!(verb, "SELECT" | "WITH" | "EXPLAIN" | "SHOW" | "DESCRIBE" | "DESC" | "VALUES" | "FROM") => {
            return Err(QueryError::ReadOnly(verb.to_owned()));
        }
        (Err(error), _) => {
            let text = error.to_string();
            let text = text.trim_start_matches("sql parser error: ");
            return Err(QueryError::Syntax(text.trim_end_matches(" at Line: 0, Column: 0").to_owned()));
        }
    };
    match (statements.pop(), statements.is_empty()) {
        (Some(statement), true) => Ok(statement),
        (None, _) => Err(QueryError::Syntax("there is no statement".to_owned())),
        (Some(_), false) => Err(QueryError::Syntax("there are several statements; one is run at a time".to_owned())),
    }
}

/// The verb of a statement.
fn kind_of(statement: &Statement) -> String {
    let text = statement.to_string();
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    words.join(" ").to_uppercase()
}

/// Queries that write: `WITH … INSERT`, `SELECT … INTO`.
fn refuse_writing(query: &Query) -> Result<(), QueryError> {
    fn body(set: &SetExpr) -> Result<(), QueryError> {
        match set {
            SetExpr::Select(select) if select.into.is_some() => Err(QueryError::ReadOnly("SELECT INTO".to_owned())),
            SetExpr::Select(_) | SetExpr::Values(_) | SetExpr::Table(_) => Ok(()),
            SetExpr::Query(query) => refuse_writing(query),
            SetExpr::SetOperation { left, right, .. } => body(left).and_then(|()| body(right)),
            other => Err(QueryError::ReadOnly(other.to_string().split_whitespace().next().unwrap_or("a statement").to_uppercase())),
        }
    }
    body(&query.body)?;
    query.with.iter().flat_map(|with| &with.cte_tables).try_for_each(|cte| refuse_writing(&cte.query))
}

/// Replaces each `?`, and each `?` that ends a JSON path as in `'$.?'`, by its parameter.
fn bind(tokens: Vec<Token>, params: &[ParamValue]) -> Result<Vec<Token>, QueryError> {
    let mut used = 0;
    let mut before = Keyword::NoKeyword;
    let mut bound = Vec::with_capacity(tokens.len());
    for token in tokens {
        match token {
            Token::Placeholder(mark) if mark == "?" => {
                used += 1;
                if let Some(value) = params.get(used - 1) {
                    bound.extend(literal(value, before, used)?);
                }
            }
            Token::SingleQuotedString(path) if path.starts_with('$') && path.ends_with(".?") => {
                used += 1;
                let key = match params.get(used - 1) {
                    Some(ParamValue::Text(key)) => key.clone(),
                    Some(ParamValue::Number(number)) => number.to_string(),
                    _ => String::new(),
                };
                let stem = path.trim_end_matches('?');
                bound.push(Token::SingleQuotedString(format!("{stem}\"{key}\"")));
            }
            Token::Whitespace(_) => bound.push(token),
            token => {
                before = match &token {
                    Token::Word(word) => word.keyword,
                    _ => Keyword::NoKeyword,
                };
                bound.push(token);
            }
        }
    }
    if used == params.len() { Ok(bound) } else { Err(QueryError::Parameters { expected: used, given: params.len() }) }
}

fn literal(value: &ParamValue, before: Keyword, position: usize) -> Result<Vec<Token>, QueryError> {
    let keyword = |text: &str| vec![Token::make_word(text, None)];
    if matches!(before, Keyword::LIMIT | Keyword::OFFSET | Keyword::FETCH | Keyword::FIRST | Keyword::NEXT) {
        let text = match value {
            ParamValue::Text(text) => text.clone(),
            ParamValue::Number(number) => number.to_string(),
            ParamValue::Null | ParamValue::Bool(_) => String::new(),
        };
        return match text.parse::<u64>() {
            Ok(count) => Ok(vec![Token::Number(count.to_string(), false)]),
            Err(_) => Err(QueryError::Parameter { position, value: text, needs: "a whole number" }),
        };
    }
    Ok(match value {
        ParamValue::Null => keyword("NULL"),
        ParamValue::Bool(true) => keyword("TRUE"),
        ParamValue::Bool(false) => keyword("FALSE"),
        ParamValue::Text(text) => vec![Token::SingleQuotedString(text.clone())],
        ParamValue::Number(number) if number.is_sign_negative() => {
            vec![Token::LParen, Token::Minus, Token::Number(number.abs().to_string(), false), Token::RParen]
        }
        ParamValue::Number(number) => vec![Token::Number(number.to_string(), false)],
    })
}

/// Lower-cases quoted names, as the engine does with unquoted ones, and reads `Tags["key"]` as `Tags['key']`.
fn normalize(tokens: Vec<Token>) -> Vec<Token> {
    let significant: Vec<Token> = tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    let mut normalized = Vec::with_capacity(significant.len());
    for (position, token) in significant.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| significant.get(before));
        let after = significant.get(position + 1);
        normalized.push(match token {
            Token::Word(Word { value, quote_style: Some(_), .. }) => {
                if before == Some(&Token::LBracket) && after == Some(&Token::RBracket) {
                    Token::SingleQuotedString(value.clone())
                } else {
                    Token::make_word(&value.to_lowercase(), Some('"'))
                }
            }
            token => token.clone(),
        });
    }
    normalized
}

/// How the query's own text names the columns of its result.
fn result_names(query: &Query) -> Vec<Option<String>> {
    fn of(set: &SetExpr) -> Vec<Option<String>> {
        match set {
            SetExpr::Select(select) => {
                if select.projection.iter().any(|item| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))) {
                    return Vec::new();
                }
                select.projection.iter().map(name).collect()
            }
            SetExpr::Query(query) => result_names(query),
            SetExpr::SetOperation { left, .. } => of(left),
            _ => Vec::new(),
        }
    }
    fn alias(item: &SelectItem) -> Option<String> {
        match item {
            SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.clone()),
            _ => None,
        }
    }
    fn name(item: &SelectItem) -> Option<String> {
        match item {
            SelectItem::ExprWithAlias { .. } => alias(item),
            // The table's own spelling is better than the query's.
            SelectItem::UnnamedExpr(Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => None,
            SelectItem::UnnamedExpr(expr) => Some(expr.to_string()),
            _ => None,
        }
    }
    of(&query.body)
}

/// Rewrites what other engines say differently.
struct Dialects;

impl VisitorMut for Dialects {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            // As two comparisons, bounds that are text are read as what they bound.
            Expr::Between { expr: value, negated, low, high } => {
                let compare = |op, bound: &Expr| Expr::BinaryOp { left: value.clone(), op, right: Box::new(bound.clone()) };
                let both = Expr::Nested(Box::new(Expr::BinaryOp {
                    left: Box::new(compare(BinaryOperator::GtEq, low)),
                    op: BinaryOperator::And,
                    right: Box::new(compare(BinaryOperator::LtEq, high)),
                }));
                *expr = if *negated { Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(both) } } else { both };
            }
            // MySQL's names of whole numbers.
            Expr::Cast { data_type, .. } => match data_type {
                DataType::Unsigned | DataType::UnsignedInteger | DataType::Signed | DataType::SignedInteger => {
                    *data_type = DataType::BigInt(None);
                }
                _ => {}
            },
            Expr::Function(function) => {
                if let Some(rewritten) = rewrite_function(function) {
                    *expr = rewritten;
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn arguments(function: &Function) -> Option<Vec<Expr>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    let unnamed = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
        _ => None,
    };
    list.args.iter().map(unnamed).collect()
}

fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    let args = arguments.into_iter().map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))).collect();
    Expr::Function(Function {
        name: ObjectName(vec![ObjectNamePart::Identifier(Ident::new(name))]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses: Vec::new() }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

fn text(value: &str) -> Expr {
    Expr::Value(Value::SingleQuotedString(value.to_owned()).into())
}

fn interval(amount: i64, unit: &str) -> Expr {
    Expr::Interval(Interval {
        value: Box::new(text(&format!("{amount} {unit}"))),
        leading_field: None,
        leading_precision: None,
        last_field: None,
        fractional_seconds_precision: None,
    })
}

/// The unit of `DATEADD(month, …)` and `DATE_DIFF('month', …)`.
fn unit(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(ident) => Some(ident.value.to_lowercase()),
        Expr::Value(value) => value.clone().value.into_string().map(|text| text.to_lowercase()),
        _ => None,
    }
}

fn rewrite_function(function: &Function) -> Option<Expr> {
    let name = function.name.to_string().to_lowercase();
    let arguments = arguments(function)?;
    let plus = |value: &Expr, op, interval: Expr| {
        Expr::Nested(Box::new(Expr::BinaryOp { left: Box::new(value.clone()), op, right: Box::new(interval) }))
    };
    match (name.as_str(), arguments.as_slice()) {
        ("year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second", [value]) => {
            Some(call("date_part", vec![text(&name), value.clone()]))
        }
        ("dayofmonth", [value]) => Some(call("date_part", vec![text("day"), value.clone()])),
        ("dayofweek", [value]) => Some(call("date_part", vec![text("dow"), value.clone()])),
        ("dayofyear", [value]) => Some(call("date_part", vec![text("doy"), value.clone()])),
        ("strftime", [value, format]) => Some(call("to_char", vec![value.clone(), format.clone()])),
        ("date", [value]) => Some(call("arrow_cast", vec![value.clone(), text("Date32")])),
        ("date_add", [value, interval @ Expr::Interval(_)]) => Some(plus(value, BinaryOperator::Plus, interval.clone())),
        ("date_sub", [value, interval @ Expr::Interval(_)]) => Some(plus(value, BinaryOperator::Minus, interval.clone())),
        ("dateadd" | "date_add", [unit_expr, amount, value]) => {
            let amount = amount.to_string().replace([' ', '(', ')'], "").parse::<i64>().ok()?;
            Some(plus(value, BinaryOperator::Plus, interval(amount, &unit(unit_expr)?)))
        }
        ("add_months", [value, amount]) => {
            let amount = amount.to_string().replace([' ', '(', ')'], "").parse::<i64>().ok()?;
            Some(plus(value, BinaryOperator::Plus, interval(amount, "month")))
        }
        ("datediff" | "date_diff", [unit_expr, start, end]) => {
            Some(call(crate::functions::DATE_DIFF, vec![text(&unit(unit_expr)?), start.clone(), end.clone()]))
        }
        ("any_value" | "first", [value]) if function.over.is_none() => Some(call("first_value", vec![value.clone()])),
        ("nvl" | "ifnull", [value, other]) => Some(call("coalesce", vec![value.clone(), other.clone()])),
        _ => None,
    }
}
