//! Fibers made of closures, for tests.

use std::any::Any;

use crate::cx::Cx;
use crate::fiber::{Fiber, Switch};
use crate::gc::Visitor;
use crate::object::registry::Registry;

type Step = Box<dyn FnMut(&mut Cx) -> Switch>;

thread_local!(static BODIES: std::cell::RefCell<Vec<Option<Step>>> = const { std::cell::RefCell::new(Vec::new()) });

/// Registers a goroutine body; the answer goes where a func value would.
pub fn body(f: impl FnMut(&mut Cx) -> Switch + 'static) -> u64 {
    BODIES.with_borrow_mut(|b| {
        b.push(Some(Box::new(f)));
        b.len() as u64 - 1
    })
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
        self.step = BODIES.with_borrow_mut(|b| b[closure as usize].take());
    }
    fn resume(&mut self, cx: &mut Cx) -> Switch {
        let mut step = self.step.take().expect("body set by start");
        let s = step(cx);
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

/// A process whose goroutines are closures.
pub fn cx() -> Cx {
    Cx::new(Registry::new(), Box::new(|| Box::new(ClosureFiber::default())))
}
