//! `gol explain`.

use gol_lang::diag::Code;
use std::fmt::Write as _;

/// Prints what the error code means, with a program that it is about; lists all codes without one.
pub fn explain(name: Option<&str>) -> i32 {
    let Some(name) = name else {
        let mut out = String::new();
        for code in Code::ALL {
            let _ = writeln!(out, "{:28} {}", code.name(), code.meaning());
        }
        crate::output::stdout(out.as_bytes());
        return 0;
    };
    let Some(code) = Code::ALL.iter().find(|c| c.name().eq_ignore_ascii_case(name)) else {
        crate::output::stderr(format!("gol: there is no error code {name} (gol explain lists them)\n").as_bytes());
        return 1;
    };
    let mut out = format!("{}: {}\n", code.name(), code.meaning());
    if !code.example().is_empty() {
        out.push_str("\nFor example:\n\n");
        for line in code.example().lines() {
            let _ = writeln!(out, "    {line}");
        }
    }
    crate::output::stdout(out.as_bytes());
    0
}
