//! `gol completions`.

/// Prints the completion script for a shell.
pub fn completions(shell: clap_complete::Shell) -> i32 {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut crate::cli::command(), "gol", &mut out);
    crate::output::stdout(&out);
    0
}
