//! What readers of each format rely on.

mod pages;

use finops_domain::report::Report;
use proptest::prelude::*;

use crate::sample::{self, HOSTILE, report};
use crate::text::is_unsafe;
use crate::{Format, RenderOptions, parse_report, render};

fn show(format: Format, width: usize) -> String {
    render(&report(), format, &RenderOptions { width, ..RenderOptions::default() }).unwrap()
}

#[test]
fn table_at_80_columns() {
    insta::assert_snapshot!(show(Format::Table, 80));
}

#[test]
fn table_at_120_columns() {
    insta::assert_snapshot!(show(Format::Table, 120));
}

#[test]
fn table_at_200_columns() {
    insta::assert_snapshot!(show(Format::Table, 200));
}

#[test]
fn summary() {
    insta::assert_snapshot!(show(Format::Summary, 100));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(show(Format::Markdown, 100));
}

#[test]
fn csv() {
    insta::assert_snapshot!(show(Format::Csv, 100).replace("\r\n", "\n"));
}

#[test]
fn account_ids_are_whole_only_where_asked_for() {
    for format in [Format::Table, Format::Summary, Format::Markdown, Format::Html] {
        assert!(!show(format, 200).contains(sample::PROD), "{format}");
    }
    let options = RenderOptions { width: 200, show_ids: true, ..RenderOptions::default() };
    for format in [Format::Table, Format::Markdown, Format::Html] {
        assert!(render(&report(), format, &options).unwrap().contains(sample::PROD), "{format}");
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let options = |color| RenderOptions { width: 120, color, ..RenderOptions::default() };
    let colored = render(&report(), Format::Table, &options(true)).unwrap();
    let plain = render(&report(), Format::Table, &options(false)).unwrap();
    assert!(!plain.contains('\u{1b}'));
    assert!(colored.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut parts = colored.split('\u{1b}');
    stripped.push_str(parts.next().unwrap());
    for part in parts {
        stripped.push_str(part.split_once('m').unwrap().1);
    }
    let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&stripped), trimmed(&plain));
}

#[test]
fn lines_fit_the_terminal() {
    let mut report = report();
    report.findings.iter_mut().for_each(|finding| finding.title = finding.title.replace(HOSTILE, "web"));
    for width in [80, 100, 120, 160, 200] {
        let text = render(&report, Format::Table, &RenderOptions { width, ..RenderOptions::default() }).unwrap();
        for line in text.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn json_reads_back_as_it_was() {
    let json = show(Format::Json, 100);
    assert_eq!(parse_report(json.as_bytes()).unwrap(), report());
}

#[test]
fn an_unreadable_report_is_refused_with_its_reason() {
    let text = show(Format::Json, 100);
    let error = |text: &str| parse_report(text.as_bytes()).unwrap_err().to_string();
    assert!(error(&text.replace("\"schema_version\": \"1.0\"", "\"schema_version\": \"2.0\"")).contains("newer version of finops"));
    assert!(error(&text[..text.len() / 2]).contains("not readable as JSON"));
    assert!(error("{\"a\": 1}").contains("no report"));
    assert!(error("[]").contains("no report"));
    let damaged = error(&text.replacen("\"monthly\": \"412.5\"", "\"monthly\": \"much\"", 1));
    assert!(damaged.contains("findings[0].savings.monthly"), "{damaged}");
    assert!(parse_report(text.replace("\"schema_version\": \"1.0\"", "\"schema_version\": \"1.7\"").as_bytes()).is_ok());
}

#[test]
fn no_figure_is_too_large_to_be_shown() {
    let json = show(Format::Json, 100);
    for figure in ["79228162514264337593543950335", "-79228162514264337593543950335", "0.0000000000000000000000000001", "0"] {
        // Every decimal is a string that begins with a digit or a sign; dates and ids have other characters.
        let replaced: String = json
            .split('"')
            .enumerate()
            .map(|(at, part)| {
                let is_decimal = at % 2 == 1
                    && part != finops_domain::report::SCHEMA_VERSION
                    && part.len() < 12
                    && part.parse::<rust_decimal::Decimal>().is_ok();
                if is_decimal { figure } else { part }
            })
            .collect::<Vec<_>>()
            .join("\"");
        let extreme = parse_report(replaced.as_bytes()).unwrap();
        assert_eq!(extreme.savings.net_monthly.to_string(), figure);
        for format in Format::ALL {
            render(&extreme, format, &RenderOptions::default()).unwrap();
        }
        for finding in &extreme.findings {
            crate::render_explain(&extreme, finding.finding_id.as_str(), Format::Table, &RenderOptions::default()).unwrap();
        }
        for (a, b) in [(&extreme, &report()), (&report(), &extreme), (&extreme, &extreme)] {
            let diff = finops_domain::diff::diff(a, b);
            crate::render_diff(&diff, Format::Table, &RenderOptions::default()).unwrap();
        }
    }
}

fn renamed(name: &str) -> Report {
    let mut report = report();
    let spend = report.spend.as_mut().unwrap();
    spend.by_service[0].key = name.to_owned();
    spend.by_account[0].label = Some(name.to_owned());
    spend.anomalies[0].service_name = name.to_owned();
    report.findings[0].title = name.to_owned();
    report.findings[0].resource_id = Some(name.into());
    report.findings[0].account_id = Some(name.into());
    report.recommendations[0].title = name.to_owned();
    report.recommendations[0].steps = vec![name.to_owned()];
    report.source.location = name.to_owned();
    report.scope.accounts[0].name = Some(name.to_owned());
    report.coverage.cells[1].reason = Some(name.to_owned());
    report.not_evaluated[0].reason = name.to_owned();
    report
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_name_reaches_the_terminal_as_a_command(name in "[\\PC\\x00-\\x1f\\x7f-\u{9f}\u{200b}-\u{202f}\u{2060}-\u{206f}]{0,40}") {
        for format in [Format::Table, Format::Summary, Format::Markdown] {
            let text = render(&renamed(&name), format, &RenderOptions::default()).unwrap();
            prop_assert!(!text.contains(|c: char| is_unsafe(c) && c != '\n'), "{format}");
        }
    }

    #[test]
    fn no_name_becomes_a_formula(name in "[=+@\t\r\n, \"'a-z-]{0,12}") {
        let text = render(&renamed(&name), Format::Csv, &RenderOptions::default()).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            prop_assert_eq!(record.len(), 19);
            for cell in &record {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", cell);
            }
        }
    }
}
