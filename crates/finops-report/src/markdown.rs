//! A document in Markdown, as trackers and code hosts read it.

use crate::document::Block;
use crate::table::Table;
use crate::text::{Accounts, markdown};

/// Writes a document as Markdown.
pub(crate) fn write(blocks: &[Block], accounts: &Accounts) -> String {
    let safe = |text: &str| markdown(&accounts.shorten(text));
    let mut parts: Vec<String> = Vec::new();
    for block in blocks {
        parts.push(match block {
            Block::Title(text) => format!("# {}", safe(text)),
            Block::Notice(text) => format!("> **{}**", safe(text)),
            Block::Heading(text) => format!("## {}", safe(text)),
            Block::Text(text) => safe(text),
            Block::Fields(fields) => {
                fields.iter().map(|(name, value)| format!("- **{}**: {}", safe(name), safe(value))).collect::<Vec<_>>().join("\n")
            }
            Block::Table(table) => write_table(table, accounts),
            Block::Steps(steps) => {
                steps.iter().enumerate().map(|(at, step)| format!("{}. {}", at + 1, markdown(step))).collect::<Vec<_>>().join("\n")
            }
            Block::List(items) => items.iter().map(|item| format!("- {}", safe(item))).collect::<Vec<_>>().join("\n"),
        });
    }
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn write_table(table: &Table, accounts: &Accounts) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![
        row(table.columns.iter().map(|column| markdown(&column.name)).collect()),
        row(table.columns.iter().map(|column| if column.is_number { "---:" } else { "---" }.to_owned()).collect()),
    ];
    for cells in &table.rows {
        let shown = |cell: &crate::table::Cell| match cell.value {
            crate::table::Value::Text(_) => markdown(&accounts.shorten(&cell.shown())),
            _ => cell.shown(),
        };
        lines.push(row((0..table.columns.len()).map(|at| cells.get(at).map(shown).unwrap_or_default()).collect()));
    }
    lines.join("\n")
}
