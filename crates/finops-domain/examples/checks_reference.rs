//! Prints the reference of all checks in Markdown: what is kept in `docs/checks.md`.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

use finops_domain::checks::{ALL, CheckMeta, Effort, Risk};

fn main() {
    let mut metas: Vec<&CheckMeta> = ALL.iter().map(|check| check.meta()).collect();
    metas.sort_by_key(|meta| meta.id);
    println!("# Checks\n");
    println!("<!-- Written by `cargo xtask generate` from the checks themselves; edit those. -->\n");
    println!("What each figure means stands in [semantics.md](semantics.md). There are {} checks.\n", metas.len());
    println!("| check | what it finds | risk | effort |\n|---|---|---|---|");
    for meta in &metas {
        let anchor = meta.id.replace('.', "");
        println!("| [`{}`](#{anchor}) | {} | {} | {} |", meta.id, cell(meta.title), risk(meta.risk), effort(meta.effort));
    }
    for meta in metas {
        page(meta);
    }
}

fn page(meta: &CheckMeta) {
    println!("\n## `{}`\n\n{}.\n\n{}\n", meta.id, meta.title.trim_end_matches('.'), meta.why);
    println!("- **Saving**: {}", meta.saving);
    println!("- **Risk**: {}. {}", risk(meta.risk), meta.risk_note);
    println!("- **Effort**: {}", effort(meta.effort));
    println!("- **Roll back**: {}", meta.rollback);
    let services = if meta.services.is_empty() { "all".to_owned() } else { format!("`{}`", meta.services.join("`, `")) };
    println!("- **Services**: {services}");
    println!("- **Source**: <{}>, read {}", meta.source, meta.source_as_of);
    if !meta.steps.is_empty() {
        println!("\nSteps:\n");
    }
    for (number, step) in meta.steps.iter().enumerate() {
        println!("{}. {step}", number + 1);
    }
    if meta.parameters.is_empty() {
        return;
    }
    println!("\n| parameter | default | unit | what it does |\n|---|---|---|---|");
    for parameter in meta.parameters {
        println!("| `{}` | {} | {} | {} |", parameter.name, parameter.default, cell(parameter.unit), cell(parameter.about));
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "low",
        Risk::Medium => "medium",
        Risk::High => "high",
    }
}

fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
    }
}
