//! Every program below `tests/` and `examples/` becomes one named test.

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
            trials.push(Trial::test(format!("{prefix}/{}", case.name), move || {
                suite::outcome::run(&gol, &case).map_err(Failed::from)
            }));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}
