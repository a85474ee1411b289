//! HTML, SARIF, and the smaller documents.

use base64::Engine as _;
use serde_json::Value;
use sha2::Digest;

use crate::sample::{HOSTILE, decimal, finding, report};
use crate::{Format, RenderOptions, render, render_diff, render_explain, render_reports_list};

fn html() -> String {
    render(&report(), Format::Html, &RenderOptions::default()).unwrap()
}

#[test]
fn the_page_loads_nothing() {
    let page = html();
    for loader in ["src=", "<link", "@import", "url(", "<iframe", "<object", "<embed", "<base", "fetch(", "XMLHttpRequest", "import("] {
        assert!(!page.contains(loader), "{loader}");
    }
    // Addresses stand in links to documentation alone.
    for (at, _) in page.match_indices("https://") {
        let before = &page[..at];
        assert!(before.ends_with("href=\"") || before.ends_with("noreferrer\">"), "{}", &page[at.saturating_sub(60)..at + 30]);
    }
}

#[test]
fn the_page_allows_its_own_script_alone() {
    let page = html();
    let script = page.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(script.as_bytes()));
    assert!(page.contains(&format!("script-src 'sha256-{hash}'")));
    assert!(page.contains("default-src 'none'"));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains(" onclick=") && !page.contains("javascript:"));
}

#[test]
fn the_page_escapes_what_comes_from_the_account() {
    let page = html();
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
}

#[test]
fn a_source_is_a_link_only_where_it_is_a_plain_page() {
    let mut report = report();
    for source in ["javascript:alert(1)", "https://e.example/\" onmouseover=\"x", "http://e.example/"] {
        report.recommendations[0].source = source.to_owned();
        let page = render(&report, Format::Html, &RenderOptions::default()).unwrap();
        assert!(!page.contains("href=\"javascript:") && !page.contains("href=\"http://") && !page.contains("\" onmouseover=\""));
    }
}

#[test]
fn the_page_has_every_finding_with_its_evidence() {
    let (page, report) = (html(), report());
    for finding in &report.findings {
        assert!(page.contains(&format!("id=\"f-{}\"", finding.finding_id)));
    }
    assert_eq!(page.matches("Evidence, formula, steps").count(), report.findings.len());
    assert!(page.contains("idle_cost * 730 / window_hours"));
    assert!(page.contains("DEMONSTRATION DATA"));
    assert!(page.contains("<title id=\"daily-title\">") && page.contains("<title id=\"waterfall-title\">"));
}

#[test]
fn an_empty_report_is_a_page_too() {
    let mut report = report();
    report.spend = None;
    report.findings.clear();
    report.recommendations.clear();
    report.not_evaluated.clear();
    for format in Format::ALL {
        render(&report, format, &RenderOptions::default()).unwrap();
    }
}

#[test]
fn sarif_has_a_rule_and_a_result_for_each_finding() {
    let report = report();
    let sarif: Value = serde_json::from_str(&render(&report, Format::Sarif, &RenderOptions::default()).unwrap()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), report.findings.len());
    for (result, finding) in results.iter().zip(&report.findings) {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[at]["id"], finding.check_id.as_str());
        assert_eq!(result["ruleId"], finding.check_id.as_str());
        assert_eq!(result["partialFingerprints"]["findingId/v1"], finding.finding_id.as_str());
        assert!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap().contains("eu-west-1"));
        // The standard: a kind other than fail goes with the level none.
        assert!(result["kind"] == "fail" || result["level"] == "none");
    }
    assert_eq!(results[1]["suppressions"][0]["kind"], "external");
    assert_eq!(results[0]["suppressions"], Value::Array(Vec::new()));
}

#[test]
fn explains_a_finding_so_that_it_can_be_computed_again() {
    let report = report();
    let id = report.findings[2].finding_id.as_str();
    let options = RenderOptions { width: 110, ..RenderOptions::default() };
    insta::assert_snapshot!(render_explain(&report, &id[..6], Format::Table, &options).unwrap());
}

#[test]
fn says_when_a_saving_does_not_follow_from_its_evidence() {
    let mut report = report();
    report.findings[2].savings.as_mut().unwrap().monthly = decimal("99");
    let id = report.findings[2].finding_id.to_string();
    let text = render_explain(&report, &id, Format::Table, &RenderOptions::default()).unwrap();
    assert!(text.contains("DOES NOT MATCH: the report says 99"), "{text}");
    let json: Value = serde_json::from_str(&render_explain(&report, &id, Format::Json, &RenderOptions::default()).unwrap()).unwrap();
    assert_eq!(json["recomputed"]["matches"], false);
}

#[test]
fn says_who_displaced_whom() {
    let report = report();
    let text =
        |at: usize| render_explain(&report, report.findings[at].finding_id.as_str(), Format::Table, &RenderOptions::default()).unwrap();
    assert!(text(1).contains(&report.findings[0].finding_id.as_str()[..8]));
    assert!(text(0).contains("no net total") && text(0).contains("i-0def"));
}

#[test]
fn a_command_names_the_resource_as_its_service_takes_it() {
    let report = report();
    let step = |step: &str| crate::explanation::filled(step, &report.findings[2]);
    assert_eq!(
        step("aws ec2 modify-volume --region {region} --volume-id {resource}"),
        "aws ec2 modify-volume --region eu-west-1 --volume-id vol-0abc"
    );
    assert!(step("aws ec2 x --resource-arn {resource}").ends_with("arn:aws:ec2:eu-west-1:123456789012:volume/vol-0abc"));
    assert!(step("Open {resource}").ends_with("volume/vol-0abc"));
    let mut evil = report.findings[2].clone();
    evil.resource_id = Some("x; echo '$(id)'".into());
    assert_eq!(crate::explanation::filled("aws s3 rb {resource}", &evil), r"aws s3 rb 'x; echo '\''$(id)'\'''");
}

#[test]
fn an_id_that_names_no_finding_or_several_is_refused() {
    let report = report();
    let error = |id: &str| render_explain(&report, id, Format::Table, &RenderOptions::default()).unwrap_err().to_string();
    assert!(error("zzz").contains("has no finding `zzz`"));
    assert!(error("").contains("has no finding"));
}

#[test]
fn a_difference_shows_what_changed() {
    let a = report();
    let mut b = report();
    b.findings.remove(2);
    b.findings.push(finding("ebs.gp2-volume", "vol-9", &format!("Volume {HOSTILE}"), Some("7")));
    let diff = finops_domain::diff::diff(&a, &b);
    insta::assert_snapshot!(render_diff(&diff, Format::Table, &RenderOptions { width: 110, ..RenderOptions::default() }).unwrap());
    let csv = render_diff(&diff, Format::Csv, &RenderOptions::default()).unwrap();
    assert_eq!(csv.lines().filter(|line| line.starts_with("new,") || line.starts_with("gone,")).count(), 2);
    let json: Value = serde_json::from_str(&render_diff(&diff, Format::Json, &RenderOptions::default()).unwrap()).unwrap();
    assert_eq!(json["gone"][0]["check_id"], "ebs.gp2-volume");
}

#[test]
fn a_list_of_reports_is_a_table_or_says_that_there_are_none() {
    let list = [report().summary()];
    insta::assert_snapshot!(render_reports_list(&list, Format::Table, &RenderOptions { width: 120, ..RenderOptions::default() }).unwrap());
    assert!(render_reports_list(&[], Format::Table, &RenderOptions::default()).unwrap().contains("No saved reports"));
    assert_eq!(render_reports_list(&[], Format::Json, &RenderOptions::default()).unwrap(), "[]\n");
}

#[test]
#[ignore = "writes the sample in every format into FINOPS_SAMPLE_DIR, to look at"]
fn write_the_sample() {
    let directory = std::path::PathBuf::from(std::env::var("FINOPS_SAMPLE_DIR").unwrap());
    for format in Format::ALL {
        let text =
            render(&report(), format, &RenderOptions { width: 120, color: format == Format::Table, ..RenderOptions::default() }).unwrap();
        std::fs::write(directory.join(format!("report.{format}")), text).unwrap();
    }
}
