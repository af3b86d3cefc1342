//! Commands and flags.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::ffi::OsString;
use std::path::PathBuf;

/// How diagnostics are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DiagnosticsFormat {
    /// Reports with source excerpts, for people.
    #[default]
    Full,
    /// `file:line:col: message`, one a line.
    Short,
    /// One JSON object a line.
    Json,
}

/// What the command line asks for.
#[derive(Debug)]
pub enum Request {
    /// Run a program.
    Run {
        /// File or folder.
        path: PathBuf,
        /// What the program sees as `os.Args[1:]`.
        args: Vec<OsString>,
        /// How compile errors are printed.
        diagnostics: DiagnosticsFormat,
        /// Bytes the program's objects may take.
        max_mem: Option<usize>,
    },
    /// Type-check only.
    Check {
        /// Files or folders.
        paths: Vec<PathBuf>,
        /// How errors are printed.
        diagnostics: DiagnosticsFormat,
    },
    /// Print what a stage of the pipeline makes of a program.
    Dump {
        /// `ast`, `typed`, `ir` or `bytecode`.
        stage: String,
        /// File or folder.
        path: PathBuf,
        /// Only functions whose name contains this.
        filter: Option<String>,
    },
    /// Print what an error code means; all of them without one.
    Explain(Option<String>),
    /// Run tests.
    Test {
        /// Flags as `go test` has them, and folders.
        args: Vec<OsString>,
    },
    /// The REPL.
    Repl {
        /// Inputs come from standard input and are printed with what they yield.
        transcript: bool,
    },
    /// Print the version.
    Version,
}

fn diagnostics_arg() -> Arg {
    Arg::new("diagnostics")
        .long("diagnostics")
        .value_name("FORMAT")
        .value_parser(["full", "short", "json"])
        .help("How errors are printed [default: full, or $GOL_DIAGNOSTICS]")
}

/// A number of bytes: digits, then perhaps K, M, G or T, with or without B or iB.
fn size(text: &str) -> Result<usize, String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let shift = match unit.trim_end_matches("iB").trim_end_matches('B') {
        "" => 0,
        "K" | "k" => 10,
        "M" | "m" => 20,
        "G" | "g" => 30,
        "T" | "t" => 40,
        _ => return Err("not a size like 512M".into()),
    };
    let digits = &text[..text.len() - unit.len()];
    let n: usize = digits.parse().map_err(|_| "not a size like 512M".to_string())?;
    n.checked_mul(1 << shift).filter(|n| *n > 0).ok_or_else(|| "out of range".into())
}

/// The whole command line.
pub fn command() -> Command {
    let path = || Arg::new("path").value_name("FILE|DIR").required(true).value_parser(value_parser!(PathBuf));
    Command::new("gol")
        .about("Runs Go programs as scripts")
        .after_help(
            "Examples:\n  gol hello.gol             run a file\n  gol run ./cmd/tool -v     run the program in a folder, with an argument\n  gol check .               report every error\n",
        )
        .allow_external_subcommands(true)
        .external_subcommand_value_parser(value_parser!(OsString))
        .subcommand(
            Command::new("run")
                .about("Run a program: one file, or the main package in a folder")
                .arg(diagnostics_arg())
                .arg(
                    Arg::new("max-mem")
                        .long("max-mem")
                        .value_name("SIZE")
                        .value_parser(size)
                        .help("End the program when its objects need more memory, such as 512M or 2G"),
                )
                .arg(path())
                .arg(
                    Arg::new("args")
                        .value_name("ARGS")
                        .num_args(0..)
                        .trailing_var_arg(true)
                        .allow_hyphen_values(true)
                        .value_parser(value_parser!(OsString))
                        .help("Arguments of the program, passed on untouched"),
                ),
        )
        .subcommand(
            Command::new("check")
                .about("Report every error of a program without running it")
                .arg(diagnostics_arg())
                .arg(path().action(ArgAction::Append).num_args(1..)),
        )
        .subcommand(
            Command::new("dump")
                .about("Print what a stage of the pipeline makes of a program")
                .arg(
                    Arg::new("stage")
                        .long("stage")
                        .value_name("STAGE")
                        .default_value("bytecode")
                        .value_parser(["ast", "typed", "ir", "bytecode"]),
                )
                .arg(Arg::new("func").long("func").value_name("NAME").help("Only functions whose name contains NAME"))
                .arg(path()),
        )
        .subcommand(
            Command::new("explain")
                .about("Print what an error code means, with a program that it is about")
                .arg(Arg::new("code").value_name("CODE").help("Such as UndeclaredName; all codes if left out")),
        )
        .subcommand(
            Command::new("test")
                .about("Run the tests of a package")
                .override_usage("gol test [-v] [-run REGEXP] [-bench REGEXP] [-count N] [-short] [DIR...] [-args ARGS...]")
                .arg(
                    Arg::new("args")
                        .value_name("FLAGS|DIR")
                        .num_args(0..)
                        .trailing_var_arg(true)
                        .allow_hyphen_values(true)
                        .value_parser(value_parser!(OsString))
                        .help("Flags of go test and folders, the working directory if there are none"),
                ),
        )
        .subcommand(
            Command::new("repl")
                .about("Type Go and see what it does (also gol alone, at a terminal)")
                .arg(
                    Arg::new("transcript")
                        .long("transcript")
                        .action(ArgAction::SetTrue)
                        .help("Read inputs from standard input and print them with prompts and what they yield"),
                ),
        )
        .subcommand(Command::new("version").about("Print the version"))
}

fn format(m: &ArgMatches) -> DiagnosticsFormat {
    let env = std::env::var("GOL_DIAGNOSTICS").ok();
    match m.get_one::<String>("diagnostics").map(String::as_str).or(env.as_deref()) {
        Some("short") => DiagnosticsFormat::Short,
        Some("json") => DiagnosticsFormat::Json,
        _ => DiagnosticsFormat::Full,
    }
}

/// Reads the command line; prints help or a usage error and exits where that is what is left to do.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Request {
    let m = command().get_matches_from(args);
    match m.subcommand() {
        Some(("run", m)) => Request::Run {
            path: m.get_one::<PathBuf>("path").cloned().unwrap_or_default(),
            args: m.get_many::<OsString>("args").map(|a| a.cloned().collect()).unwrap_or_default(),
            diagnostics: format(m),
            max_mem: m.get_one::<usize>("max-mem").copied(),
        },
        Some(("check", m)) => Request::Check {
            paths: m.get_many::<PathBuf>("path").map(|p| p.cloned().collect()).unwrap_or_default(),
            diagnostics: format(m),
        },
        Some(("dump", m)) => Request::Dump {
            stage: m.get_one::<String>("stage").cloned().unwrap_or_default(),
            path: m.get_one::<PathBuf>("path").cloned().unwrap_or_default(),
            filter: m.get_one::<String>("func").cloned(),
        },
        Some(("explain", m)) => Request::Explain(m.get_one::<String>("code").cloned()),
        Some(("test", m)) => {
            Request::Test { args: m.get_many::<OsString>("args").map(|a| a.cloned().collect()).unwrap_or_default() }
        }
        Some(("repl", m)) => Request::Repl { transcript: m.get_flag("transcript") },
        Some(("version", _)) => Request::Version,
        None => Request::Repl { transcript: false },
        Some((file, m)) => Request::Run {
            path: PathBuf::from(file),
            args: m.get_many::<OsString>("").map(|a| a.cloned().collect()).unwrap_or_default(),
            diagnostics: match std::env::var("GOL_DIAGNOSTICS").as_deref() {
                Ok("short") => DiagnosticsFormat::Short,
                Ok("json") => DiagnosticsFormat::Json,
                _ => DiagnosticsFormat::Full,
            },
            max_mem: None,
        },
    }
}
