//! Where text goes: results to standard output or files, everything else to standard error.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use finops_report::{Format, RenderOptions};

use crate::args::{ColorChoice, FormatArgs, GlobalArgs};
use crate::error::CliError;
use crate::progress::Progress;

/// The width of text that no terminal shows.
const DEFAULT_WIDTH: usize = 120;

/// How this run talks.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    color: bool,
    width: usize,
    show_ids: bool,
    quiet: bool,
    progress: bool,
}

#[expect(clippy::unused_self, reason = "what is printed goes through one object, whether it depends on settings or not")]
impl Output {
    pub(crate) fn new(global: &GlobalArgs) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !no_color && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = columns.or_else(|| is_terminal.then(terminal_width).flatten()).unwrap_or(DEFAULT_WIDTH).clamp(60, 240);
        let progress = std::io::stderr().is_terminal() && !global.no_progress && !global.quiet;
        Self { color, width, show_ids: global.show_ids, quiet: global.quiet, progress }
    }

    pub(crate) fn render_options(&self, top: usize) -> RenderOptions {
        RenderOptions { width: self.width, color: self.color, show_ids: self.show_ids, top, is_saved: false }
    }

    pub(crate) fn progress(&self, message: impl Into<String>) -> Progress {
        Progress::start(self.progress, message.into())
    }

    /// A result. A reader that went away, as `head` does, is no error.
    pub(crate) fn result(&self, text: &str) -> Result<(), CliError> {
        let mut out = std::io::stdout().lock();
        let newline: &[u8] = if text.ends_with('\n') { b"" } else { b"\n" };
        let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(newline)).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(|error| CliError::new("could not write to standard output").with_source(error)),
        }
    }

    /// Something worth knowing that is no result.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Something that went less than well.
    pub(crate) fn warning(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "warning: {text}");
    }

    pub(crate) fn error(&self, error: &CliError) {
        let _ = write!(std::io::stderr().lock(), "{}", error.to_text());
    }

    /// Refuses an unknown format or extension before the work is done, not after.
    pub(crate) fn check_formats(&self, wanted: &FormatArgs, config_format: Option<&str>) -> Result<(), CliError> {
        wanted.format.as_deref().or(config_format).map(parse_format).transpose()?;
        wanted.output.iter().try_for_each(|path| format_of(path, wanted.format.as_deref()).map(|_| ()))
    }

    /// Renders to what was asked for: files, or standard output; a summary there beside files.
    pub(crate) fn deliver(
        &self,
        wanted: &FormatArgs,
        config_format: Option<&str>,
        render: impl Fn(Format, &RenderOptions) -> Result<String, CliError>,
    ) -> Result<(), CliError> {
        let chosen = wanted.format.as_deref().or(config_format).map(parse_format).transpose()?;
        if wanted.output.is_empty() {
            let format = chosen.unwrap_or(Format::Table);
            return self.result(&render(format, &self.render_options(wanted.top))?);
        }
        // Every file's format is known before the first is written.
        let files: Vec<(&PathBuf, Format)> =
            wanted.output.iter().map(|path| Ok((path, format_of(path, wanted.format.as_deref())?))).collect::<Result<_, CliError>>()?;
        for (path, format) in files {
            let options = RenderOptions { color: false, ..self.render_options(wanted.top) };
            write_file(path, render(format, &options)?.as_bytes())?;
            self.note(&format!("wrote {}", path.display()));
        }
        Ok(())
    }
}

fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

fn parse_format(text: &str) -> Result<Format, CliError> {
    text.parse().map_err(|error| CliError::usage(format!("`{text}` is not a format")).with_source(error))
}

fn format_of(path: &Path, given: Option<&str>) -> Result<Format, CliError> {
    if let Some(given) = given {
        return parse_format(given);
    }
    Format::from_extension(path).map_err(|error| {
        CliError::usage(format!("the name of `{}` says no format", path.display()))
            .with_source(error)
            .with_hint("or give it with `--format`")
    })
}

/// Writes a file whole or not at all: beside it first, then in its place.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::new(format!("could not write `{}`", path.display())).with_source(error);
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // A temporary file is its owner's alone; what takes its place is a file like any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(directory).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
