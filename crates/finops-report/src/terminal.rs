//! A document on a terminal.

use comfy_table::{Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width};
use unicode_width::UnicodeWidthStr;

use crate::RenderOptions;
use crate::document::Block;
use crate::table::{Table, Tone};
use crate::text::{Accounts, one_line};

const NARROWEST: usize = 60;
const WIDEST: usize = 200;
/// A column that wraps keeps at least this much, so that words stay words.
const NARROWEST_TEXT: u16 = 14;

/// Writes a document for a terminal of `options.width` columns.
pub(crate) fn write(blocks: &[Block], accounts: &Accounts, options: &RenderOptions) -> String {
    let width = options.width.clamp(NARROWEST, WIDEST);
    let paint = |text: String, codes: &str| if options.color { format!("\u{1b}[{codes}m{text}\u{1b}[0m") } else { text };
    let safe = |text: &str| one_line(&accounts.shorten(text));
    let mut out = String::new();
    let mut after_table = false;
    for block in blocks {
        match block {
            Block::Title(text) => line(&mut out, &paint(safe(text), "1")),
            Block::Notice(text) => {
                for part in wrap(&format!("! {}", safe(text)), width, 2) {
                    line(&mut out, &paint(part, "1;33"));
                }
            }
            Block::Heading(text) => {
                let text = safe(text);
                let rule = "─".repeat(width.saturating_sub(text.width() + 1));
                out.push('\n');
                line(&mut out, &format!("{} {}", paint(text, "1;36"), paint(rule, "2")));
            }
            Block::Text(text) if after_table => {
                out.push('\n');
                lines(&mut out, wrap(&safe(text), width, 0));
            }
            Block::Text(text) => lines(&mut out, wrap(&safe(text), width, 0)),
            Block::Fields(fields) => {
                let longest = fields.iter().map(|(name, _)| one_line(name).width()).max().unwrap_or(0);
                for (name, value) in fields {
                    let name = one_line(name);
                    let gap = " ".repeat(longest.saturating_sub(name.width()) + 2);
                    let indent = longest + 2;
                    let mut parts = wrap(&safe(value), width.saturating_sub(indent), 0).into_iter();
                    line(&mut out, &format!("{}{gap}{}", paint(name, "2"), parts.next().unwrap_or_default()));
                    parts.for_each(|part| line(&mut out, &format!("{}{part}", " ".repeat(indent))));
                }
            }
            Block::Table(table) => out.push_str(&write_table(table, accounts, options, width)),
            Block::Steps(steps) => {
                for (at, step) in steps.iter().enumerate() {
                    let number = format!("{}. ", at + 1);
                    lines(&mut out, wrap(&format!("{number}{}", one_line(step)), width, number.len()));
                }
            }
            Block::List(items) => {
                for item in items {
                    lines(&mut out, wrap(&format!("- {}", safe(item)), width, 2));
                }
            }
        }
        after_table = matches!(block, Block::Table(_));
    }
    out
}

fn lines(out: &mut String, texts: impl IntoIterator<Item = String>) {
    for text in texts {
        line(out, &text);
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

/// Breaks a text at spaces; a word that is too long for a line stays whole so that it can be copied.
fn wrap(text: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let starts = current.trim().is_empty();
        if !starts && current.width() + 1 + word.width() > width {
            lines.push(std::mem::replace(&mut current, " ".repeat(indent)));
            current.push_str(word);
        } else {
            if !starts {
                current.push(' ');
            }
            current.push_str(word);
        }
    }
    lines.push(current);
    lines
}

fn write_table(table: &Table, accounts: &Accounts, options: &RenderOptions, width: usize) -> String {
    let visible: Vec<usize> =
        table.columns.iter().enumerate().filter(|(_, column)| column.from_width <= width).map(|(index, _)| index).collect();
    let columns: Vec<_> = visible.iter().filter_map(|index| table.columns.get(*index)).collect();
    if columns.is_empty() {
        return String::new();
    }
    let mut drawn = comfy_table::Table::new();
    let style = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
    drawn.load_style(style).set_width(u16::try_from(width + 2).unwrap_or(u16::MAX)).set_content_arrangement(ContentArrangement::Dynamic);
    if options.color {
        drawn.enforce_styling();
    } else {
        drawn.force_no_tty();
    }
    let head = columns.iter().map(|column| {
        let cell = comfy_table::Cell::new(one_line(&column.name)).set_alignment(alignment(column.is_number));
        if options.color { cell.add_attribute(Attribute::Dim) } else { cell }
    });
    drawn.set_header(head.collect::<Vec<_>>());
    for row in &table.rows {
        let cells = visible.iter().zip(&columns).map(|(index, column)| {
            let shown = row.get(*index).map(|cell| one_line(&accounts.shorten(&cell.shown()))).unwrap_or_default();
            let tone = row.get(*index).map(|cell| cell.tone).unwrap_or_default();
            let cell = comfy_table::Cell::new(shown).set_alignment(alignment(column.is_number));
            if options.color { toned(cell, tone) } else { cell }
        });
        drawn.add_row(cells.collect::<Vec<_>>());
    }
    for (column, plan) in drawn.column_iter_mut().zip(&columns) {
        column.set_padding((0, 2));
        column.set_constraint(if plan.wraps {
            ColumnConstraint::LowerBoundary(Width::Fixed(NARROWEST_TEXT))
        } else {
            ColumnConstraint::ContentWidth
        });
    }
    let mut out = String::new();
    for row in drawn.lines() {
        let row = row.trim_end();
        // The rule below the head reaches over the last column's padding.
        let row = if row.starts_with('─') { row.strip_suffix("──").unwrap_or(row) } else { row };
        out.push_str(row);
        out.push('\n');
    }
    out
}

const fn alignment(is_number: bool) -> CellAlignment {
    if is_number { CellAlignment::Right } else { CellAlignment::Left }
}

fn toned(cell: comfy_table::Cell, tone: Tone) -> comfy_table::Cell {
    match tone {
        Tone::Plain => cell,
        Tone::Quiet => cell.add_attribute(Attribute::Dim),
        Tone::Strong => cell.add_attribute(Attribute::Bold),
        Tone::Good => cell.fg(Color::Green),
        Tone::Warning => cell.fg(Color::Yellow),
        Tone::Bad => cell.fg(Color::Red),
    }
}
