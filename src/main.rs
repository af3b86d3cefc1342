//! Arguments in, exit status out.

use gol::{cli, commands};
use gol_runtime::image;
use std::io::Write;

#[global_allocator]
static ALLOCATOR: image::Allocator<mimalloc::MiMalloc> = image::Allocator(mimalloc::MiMalloc);

/// Stack of the thread that everything runs on: the passes over syntax trees recurse as deep as the parser's nesting limit lets a
/// program nest. Pages that are not touched cost nothing.
const STACK: usize = 512 << 20;

fn main() {
    gol_runtime::process::share_arena();
    let request = cli::parse(std::env::args_os());
    let work = move || {
        let status = commands::execute(request);
        let _ = std::io::stdout().flush();
        gol_runtime::process::leave(status)
    };
    let thread = std::thread::Builder::new().name("main".into()).stack_size(STACK).spawn(work);
    let code = match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(never)) => never,
        Ok(Err(_)) => 70,
        Err(e) => {
            eprintln!("gol: cannot start: {e}");
            1
        }
    };
    std::process::exit(code);
}
