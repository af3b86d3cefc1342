//! The REPL at a terminal: a pseudo-terminal with somebody typing.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long to wait for what must come; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the line editor says when it begins to read a line, and when it has one: it turns bracketed paste on and off.
const READY: &str = "\x1b[?2004h";
const TAKEN: &str = "\x1b[?2004l";

/// A terminal in which gol runs.
struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    screen: Arc<(Mutex<String>, Condvar)>,
    /// Up to where the screen has been looked at.
    seen: usize,
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    /// Starts `gol` without colours and waits for the prompt.
    fn start(home: &Path) -> Terminal {
        Terminal::start_with(home, &["NO_COLOR"])
    }

    /// The same, with these environment variables set.
    fn start_with(home: &Path, set: &[&str]) -> Terminal {
        let mut terminal = Terminal::run(home, set, &[]);
        terminal.wait_for(READY);
        terminal
    }

    /// Starts `gol` with arguments.
    fn run(home: &Path, set: &[&str], args: &[&str]) -> Terminal {
        let pty = native_pty_system().openpty(size(30, 100)).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gol"));
        command.args(args);
        command.env("XDG_DATA_HOME", home);
        command.env_remove("NO_COLOR");
        set.iter().for_each(|name| command.env(name, "1"));
        command.env("TERM", "xterm");
        command.cwd(home);
        let child = pty.slave.spawn_command(command).expect("gol starts");
        drop(pty.slave);
        let mut reader = pty.master.try_clone_reader().expect("a reader");
        let keys = pty.master.take_writer().expect("a writer");
        let screen: Arc<(Mutex<String>, Condvar)> = Arc::default();
        let shared = screen.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 {
                    break;
                }
                shared.0.lock().expect("no panic").push_str(&String::from_utf8_lossy(&buffer[..n]));
                shared.1.notify_all();
            }
        });
        Terminal { master: pty.master, keys, child, screen, seen: 0 }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("gol reads");
        self.keys.flush().expect("gol reads");
    }

    /// Waits until `text` appears behind what has been seen.
    #[track_caller]
    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        let (lock, bell) = &*self.screen;
        let mut screen = lock.lock().expect("no panic");
        loop {
            if let Some(at) = screen[self.seen..].find(text) {
                self.seen += at + text.len();
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no {text:?} in {:?}", &screen[self.seen..]);
            screen = bell.wait_timeout(screen, left).expect("no panic").0;
        }
    }

    /// Types a line and waits for what must come of it, and for the next prompt.
    #[track_caller]
    fn line(&mut self, keys: &str, want: &str) {
        self.press(keys);
        self.press("\r");
        self.wait_for(TAKEN);
        self.wait_for(want);
        self.wait_for(READY);
    }

    /// Waits for the end of gol; answers its exit status.
    #[track_caller]
    fn status(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.exit_code();
            }
            assert!(
                Instant::now() < end,
                "gol does not end: {:?}",
                &self.screen.0.lock().expect("no panic")[self.seen..]
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Whatever a failed test leaves behind.
        let _ = self.child.kill();
    }
}

/// A folder of this test's own.
fn home(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("gol-terminal-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a folder");
    dir
}

#[test]
fn lines_history_and_completion() {
    let dir = home("history");
    let mut t = Terminal::start(&dir);
    t.line("10 + 20", "\n30 : int");
    // The line before.
    t.line("\x1b[A", "\n30 : int");
    t.line("func zebraName() int { return 41 }", "");
    t.line("zeb\t() + 1", "\n42 : int");
    t.line("type Pt struct { Xcoord int }", "");
    t.line("func (p Pt) Double() int { return p.Xcoord * 2 }", "");
    t.line("pt := Pt{7}", "");
    t.line("pt.Xc\t", "\n7 : int");
    t.line("pt.Dou\t()", "\n14 : int");
    t.line(":ty\t \"a\"", "string");
    // Search backwards.
    t.line("\x1210 +", "\n30 : int");
    t.press(":quit\r");
    assert_eq!(t.status(), 0);
    let mut t = Terminal::start(&dir);
    t.line("\x1210 +", "\n30 : int");
    // The end of the input is the end of the session.
    t.press("\x04");
    assert_eq!(t.status(), 0);
    let _ = std::fs::remove_dir_all(&dir);
}

#[test]
fn interrupts_pastes_and_sizes() {
    let dir = home("interrupts");
    let mut t = Terminal::start(&dir);
    t.line("ch := make(chan int)", "");
    t.line("go func() { for i := 0; ; i++ { ch <- i } }()", "");
    t.line("<-ch", "\n0 : int");
    for input in
        ["for {}", "for i := 0; ; i++ { ch2 := make(chan int, 1); ch2 <- i }", "import \"time\"; time.Sleep(time.Hour)"]
    {
        t.press(input);
        t.press("\r");
        t.wait_for(TAKEN);
        std::thread::sleep(Duration::from_millis(200));
        t.press("\x03");
        t.wait_for("interrupted");
        t.wait_for(READY);
    }
    // What was interrupted is over, what runs in the background is not.
    t.line("1 + <-ch", "\n2 : int");
    // A paste is one input, whatever lines it has.
    t.press("\x1b[200~func twice(n int) int {\n\treturn n * 2\n}\n\x1b[201~");
    t.line("", "");
    t.line("twice(21)", "\n42 : int");
    // Lines typed one by one.
    t.press("func thrice(n int) int {\r");
    t.press("return n * 3\r");
    t.line("}", "");
    t.line("thrice(14)", "\n42 : int");
    t.master.resize(size(10, 40)).expect("a smaller window");
    std::thread::sleep(Duration::from_millis(100));
    t.line("\"after \" + \"resizing\"", "\"after resizing\" : string");
    t.line("panic(\"survived\")", "panic: survived");
    // Background goroutines run while the prompt waits.
    t.line("import \"time\"", "");
    t.line("go func() { time.Sleep(time.Second / 5); println(\"tick\" + \"tock\") }()", "");
    t.wait_for("ticktock");
    t.line("import \"os\"", "");
    t.press("os.Exit(7)\r");
    assert_eq!(t.status(), 7);
    let _ = std::fs::remove_dir_all(&dir);
}

#[test]
fn packages_are_completed_and_keys_do_what_they_should() {
    let dir = home("keys");
    let mut t = Terminal::start(&dir);
    t.line("strco\t.Ito\t(7)", "\"7\" : string");
    t.line("import \"encoding/js\t\"", "");
    t.line("json.Vali\t([]byte(\"[1]\"))", "true : bool");
    t.line("var sb strings.Builder", "");
    t.line("sb.WriteStr\t(\"x\")", "1, nil : (int, error)");
    t.line("sb.Stri\t()", "\"x\" : string");
    t.line(":imp\t math/bi\t", "");
    t.line("bits.OnesC\t(7)", "3 : int");
    // Several candidates are listed.
    t.press("strings.HasP\x7f\t\t");
    t.wait_for("HasPrefix");
    t.wait_for("HasSuffix");
    // Ctrl-C drops the line.
    t.press("\x03");
    t.wait_for(READY);
    t.line("1 + 1", "\n2 : int");
    // Alt-Enter begins a new line of what is whole already; Ctrl-A and Ctrl-K edit.
    t.press("a := 5\x1b\ra * 100");
    t.line("", "\n500 : int");
    t.line("wrong\x01\x0b7 * 3", "\n21 : int");
    // What is interrupted runs its deferred calls.
    t.press("func() { defer println(\"defer\" + \"red\"); for {} }()\r");
    t.wait_for(TAKEN);
    std::thread::sleep(Duration::from_millis(200));
    t.press("\x03");
    t.wait_for("deferred");
    t.wait_for(READY);
    // A long line is still whole after the window has changed under it.
    t.press("len(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    t.master.resize(size(12, 30)).expect("a smaller window");
    std::thread::sleep(Duration::from_millis(100));
    t.press("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\")");
    t.line("", "100 : int");
    // An error in a paste names the line in it.
    t.press("\x1b[200~func bad() int {\n\treturn \"text\"\n}\x1b[201~");
    t.line("", ":2:9");
    t.press(":q\r");
    assert_eq!(t.status(), 0);
    let _ = std::fs::remove_dir_all(&dir);
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let dir = home("colours");
    let mut t = Terminal::start_with(&dir, &[]);
    t.press("func");
    t.wait_for("\x1b[35mfunc");
    t.press("\x15\"text\"");
    t.wait_for("\x1b[32m\"text\"");
    t.line("", "\x1b[1m\"text\"\x1b[0m");
    t.line("undefined", "\x1b[31m");
    t.press(":quit\r");
    assert_eq!(t.status(), 0);
    let mut t = Terminal::start(&dir);
    t.line("\"text\" + undefined", "undefined: undefined");
    t.line("1 + 2", "\n3 : int");
    let screen = t.screen.0.lock().unwrap().clone();
    for colour in ["\x1b[3", "\x1b[1m", "\x1b[9"] {
        assert!(!screen.contains(colour), "{screen:?}");
    }
    let _ = std::fs::remove_dir_all(&dir);
}

#[test]
fn a_suite_shows_how_far_it_is() {
    let dir = home("progress");
    std::fs::write(dir.join("good.gol"), "// run\n\nfmt.Println(1)\n\n// Output:\n// 1\n").unwrap();
    std::fs::write(dir.join("bad.gol"), "// run\n\nfmt.Println(1)\n\n// Output:\n// 2\n").unwrap();
    let mut t = Terminal::run(&dir, &[], &["suite", "-j", "1", "."]);
    t.wait_for("1/2 (1 failed) bad");
    t.wait_for("2/2 (1 failed) good");
    t.wait_for("1 passed, 1 failed in ");
    assert_eq!(t.status(), 1);
    // Errors are coloured at a terminal, unless nobody wants that.
    std::fs::write(dir.join("wrong.gol"), "x").unwrap();
    let mut t = Terminal::run(&dir, &[], &["wrong.gol"]);
    t.wait_for("\x1b[31m");
    t.wait_for("undefined: x");
    assert_eq!(t.status(), 1);
    let mut t = Terminal::run(&dir, &["NO_COLOR"], &["wrong.gol"]);
    t.wait_for("] Error: undefined: x");
    assert_eq!(t.status(), 1);
    let _ = std::fs::remove_dir_all(&dir);
}
