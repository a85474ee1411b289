//! A document for people, before it is known where it is read: headings, figures, tables, steps.
//!
//! Texts in it are raw. The terminal and the Markdown writer shorten account ids and escape.

use crate::table::Table;

/// A part of a document.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// What the document is.
    Title(String),
    /// Something that must not be overlooked.
    Notice(String),
    /// What follows.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Names and what they are, one a line.
    Fields(Vec<(String, String)>),
    /// A table.
    Table(Table),
    /// Things to do in order. Account ids stay whole here: a shortened one would break a command.
    Steps(Vec<String>),
    /// Things in no order.
    List(Vec<String>),
}

impl Block {
    pub(crate) fn field(name: &str, value: impl Into<String>) -> (String, String) {
        (name.to_owned(), value.into())
    }
}
