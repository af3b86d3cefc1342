//! Fibers made of closures, for tests.

use std::any::Any;
use std::sync::Mutex;

use crate::cx::Cx;
use crate::fiber::{Fiber, Switch};
use crate::gc::Visitor;
use crate::object::registry::Registry;

type Body = Box<dyn FnMut(&mut Cx) -> Switch>;

/// A closure that goes to the thread that runs goroutines. Tests share `Rc`s with it.
struct Step(Body);

// SAFETY: the processes of these tests have one P, so one thread at a time runs their closures, and the test itself waits until all is
// over; the scheduler's locks order what they do.
unsafe impl Send for Step {}

static BODIES: Mutex<Vec<Option<Step>>> = Mutex::new(Vec::new());

fn bodies() -> std::sync::MutexGuard<'static, Vec<Option<Step>>> {
    BODIES.lock().unwrap_or_else(|e| e.into_inner())
}

/// Registers a goroutine body; the answer goes where a func value would.
pub fn body(f: impl FnMut(&mut Cx) -> Switch + 'static) -> u64 {
    let mut b = bodies();
    b.push(Some(Step(Box::new(f))));
    b.len() as u64 - 1
}

/// A fiber whose every time slice is one call of its closure.
#[derive(Default)]
pub struct ClosureFiber {
    step: Option<Step>,
    /// Words it keeps alive.
    pub words: Vec<u64>,
}

impl Fiber for ClosureFiber {
    fn start(&mut self, _: &mut Cx, closure: u64) {
        self.step = bodies()[closure as usize].take();
    }
    fn resume(&mut self, cx: &mut Cx) -> Switch {
        let mut step = self.step.take().expect("body set by start");
        let s = (step.0)(cx);
        self.step = Some(step);
        s
    }
    fn trace(&self, v: &mut Visitor<'_>) {
        v.words(&self.words);
    }
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// A process with one P, whose goroutines are closures.
pub fn cx() -> Cx {
    let mut cx = Cx::new(Registry::new(), Box::new(|| Box::new(ClosureFiber::default())));
    cx.sched.want_procs(1);
    cx
}
