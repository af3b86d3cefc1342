//! The one up-call: how the scheduler runs a goroutine.
//!
//! The interpreter implements [`Fiber`]; tests use closures. A fiber is boxed, called once per time slice, and owned by its G; while
//! it runs only its thread touches it. Nothing of a goroutine is on the Rust stack between two calls of [`Fiber::resume`], and a
//! goroutine may be resumed by another thread than before.

use crate::cx::Cx;
use crate::gc::Visitor;
use crate::sched::syscall::Extent;

/// The reasons and Go's words for them, in the order of their numbers.
macro_rules! reasons {
    ($($name:ident $text:literal)*) => {
        /// Why a goroutine waits; the text is what Go prints in `goroutine 5 [chan receive]:`.
        #[allow(missing_docs)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum WaitReason {
            $($name),*
        }

        impl WaitReason {
            const ALL: &[WaitReason] = &[$(WaitReason::$name),*];

            /// Go's words.
            pub fn text(self) -> &'static str {
                match self {
                    $(WaitReason::$name => $text),*
                }
            }
        }
    };
}

reasons! {
    None "waiting"
    ChanReceive "chan receive"
    ChanSend "chan send"
    ChanReceiveNil "chan receive (nil chan)"
    ChanSendNil "chan send (nil chan)"
    Select "select"
    SelectNoCases "select (no cases)"
    Sleep "sleep"
    SyncMutexLock "sync.Mutex.Lock"
    SyncRWMutexRLock "sync.RWMutex.RLock"
    SyncRWMutexLock "sync.RWMutex.Lock"
    SyncWaitGroupWait "sync.WaitGroup.Wait"
    SyncCondWait "sync.Cond.Wait"
    Semacquire "semacquire"
    Finalizer "finalizer wait"
    Io "IO wait"
    Syscall "syscall"
    GcWait "GC worker (idle)"
    Coroutine "coroutine"
    ForceStop "force gc (idle)"
}

impl WaitReason {
    /// From its number.
    pub(crate) fn from_u8(n: u8) -> WaitReason {
        WaitReason::ALL[n as usize % WaitReason::ALL.len()]
    }
}

/// Why [`Fiber::resume`] returned.
#[derive(Debug)]
pub enum Switch {
    /// Gave up its turn (`runtime.Gosched`): to the end of the queue.
    Yield,
    /// Saw the poll word: preemption or a pending collection.
    Poll,
    /// Waits; whoever it queued itself with will call `ready`.
    Park(WaitReason),
    /// The goroutine's function returned.
    Exit,
    /// runtime.Goexit ran the last defer.
    Goexit,
    /// The process ends with this status (os.Exit).
    Quit(i32),
    /// An uncaught panic or a fatal error, already printed: the process ends with status 2, unless a host lives on.
    Died,
    /// A fatal error to be printed by the scheduler: `fatal error: text`, traces, status 2.
    Fatal(crate::fault::Fault),
}

/// One line pair of a traceback.
#[derive(Clone, Debug, Default)]
pub struct FrameInfo {
    /// Function: `main.main`, `main.(*T).m`.
    pub name: String,
    /// Whether it has parameters: their values are not shown, as registers are reused.
    pub args: bool,
    /// File.
    pub file: String,
    /// Line.
    pub line: u32,
    /// Bytes from the function's entry.
    pub offset: u32,
}

impl FrameInfo {
    /// The call as Go prints it: `main.main()`, `main.(*T).m(...)`.
    pub fn call(&self) -> String {
        format!("{}{}", self.name, if self.args { "(...)" } else { "()" })
    }

    /// `file:line +0x1c`, as it stands below the call.
    pub fn place(&self) -> impl std::fmt::Display {
        std::fmt::from_fn(move |f| write!(f, "{}:{} +{:#x}", self.file, self.line, self.offset))
    }
}

/// The line pair.
impl std::fmt::Display for FrameInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n\t{}", self.call(), self.place())
    }
}

/// A resumable computation: one goroutine's frames.
pub trait Fiber: Send {
    /// Makes the fiber begin at `closure` (a func value without parameters and results) at the next `resume`. Called on
    /// new fibers and on pooled ones whose last goroutine is over.
    fn start(&mut self, cx: &mut Cx, closure: u64);

    /// Runs until the goroutine yields, parks or ends.
    fn resume(&mut self, cx: &mut Cx) -> Switch;

    /// Makes the next `resume` end the goroutine, deferred calls included, whatever it was doing.
    fn abort(&mut self) {}

    /// Called inside a native, before its thread blocks: from here on until the native returns, `trace` and `backtrace` may be called
    /// by other threads and must know where the goroutine is.
    fn freeze(&mut self, cx: &mut Cx) {
        let _ = cx;
    }

    /// Where its frames are, and the bytes of memory there are for them. Not called while it runs, except after `freeze`.
    fn extent(&self) -> (Extent, usize) {
        (Extent::default(), 0)
    }

    /// Shows every live pointer word. Never called while the fiber runs.
    fn trace(&self, v: &mut Visitor<'_>);

    /// Where the words that `holds` names are: for whoever looks for the reason that an object is alive, or was missed.
    fn holders(&self, holds: &dyn Fn(u64) -> bool) -> Vec<String> {
        let _ = holds;
        Vec::new()
    }

    /// The calls it is in, innermost first; of very many the first and the last.
    fn backtrace(&self) -> Vec<FrameInfo> {
        Vec::new()
    }

    /// The same as text, two lines each.
    fn traceback(&self) -> String {
        String::new()
    }

    /// The calls at a return address in code, innermost first.
    fn locate(&self, pc: usize) -> Vec<FrameInfo> {
        let _ = pc;
        Vec::new()
    }

    /// The calls at a place where an object was made that remembers it. Nothing if `note` is no such place.
    fn locate_note(&self, note: u64) -> Vec<FrameInfo> {
        let _ = note;
        Vec::new()
    }

    /// The global variable at an address, if goroutines can wait on it: its name, and where it is declared.
    fn global_at(&self, addr: u64) -> Option<FrameInfo> {
        let _ = addr;
        None
    }

    /// Bytes of stack memory held, for statistics.
    fn stack_bytes(&self) -> usize {
        0
    }

    /// For whoever made the fiber and wants its concrete type back.
    fn as_any(&mut self) -> &mut dyn std::any::Any;
}

/// Makes a fresh fiber; the scheduler pools them.
pub type FiberFactory = Box<dyn Fn() -> Box<dyn Fiber> + Send + Sync>;
