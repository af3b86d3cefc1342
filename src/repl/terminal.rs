//! The keyboard: line editing, history, completion.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

use gol_runtime::sched::host::Stop;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, CompletionType, Config, Context, Editor, EventHandler, Helper, KeyCode, KeyEvent, Modifiers};

use super::highlight::highlight;

/// What the terminal's thread asks of the engine's.
pub(super) enum Request {
    /// Run this, and say when it is done.
    Input(String, Sender<()>),
    /// What could follow at this place of this text: where the completed word begins, and the candidates.
    Complete(String, usize, Sender<(usize, Vec<String>)>),
    /// The user leaves.
    Quit,
}

/// Inputs kept in the history file.
const HISTORY: usize = 10_000;

/// Starts the thread that reads lines. `bell` wakes the engine's thread.
pub(super) fn start(bell: Stop, colour: bool) -> Result<Receiver<Request>, String> {
    let (requests, received) = channel();
    let config = Config::builder()
        .max_history_size(HISTORY)
        .and_then(|c| c.history_ignore_dups(true))
        .map_err(|e| e.to_string())?
        .completion_type(CompletionType::List)
        .bracketed_paste(true)
        .tab_stop(4)
        .build();
    let mut editor: Editor<Keys, FileHistory> = Editor::with_config(config).map_err(|e| e.to_string())?;
    editor.set_helper(Some(Keys { requests: requests.clone(), bell: bell.clone(), colour }));
    editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), EventHandler::Simple(Cmd::Newline));
    let spawned =
        std::thread::Builder::new().name("terminal".into()).spawn(move || read(&mut editor, &requests, &bell));
    spawned.map(|_| received).map_err(|e| e.to_string())
}

fn read(editor: &mut Editor<Keys, FileHistory>, requests: &Sender<Request>, bell: &Stop) {
    let history = history_file();
    if let Some(path) = &history {
        // There is none yet at the first time.
        let _ = editor.load_history(path);
    }
    println!("gol {}  :help for help", env!("CARGO_PKG_VERSION"));
    loop {
        match editor.readline(super::PROMPT) {
            Ok(text) => {
                if text.trim().is_empty() {
                    continue;
                }
                let _ = editor.add_history_entry(text.as_str());
                if let Some(path) = &history {
                    // A history that cannot be kept is no reason to stop.
                    let _ = editor.append_history(path);
                }
                let (done, wait) = channel();
                let sent = requests.send(Request::Input(text, done));
                bell.pull();
                if sent.is_err() || wait.recv().is_err() {
                    return;
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(_) => {
                let _ = requests.send(Request::Quit);
                bell.pull();
                return;
            }
        }
    }
}

/// `$XDG_DATA_HOME/gol/history`, in a folder that exists.
fn history_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share")))?;
    let dir = data.join("gol");
    std::fs::create_dir_all(&dir).ok()?;
    Some(dir.join("history"))
}

/// What the line editor asks of us.
struct Keys {
    requests: Sender<Request>,
    bell: Stop,
    colour: bool,
}

impl Completer for Keys {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let (answer, wait) = channel();
        if self.requests.send(Request::Complete(line.into(), pos, answer)).is_err() {
            return Ok((pos, Vec::new()));
        }
        self.bell.pull();
        Ok(wait.recv().unwrap_or((pos, Vec::new())))
    }
}

impl Validator for Keys {
    fn validate(&self, ctx: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = ctx.input();
        let whole = text.trim_start().starts_with(':') || !gol_lang::syntax::is_incomplete(text);
        Ok(if whole { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Highlighter for Keys {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.colour { Cow::Owned(highlight(line)) } else { Cow::Borrowed(line) }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.colour
    }
}

impl Hinter for Keys {
    type Hint = String;
}

impl Helper for Keys {}
