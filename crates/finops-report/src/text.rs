//! Text from an account, made harmless for the place where it is written.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use finops_domain::report::Report;

use crate::RenderOptions;

/// Longest text in a terminal or a ticket, in characters; a name can be as long as its author likes.
const LONGEST: usize = 600;

/// Whether a character moves the cursor, hides itself or turns the direction of what follows.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One line without unsafe characters: white space becomes a space, the rest is shown as `\u{1b}`.
pub(crate) fn one_line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            safe.push('…');
            break;
        }
        match c {
            '\n' | '\r' | '\t' => safe.push(' '),
            c if is_unsafe(c) => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Text of a CSV cell: no control characters but line breaks, and never read as a formula by a spreadsheet.
pub(crate) fn csv_cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    if text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || text.starts_with(['\t', '\r', '\n']) {
        safe.push('\'');
    }
    for c in text.chars() {
        if is_unsafe(c) && !matches!(c, '\n' | '\r' | '\t') {
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Text in Markdown: no markup, no link, no HTML, no table cell begins in it.
pub(crate) fn markdown(text: &str) -> String {
    let line = one_line(text);
    let mut safe = String::with_capacity(line.len());
    for (at, c) in line.char_indices() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '!' => {
                safe.push('\\');
                safe.push(c);
            }
            // Within a word an underscore or a mention's sign is plain; at its edge it is not.
            '_' if is_word_edge(&line, at) => safe.push_str("\\_"),
            '@' => safe.push_str("&#64;"),
            '#' | '+' | '-' if at == 0 => {
                safe.push('\\');
                safe.push(c);
            }
            // Sites turn a bare address into a link.
            ':' if line.get(at..).is_some_and(|rest| rest.starts_with("://")) => safe.push_str("&#58;"),
            c => safe.push(c),
        }
    }
    safe
}

fn is_word_edge(line: &str, at: usize) -> bool {
    let before = line.get(..at).and_then(|text| text.chars().next_back());
    let after = line.get(at + 1..).and_then(|text| text.chars().next());
    !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric))
}

/// The account ids that are shortened in what is printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts {
    ids: BTreeSet<String>,
}

impl Accounts {
    /// All accounts of a report; none where ids are to be shown.
    pub(crate) fn of(report: &Report, options: &RenderOptions) -> Self {
        if options.show_ids {
            return Self::default();
        }
        let scope = report.scope.accounts.iter().map(|account| account.sub_account_id.to_string());
        let findings = report.findings.iter().filter_map(|finding| finding.account_id.as_ref()).map(ToString::to_string);
        let cells = report.coverage.cells.iter().filter_map(|cell| cell.sub_account_id.as_ref()).map(ToString::to_string);
        let spend = report.spend.iter().flat_map(|spend| spend.by_account.iter().map(|row| row.key.clone()));
        Self::from_ids(scope.chain(findings).chain(cells).chain(spend))
    }

    /// These accounts; only 12-digit ids are ever shortened.
    pub(crate) fn from_ids(ids: impl Iterator<Item = String>) -> Self {
        Self { ids: ids.filter(|id| id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())).collect() }
    }

    /// The text with each of these ids as `…9012`.
    pub(crate) fn shorten<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.ids.is_empty() || text.len() < 12 {
            return Cow::Borrowed(text);
        }
        let mut short = String::with_capacity(text.len());
        let mut changed = false;
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
            let (before, word_on) = rest.split_at(start);
            let length = word_on.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(word_on.len());
            let (word, after) = word_on.split_at(length);
            short.push_str(before);
            if self.ids.contains(word) {
                short.push('…');
                short.push_str(word.get(8..).unwrap_or(word));
                changed = true;
            } else {
                short.push_str(word);
            }
            rest = after;
        }
        short.push_str(rest);
        if changed { Cow::Owned(short) } else { Cow::Borrowed(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_and_direction_marks_are_shown_not_sent() {
        assert_eq!(one_line("a\u{1b}[31mred\u{202e}dlog\nnext"), "a\\u{1b}[31mred\\u{202e}dlog next");
    }

    #[test]
    fn a_formula_is_text() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =HYPERLINK(1)"] {
            assert!(csv_cell(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(csv_cell("vol-1"), "vol-1");
    }

    #[test]
    fn markdown_has_no_markup_left() {
        let text = markdown("a|b `c` <script> [x](http://e.example) ![i](y) **b** _i_ snake_case @team");
        assert_eq!(
            text,
            "a\\|b \\`c\\` &lt;script&gt; \\[x\\](http&#58;//e.example) \\!\\[i\\](y) \\*\\*b\\*\\* \\_i\\_ snake_case &#64;team"
        );
    }

    #[test]
    fn an_account_id_is_shortened_wherever_it_stands() {
        let accounts = Accounts::from_ids(["123456789012".to_owned()].into_iter());
        assert_eq!(accounts.shorten("arn:aws:s3:::x/123456789012/y"), "arn:aws:s3:::x/…9012/y");
        assert_eq!(accounts.shorten("i-1234567890123"), "i-1234567890123");
        assert_eq!(accounts.shorten("999999999999"), "999999999999");
    }

    proptest! {
        #[test]
        fn any_text_is_made_safe(text in "\\PC{0,20}|[\\x00-\\x20=+@,\"'|\u{80}-\u{a0}\u{200b}-\u{202f}\u{2060}-\u{206f}-]{0,20}") {
            prop_assert!(!one_line(&text).contains(is_unsafe));
            prop_assert!(!markdown(&text).contains(is_unsafe));
            let cell = csv_cell(&text);
            let trimmed = cell.trim_start_matches(' ');
            prop_assert!(!trimmed.starts_with(['=', '+', '-', '@', '\t', '\r']));
            let short = Accounts::from_ids(["123456789012".to_owned()].into_iter());
            prop_assert_eq!(short.shorten(&text).into_owned(), text);
        }
    }
}
