//! Binary `finops`.

fn main() -> std::process::ExitCode {
    finops_cli::main()
}
