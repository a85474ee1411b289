//! What holds of every check.
