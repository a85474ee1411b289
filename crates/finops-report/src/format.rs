//! Which formats there are, and what a reader can set about them.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a terminal.
    Table,
    /// For a terminal, a few lines.
    Summary,
    /// The document itself.
    Json,
    /// Findings, one a line.
    Csv,
    /// For a ticket.
    Markdown,
    /// One self-contained page.
    Html,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

impl Format {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] = [Self::Table, Self::Summary, Self::Json, Self::Csv, Self::Markdown, Self::Html, Self::Sarif];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Summary => "summary",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Sarif => "sarif",
        }
    }

    /// The format that a file's name asks for: `.json`, `.csv`, `.md`, `.html`, `.sarif`, `.txt`.
    ///
    /// # Errors
    /// Where the extension is missing or none of these.
    pub fn from_extension(path: &Path) -> Result<Self, UnknownFormat> {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        if name.ends_with(".sarif.json") {
            return Ok(Self::Sarif);
        }
        match path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase()).as_deref() {
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some("md" | "markdown") => Ok(Self::Markdown),
            Some("html" | "htm") => Ok(Self::Html),
            Some("sarif") => Ok(Self::Sarif),
            Some("txt") => Ok(Self::Table),
            _ => Err(UnknownFormat(path.display().to_string(), "a file name ending in .json, .csv, .md, .html, .sarif or .txt")),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.to_ascii_lowercase();
        let known = Self::ALL.into_iter().find(|format| format.as_str() == wanted);
        let synonym = match wanted.as_str() {
            "md" => Some(Self::Markdown),
            "text" | "txt" => Some(Self::Table),
            _ => None,
        };
        known.or(synonym).ok_or_else(|| UnknownFormat(text.to_owned(), "table, summary, json, csv, markdown, html, sarif"))
    }
}

/// A format that there is none of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{0}`; known: {1}")]
pub struct UnknownFormat(String, &'static str);

/// What a reader can set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Columns of the terminal; 60 is the least that is used, 200 the most.
    pub width: usize,
    /// Whether colour may be used. Nothing is said by colour alone.
    pub color: bool,
    /// Whether account ids are written in full. JSON, CSV and SARIF always hold them in full.
    pub show_ids: bool,
    /// How many lines the lists have at most. JSON, CSV, SARIF and HTML always hold everything.
    pub top: usize,
    /// Whether the report is in a store, so that the next commands to type can name it.
    pub is_saved: bool,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { width: 100, color: false, show_ids: false, top: 10, is_saved: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_understood_and_an_unknown_one_lists_them() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let error = "pdf".parse::<Format>().unwrap_err().to_string();
        assert!(Format::ALL.iter().all(|format| error.contains(format.as_str())), "{error}");
    }

    #[test]
    fn the_file_name_gives_the_format() {
        let of = |name: &str| Format::from_extension(Path::new(name)).ok();
        assert_eq!(of("out/report.HTML"), Some(Format::Html));
        assert_eq!(of("report.sarif.json"), Some(Format::Sarif));
        assert_eq!(of("report.md"), Some(Format::Markdown));
        assert_eq!(of("report"), None);
        assert!(Format::from_extension(Path::new("report.pdf")).unwrap_err().to_string().contains(".html"));
    }
}
