//! Every program below `tests/` and `examples/` becomes one named test. A sample of them runs a second time with the collector made
//! to fail early (`gcstress/…`): collections all the time, what is freed overwritten, every marking checked by a second one. Another
//! sample runs behind a compiled library (`library/…`), as programs do outside of tests.

use gol::suite;
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};

fn main() {
    let args = Arguments::from_args();
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gol = PathBuf::from(env!("CARGO_BIN_EXE_gol"));
    let mut trials = Vec::new();
    for (prefix, folder) in ["run", "errors", "panics", "std", "stress", "examples"]
        .map(|f| (f, if f == "examples" { f.into() } else { format!("tests/{f}") }))
    {
        let root = home.join(&folder);
        if !root.exists() {
            continue;
        }
        let cases = suite::discover(&root).unwrap_or_else(|e| panic!("{}: {e}", root.display()));
        for case in cases {
            let gol = gol.clone();
            if prefix == "run" && wants_stress(&case) {
                let (gol, case) = (gol.clone(), case.clone());
                trials.push(Trial::test(format!("gcstress/{}", case.name), move || {
                    // The more threads, the more often: what goes wrong there needs a narrow moment.
                    let every = if case.name.starts_with("stress/") { 7 } else { 211 };
                    let modes = format!("gcstress={every},checkmark=1,clobberfree=1");
                    suite::outcome::run_with(&gol, &case, &[("GOLDEBUG", &modes)]).map_err(Failed::from)
                }));
            }
            if prefix != "errors" && prefix != "stress" && sum(&case).is_multiple_of(3) {
                let (gol, case) = (gol.clone(), case.clone());
                trials.push(Trial::test(format!("library/{}", case.name), move || {
                    let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/suite-cache");
                    suite::outcome::run_with(&gol, &case, &[("GOLCACHE", cache)]).map_err(Failed::from)
                }));
            }
            trials.push(Trial::test(format!("{prefix}/{}", case.name), move || {
                suite::outcome::run(&gol, &case).map_err(Failed::from)
            }));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

/// All programs about memory and goroutines, every fourth of the others. Not those that look at the statistics.
fn wants_stress(case: &suite::Case) -> bool {
    let text = std::fs::read_to_string(&case.file).unwrap_or_default();
    if text.contains("ReadMemStats") {
        return false;
    }
    ["stress/", "gc/", "goroutines/", "select/", "maps/"].iter().any(|p| case.name.starts_with(p))
        || sum(case).is_multiple_of(4)
}

/// A number by which samples are taken.
fn sum(case: &suite::Case) -> u32 {
    case.name.bytes().map(u32::from).sum()
}
