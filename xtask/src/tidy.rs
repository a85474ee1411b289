//! Form of the source files: what a formatter and a compiler do not see.

use std::fs;
use std::path::Path;

use crate::run::{output_of, program, root};

const LONG: usize = 500;
const TOO_LONG: usize = 1000;

/// What stands in no file: where packages come from here, and where the workspace lies on someone's disk.
///
/// Written in two parts, so that this file passes its own rule.
const NOT_IN_A_FILE: [(&str, &str, &str); 6] = [
    ("artifact", "ory", "the host of a package mirror"),
    ("crates-io-mirr", "or", "the host of a package mirror"),
    ("/ho", "me/", "a path of someone's machine"),
    ("/Use", "rs/", "a path of someone's machine"),
    ("/wo", "rk/", "a path of someone's machine"),
    ("/ro", "ot/", "a path of someone's machine"),
];

/// What is out of form in the files that git knows or would add.
pub(crate) fn problems() -> Result<Vec<String>, String> {
    let listed = output_of(&mut program("git", &["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let mut problems = Vec::new();
    for path in listed.lines() {
        // Deleted, or no text.
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        problems.extend(file_problems(path, &text));
    }
    Ok(problems)
}

fn file_problems(path: &str, text: &str) -> Vec<String> {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or("");
    let mut problems = Vec::new();
    if !path.starts_with("tests/data/") && extension != "lock" {
        problems.extend(word_problems(path, text));
    }
    if extension != "rs" {
        return problems;
    }
    let is_test = path.contains("/tests/") || path.starts_with("tests/") || path.ends_with("/tests.rs");
    if !is_test && !text.starts_with("//!") {
        problems.push(format!("{path} does not begin with `//!` and what it is about"));
    }
    let is_generated = text.lines().take(3).any(|line| line.contains("@generated"));
    match text.lines().count() {
        lines if lines > TOO_LONG && !is_generated => {
            problems.push(format!("{path} has {lines} lines, {TOO_LONG} are the end: split it by subject"));
        }
        lines if lines > LONG && !is_generated => {
            eprintln!("tidy: warning: {path} has {lines} lines, more than {LONG}: does it have one subject?");
        }
        _ => {}
    }
    problems
}

fn word_problems(path: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let note = concat!("TO", "DO");
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        for (first, second, what) in NOT_IN_A_FILE {
            if names(line, &format!("{first}{second}")) {
                problems.push(format!("{path}:{number}: {what}"));
            }
        }
        let is_note = line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == note || word == concat!("FIX", "ME"));
        if is_note && !line.contains('#') && !line.contains("issues/") {
            problems.push(format!("{path}:{number}: a {note} without an issue, `{note}(#12)`"));
        }
    }
    problems
}

/// Whether a line has the text, and not as a part of a longer path or word.
fn names(line: &str, text: &str) -> bool {
    let is_free = |at: usize| {
        line.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_ascii_alphanumeric() && !"/._-~}".contains(c))
    };
    line.match_indices(text).any(|(at, _)| !text.starts_with('/') || is_free(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_tidy() {
        assert_eq!(problems().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_source_file_says_what_it_is_about() {
        assert_eq!(file_problems("crates/a/src/b.rs", "//! B.\n"), Vec::<String>::new());
        assert_eq!(file_problems("crates/a/src/b.rs", "use std::fs;\n").len(), 1);
        assert_eq!(file_problems("crates/a/tests/b.rs", "use std::fs;\n"), Vec::<String>::new());
    }

    #[test]
    fn a_source_file_has_an_end() {
        let long = format!("//! B.\n{}", "\n".repeat(TOO_LONG));
        assert_eq!(file_problems("crates/a/src/b.rs", &long).len(), 1);
        assert_eq!(file_problems("crates/a/src/b.rs", &format!("//! @generated\n{long}")), Vec::<String>::new());
    }

    #[test]
    fn a_note_has_an_issue_and_a_path_is_nobody_s_own() {
        let note = concat!("// TO", "DO");
        assert_eq!(word_problems("a.md", &format!("{note} later\n{note}(#7) later")).len(), 1);
        assert_eq!(word_problems("a.md", concat!("see /wo", "rk/here")).len(), 1);
        assert_eq!(word_problems("a.md", concat!("see docs/wo", "rk/here")), Vec::<String>::new());
    }
}
