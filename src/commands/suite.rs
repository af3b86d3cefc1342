//! `gol suite`.

use crate::output;
use crate::suite::runner::{self, Outcome, Verdict};
use crate::suite::{self, Options, report};
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::time::Instant;

/// Runs the programs below some folders; answers the exit status.
pub fn suite(options: &Options) -> i32 {
    match try_suite(options) {
        Ok(code) => code,
        Err(e) => {
            output::stderr(format!("gol: {e}\n").as_bytes());
            2
        }
    }
}

fn try_suite(options: &Options) -> Result<i32, String> {
    let mut cases = Vec::new();
    for path in &options.paths {
        cases.extend(suite::discover(path).map_err(|e| format!("{}: {}", path.display(), crate::loader::io_text(&e)))?);
    }
    if let Some(filter) = &options.filter {
        let filter = regex::Regex::new(filter).map_err(|e| format!("--run: {e}"))?;
        cases.retain(|c| filter.is_match(&c.name));
    }
    if cases.is_empty() {
        return Err("no programs found".into());
    }
    let gol = std::env::current_exe().map_err(|e| e.to_string())?;
    let jobs = options.jobs.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    let started = Instant::now();
    let mut progress = Progress::new(cases.len(), std::io::stderr().is_terminal() && !options.json);
    let outcomes = runner::run(&gol, cases, jobs, options.bless, |o| {
        if options.json {
            output::stdout(format!("{}\n", report::json(o)).as_bytes());
        }
        progress.done(o, !options.json);
    });
    if let Some(file) = &options.junit {
        std::fs::write(file, report::junit(&outcomes))
            .map_err(|e| format!("{}: {}", file.display(), crate::loader::io_text(&e)))?;
    }
    let failed = progress.failed;
    if !options.json {
        let mut line = format!("{} passed", progress.passed);
        for (n, what) in [(failed, "failed"), (progress.blessed, "blessed"), (progress.skipped, "skipped")] {
            if n > 0 {
                let _ = write!(line, ", {n} {what}");
            }
        }
        output::stdout(format!("{line} in {:.1} s\n", started.elapsed().as_secs_f64()).as_bytes());
    }
    Ok(i32::from(failed > 0))
}

/// Counts, and a line on the terminal that shows them.
struct Progress {
    total: usize,
    live: bool,
    passed: usize,
    failed: usize,
    blessed: usize,
    skipped: usize,
}

impl Progress {
    fn new(total: usize, live: bool) -> Progress {
        Progress { total, live, passed: 0, failed: 0, blessed: 0, skipped: 0 }
    }

    fn done(&mut self, o: &Outcome, print: bool) {
        match &o.verdict {
            Verdict::Pass => self.passed += 1,
            Verdict::Blessed => self.blessed += 1,
            Verdict::Skip(_) => self.skipped += 1,
            Verdict::Fail(report) => {
                self.failed += 1;
                if print {
                    self.clear();
                    let mut text = format!("FAIL {}\n", o.case.name);
                    for line in report.lines() {
                        let _ = writeln!(text, "     {line}");
                    }
                    output::stdout(text.as_bytes());
                }
            }
        }
        if self.live {
            let count = self.passed + self.failed + self.blessed + self.skipped;
            let name: String = o.case.name.chars().take(50).collect();
            let line = format!("\r\x1b[K{count}/{} ({} failed) {name}", self.total, self.failed);
            output::stderr(line.as_bytes());
            if count == self.total {
                self.clear();
            }
        }
    }

    fn clear(&self) {
        if self.live {
            output::stderr(b"\r\x1b[K");
        }
    }
}
