//! Errors as a person reads them: what happened, on what, why, what to do.

use std::error::Error;
use std::fmt::Write as _;

use crate::exit;

/// An error with its causes, hints and exit code.
#[derive(Debug)]
pub(crate) struct CliError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    hints: Vec<String>,
    exit_code: u8,
}

impl CliError {
    /// A failure: exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None, hints: Vec::new(), exit_code: exit::ERROR }
    }

    /// The user asked for something that makes no sense: exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit_code: exit::USAGE, ..Self::new(message) }
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }

    /// The whole text: message, chain of causes, hints. A cause that only repeats the line above is left out.
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("error: {}\n", self.message);
        let mut last = self.message.clone();
        let mut cause: Option<&dyn Error> = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = cause {
            let line = error.to_string();
            if line != last {
                let _ = writeln!(text, "  caused by: {line}");
            }
            last = line;
            cause = error.source();
        }
        for hint in &self.hints {
            let _ = writeln!(text, "hint: {hint}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("inner")]
    struct Inner;

    #[test]
    fn a_chain_is_told_once_from_the_outside_in() {
        let error = CliError::new("could not do it").with_source(Outer(Inner)).with_hint("do otherwise");
        assert_eq!(error.to_text(), "error: could not do it\n  caused by: outer\n  caused by: inner\nhint: do otherwise\n");
    }
}
