//! Commands and flags.

pub mod split;

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use split::{Split, Words};
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

/// Where a program comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A file, or a folder with a main package.
    Path(PathBuf),
    /// The text of `-e`.
    Code(String),
    /// Standard input.
    Stdin,
}

/// Options of all commands that compile something.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompileOptions {
    /// How compile errors are printed.
    pub diagnostics: DiagnosticsFormat,
    /// Whether scripts are held to Go's rules.
    pub strict: bool,
}

/// What the command line asks for.
#[derive(Debug)]
pub enum Request {
    /// Run a program.
    Run {
        /// The program.
        program: Program,
        /// What the program sees as `os.Args[1:]`.
        args: Vec<OsString>,
        /// How it is compiled.
        options: CompileOptions,
        /// Bytes the program's objects may take.
        max_mem: Option<usize>,
    },
    /// Type-check only.
    Check {
        /// Files or folders.
        paths: Vec<PathBuf>,
        /// How they are compiled.
        options: CompileOptions,
    },
    /// Print what a stage of the pipeline makes of a program.
    Dump {
        /// `ast`, `typed`, `ir` or `bytecode`.
        stage: String,
        /// The program.
        program: Program,
        /// Only functions whose name contains this.
        filter: Option<String>,
        /// How it is compiled.
        options: CompileOptions,
    },
    /// Print documentation.
    Doc {
        /// A package, or a name in one; the list of packages without it.
        what: Option<String>,
        /// Whether names that are not exported are listed too.
        all: bool,
    },
    /// Print what an error code means; all of them without one.
    Explain(Option<String>),
    /// Run tests of a package.
    Test {
        /// Flags as `go test` has them, and folders.
        args: Vec<OsString>,
    },
    /// Run programs that carry their expectation.
    Suite(crate::suite::Options),
    /// The REPL.
    Repl {
        /// Inputs come from standard input and are printed with what they yield.
        transcript: bool,
    },
    /// Print a completion script.
    Completions(clap_complete::Shell),
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

fn max_mem_arg() -> Arg {
    Arg::new("max-mem")
        .long("max-mem")
        .value_name("SIZE")
        .value_parser(size)
        .help("End the program when its objects need more memory, such as 512M or 2G")
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

fn strict_arg() -> Arg {
    Arg::new("strict")
        .long("strict")
        .action(ArgAction::SetTrue)
        .help("Hold scripts to Go's rules: import every package, use every variable")
}

fn path_arg() -> Arg {
    Arg::new("path")
        .value_name("FILE|DIR")
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .value_hint(ValueHint::AnyPath)
}

fn rest_arg(name: &'static str) -> Arg {
    Arg::new("args")
        .value_name(name)
        .num_args(0..)
        .trailing_var_arg(true)
        .allow_hyphen_values(true)
        .value_parser(value_parser!(OsString))
}

/// The whole command line.
pub fn command() -> Command {
    Command::new("gol")
        .about("Runs Go programs as scripts")
        .version(concat!(env!("CARGO_PKG_VERSION"), " (Go 1.27) linux/amd64"))
        .override_usage(
            "gol [OPTIONS] FILE|DIR [ARGS]...\n       gol [OPTIONS] -e CODE [ARGS]...\n       gol [OPTIONS] - [ARGS]...\n       gol COMMAND [OPTIONS]...",
        )
        .after_help(
            "Examples:\n  \
             gol hello.gol                        run a file\n  \
             gol -e 'fmt.Println(math.Sqrt(2))'   run a line of code\n  \
             generate | gol - x y                 run what comes from standard input, with two arguments\n  \
             gol run ./cmd/tool -v                run the program in a folder, with an argument\n  \
             gol check .                          report every error\n  \
             gol doc strings.Cut                  look something up\n\n\
             Without arguments gol runs what is piped into it; at a terminal it is a REPL.\n\n\
             Exit status: that of the program; 2 if it panics, 1 if it does not compile or cannot be read.",
        )
        .arg(
            Arg::new("program")
                .value_name("FILE|DIR")
                .value_hint(ValueHint::AnyPath)
                .help("The program to run, unless it is a command; - is standard input"),
        )
        .arg(
            Arg::new("code")
                .short('e')
                .value_name("CODE")
                .action(ArgAction::Append)
                .help("Run CODE; several are lines of one program"),
        )
        .arg(strict_arg())
        .arg(diagnostics_arg())
        .arg(max_mem_arg())
        .subcommand(
            Command::new("run")
                .about("Run a program: a file, or the main package in a folder")
                .after_help(
                    "What follows the program is passed on to it untouched.\n\n\
                     Examples:\n  gol run hello.gol\n  gol run --strict ./cmd/tool -v\n  gol run - < hello.gol",
                )
                .arg(strict_arg())
                .arg(diagnostics_arg())
                .arg(max_mem_arg())
                .arg(path_arg().help("The program; - is standard input"))
                .arg(rest_arg("ARGS").help("Arguments of the program")),
        )
        .subcommand(
            Command::new("check")
                .about("Report every error of a program without running it")
                .after_help(
                    "Files are checked together, as one package; folders one by one. Exit status 1 if there are errors.\n\n\
                     Examples:\n  gol check .\n  gol check --diagnostics=json script.gol",
                )
                .arg(strict_arg())
                .arg(diagnostics_arg())
                .arg(path_arg().action(ArgAction::Append).num_args(1..).help("Files or folders")),
        )
        .subcommand(
            Command::new("test")
                .about("Run the tests of a package")
                .override_usage("gol test [-v] [-run REGEXP] [-bench REGEXP] [-count N] [-short] [DIR...] [-args ARGS...]")
                .after_help("Examples:\n  gol test\n  gol test -v -run 'Parse' ./...")
                .arg(rest_arg("FLAGS|DIR").help("Flags of go test and folders, the working directory if there are none")),
        )
        .subcommand(
            Command::new("repl")
                .about("Type Go and see what it does (also gol alone, at a terminal)")
                .after_help("Examples:\n  gol repl\n  gol repl --transcript < inputs.txt")
                .arg(
                    Arg::new("transcript")
                        .long("transcript")
                        .action(ArgAction::SetTrue)
                        .help("Read inputs from standard input and print them with prompts and what they yield"),
                ),
        )
        .subcommand(suite_command())
        .subcommand(
            Command::new("doc")
                .about("Show the documentation of a package or of a name in it")
                .after_help(
                    "Examples:\n  gol doc                    list the library's packages\n  gol doc strings\n  \
                     gol doc strings.Builder\n  gol doc strings.Builder.WriteString\n  gol doc ./geometry",
                )
                .arg(Arg::new("all").short('u').action(ArgAction::SetTrue).help("Also what is not exported"))
                .arg(Arg::new("what").value_name("PACKAGE[.NAME[.METHOD]]").help("A package's path or last element, or a folder")),
        )
        .subcommand(
            Command::new("explain")
                .about("Explain an error code, with a program that it is about")
                .after_help("Examples:\n  gol explain UnusedVar\n  gol explain               list all codes")
                .arg(Arg::new("code").value_name("CODE").help("Such as UndeclaredName; all codes if left out")),
        )
        .subcommand(
            Command::new("dump")
                .about("Print what a stage of the compiler makes of a program")
                .after_help("Examples:\n  gol dump hello.gol\n  gol dump --stage=ir --func=main.main hello.gol")
                .arg(
                    Arg::new("stage")
                        .long("stage")
                        .value_name("STAGE")
                        .default_value("bytecode")
                        .value_parser(["tokens", "ast", "typed", "ir", "bytecode"])
                        .help("Which stage"),
                )
                .arg(Arg::new("func").long("func").value_name("NAME").help("Only functions whose name contains NAME"))
                .arg(strict_arg())
                .arg(path_arg().help("The program; - is standard input")),
        )
        .subcommand(
            Command::new("completions")
                .about("Print a completion script for a shell")
                .after_help(
                    "Examples:\n  gol completions bash > ~/.local/share/bash-completion/completions/gol\n  \
                     gol completions zsh > ~/.zfunc/_gol\n  gol completions fish > ~/.config/fish/completions/gol.fish",
                )
                .arg(Arg::new("shell").required(true).value_parser(["bash", "zsh", "fish"]).help("Which shell")),
        )
        .subcommand(Command::new("version").about("Print the version"))
}

fn suite_command() -> Command {
    Command::new("suite")
        .about("Run programs that carry their expectation inside")
        .after_help(
            "A program opens with // run, // errorcheck or // compile; // Output: at its end is what it prints,\n\
             // ERROR \"regexp\" on a line is an error expected there. docs/LANGUAGE.md describes all directives.\n\
             Exit status 1 if a program fails.\n\n\
             Examples:\n  gol suite tests\n  gol suite --run 'maps/' tests\n  gol suite --bless tests/new.gol\n  \
             gol suite --junit=report.xml tests",
        )
        .arg(Arg::new("run").long("run").value_name("REGEX").help("Only programs whose name matches"))
        .arg(
            Arg::new("bless")
                .long("bless")
                .action(ArgAction::SetTrue)
                .help("Rewrite the Output blocks of // run programs to what they print"),
        )
        .arg(
            Arg::new("jobs")
                .short('j')
                .long("jobs")
                .value_name("N")
                .value_parser(value_parser!(u16).range(1..))
                .help("How many run at a time [default: the number of processors]"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("One JSON object for each program on standard output"),
        )
        .arg(
            Arg::new("junit")
                .long("junit")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Write a JUnit report"),
        )
        .arg(
            Arg::new("path")
                .value_name("DIR|FILE")
                .required(true)
                .action(ArgAction::Append)
                .num_args(1..)
                .value_parser(value_parser!(PathBuf))
                .help("Folders with programs, or single programs"),
        )
}

fn compile_options(m: &ArgMatches, outer: CompileOptions) -> CompileOptions {
    let format = m.try_get_one::<String>("diagnostics").ok().flatten().map(String::as_str);
    let strict = m.try_get_one::<bool>("strict").ok().flatten().copied().unwrap_or(false);
    CompileOptions {
        strict: strict || outer.strict,
        diagnostics: match format {
            Some("full") => DiagnosticsFormat::Full,
            Some("short") => DiagnosticsFormat::Short,
            Some("json") => DiagnosticsFormat::Json,
            _ => outer.diagnostics,
        },
    }
}

fn from_environment() -> CompileOptions {
    let diagnostics = match std::env::var("GOL_DIAGNOSTICS").as_deref() {
        Ok("short") => DiagnosticsFormat::Short,
        Ok("json") => DiagnosticsFormat::Json,
        _ => DiagnosticsFormat::Full,
    };
    CompileOptions { diagnostics, strict: false }
}

fn program(path: &std::ffi::OsStr) -> Program {
    if path == "-" { Program::Stdin } else { Program::Path(PathBuf::from(path)) }
}

/// Reads the command line; prints help or a usage error and exits where that is what is left to do.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Request {
    let args: Vec<OsString> = args.into_iter().collect();
    match split::split(&args) {
        // What most starts are: no need to build the parser.
        Split::Plain { program: p, args } => {
            Request::Run { program: program(&p), args: args.to_vec(), options: from_environment(), max_mem: None }
        }
        Split::Program { options, words } => {
            if let Some(request) = code_only(&options[1..], &words) {
                return request;
            }
            let m = command().get_matches_from(options);
            let options = compile_options(&m, from_environment());
            let max_mem = m.get_one::<usize>("max-mem").copied();
            let code: Option<Vec<&String>> = m.get_many::<String>("code").map(Iterator::collect);
            match (code, words) {
                (Some(lines), words) => {
                    let text = lines.iter().map(|l| l.as_str()).collect::<Vec<_>>().join("\n");
                    Request::Run { program: Program::Code(text), args: words.all(), options, max_mem }
                }
                (None, Words::File(file, rest)) => {
                    Request::Run { program: program(file), args: rest.to_vec(), options, max_mem }
                }
                (None, Words::None) => bare(options, max_mem),
            }
        }
        Split::Command => subcommand(&command().get_matches_from(args)),
    }
}

/// The request of a line whose options are all `-e CODE`: it needs no parser either.
fn code_only(options: &[OsString], words: &Words<'_>) -> Option<Request> {
    let mut lines = Vec::new();
    for pair in options.chunks(2) {
        match pair {
            [flag, code] if flag == "-e" => lines.push(code.to_str()?),
            _ => return None,
        }
    }
    let program = Program::Code(lines.join("\n"));
    (!lines.is_empty()).then(|| Request::Run { program, args: words.all(), options: from_environment(), max_mem: None })
}

/// No program on the command line: it is piped in, unless there is a terminal.
fn bare(options: CompileOptions, max_mem: Option<usize>) -> Request {
    use std::io::IsTerminal;
    if std::io::stdin().is_terminal() {
        return Request::Repl { transcript: false };
    }
    Request::Run { program: Program::Stdin, args: Vec::new(), options, max_mem }
}

fn subcommand(m: &ArgMatches) -> Request {
    let outer = compile_options(m, from_environment());
    let outer_mem = m.get_one::<usize>("max-mem");
    let paths = |m: &ArgMatches| -> Vec<PathBuf> {
        m.get_many::<PathBuf>("path").map(|p| p.cloned().collect()).unwrap_or_default()
    };
    let rest = |m: &ArgMatches| -> Vec<OsString> {
        m.get_many::<OsString>("args").map(|a| a.cloned().collect()).unwrap_or_default()
    };
    let text = |m: &ArgMatches, name: &str| m.get_one::<String>(name).cloned();
    match m.subcommand() {
        Some(("run", m)) => Request::Run {
            program: program(m.get_one::<PathBuf>("path").cloned().unwrap_or_default().as_os_str()),
            args: rest(m),
            options: compile_options(m, outer),
            max_mem: m.get_one::<usize>("max-mem").or(outer_mem).copied(),
        },
        Some(("check", m)) => Request::Check { paths: paths(m), options: compile_options(m, outer) },
        Some(("dump", m)) => Request::Dump {
            stage: text(m, "stage").unwrap_or_default(),
            program: program(m.get_one::<PathBuf>("path").cloned().unwrap_or_default().as_os_str()),
            filter: text(m, "func"),
            options: compile_options(m, outer),
        },
        Some(("doc", m)) => Request::Doc { what: text(m, "what"), all: m.get_flag("all") },
        Some(("explain", m)) => Request::Explain(text(m, "code")),
        Some(("test", m)) => Request::Test { args: rest(m) },
        Some(("repl", m)) => Request::Repl { transcript: m.get_flag("transcript") },
        Some(("suite", m)) => Request::Suite(crate::suite::Options {
            paths: paths(m),
            filter: text(m, "run"),
            bless: m.get_flag("bless"),
            jobs: m.get_one::<u16>("jobs").map(|&n| usize::from(n)),
            json: m.get_flag("json"),
            junit: m.get_one::<PathBuf>("junit").cloned(),
        }),
        Some(("completions", m)) => Request::Completions(match text(m, "shell").as_deref() {
            Some("zsh") => clap_complete::Shell::Zsh,
            Some("fish") => clap_complete::Shell::Fish,
            _ => clap_complete::Shell::Bash,
        }),
        _ => Request::Version,
    }
}
