//! The program under test: the same as `finops`, built as a binary of this package so that its tests always find it.

fn main() -> std::process::ExitCode {
    finops_cli::main()
}
