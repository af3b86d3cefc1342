//! Stopping the world, as the collector needs it.

use crate::cx::Cx;
use crate::sched;

pub(crate) use crate::sched::World;

/// Stops every processor but this one.
pub(crate) fn stop(cx: &mut Cx) -> World {
    sched::stop_the_world(cx)
}

/// Calls `f` for each processor at a moment when it runs no goroutine, or on its behalf.
pub(crate) fn for_each_p(cx: &mut Cx, f: fn(&mut Cx)) {
    sched::for_each_p(cx, f);
}

/// Processors that may run goroutines.
pub(crate) fn procs(cx: &Cx) -> usize {
    cx.sched.shared().procs()
}
