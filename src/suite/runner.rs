//! Runs many cases at a time.

use super::{Case, bless, directive, outcome};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How a case went.
#[derive(Debug)]
pub enum Verdict {
    /// As it says.
    Pass,
    /// Its expectation has been rewritten.
    Blessed,
    /// Not as it says: a report for people.
    Fail(String),
    /// It was not run: why.
    Skip(String),
}

/// A case that is done with.
#[derive(Debug)]
pub struct Outcome {
    /// The case.
    pub case: Case,
    /// How it went.
    pub verdict: Verdict,
    /// How long it took.
    pub time: Duration,
}

/// Runs all cases with a `gol` binary, `jobs` at a time, and hands each outcome to `done` as soon as it is there. They are
/// returned in the order of the cases.
pub fn run(gol: &Path, cases: Vec<Case>, jobs: usize, blessing: bool, mut done: impl FnMut(&Outcome)) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let mut outcomes: Vec<Option<Outcome>> = cases.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, cases.len().max(1)) {
            let (send, next, cases) = (send.clone(), &next, &cases);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(at) else { break };
                    let started = Instant::now();
                    let verdict = one(gol, case, blessing);
                    let _ = send.send((at, Outcome { case: case.clone(), verdict, time: started.elapsed() }));
                }
            });
        }
        drop(send);
        for (at, outcome) in receive {
            done(&outcome);
            outcomes[at] = Some(outcome);
        }
    });
    outcomes.into_iter().flatten().collect()
}

fn one(gol: &Path, case: &Case, blessing: bool) -> Verdict {
    match std::fs::read_to_string(&case.file) {
        Ok(text) if !directive::is_present(&text) => {
            return Verdict::Skip("no // run, // errorcheck or // compile".into());
        }
        Ok(_) => {}
        Err(e) => return Verdict::Fail(e.to_string()),
    }
    let report = match outcome::run(gol, case) {
        Ok(()) => return Verdict::Pass,
        Err(report) => report,
    };
    if !blessing {
        return Verdict::Fail(report);
    }
    match rewrite(gol, case) {
        Ok(true) => Verdict::Blessed,
        Ok(false) => Verdict::Fail(report),
        Err(e) => Verdict::Fail(format!("{e}\n{report}")),
    }
}

/// Rewrites the expected output of a case; gives whether it then passes.
fn rewrite(gol: &Path, case: &Case) -> Result<bool, String> {
    let Some(stdout) = outcome::output_of(gol, case)? else { return Ok(false) };
    let old = std::fs::read_to_string(&case.file).map_err(|e| e.to_string())?;
    std::fs::write(&case.file, bless::output(&old, &stdout)).map_err(|e| e.to_string())?;
    if outcome::run(gol, case).is_ok() {
        return Ok(true);
    }
    // Something else is wrong with it, and that is not settled by rewriting.
    std::fs::write(&case.file, old).map_err(|e| e.to_string())?;
    Ok(false)
}
