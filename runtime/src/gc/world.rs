//! Stopping the world, as the collector needs it. One processor runs goroutines, and the collector works on it between two time
//! slices: nothing else runs.

use crate::cx::Cx;

/// The stopped world; goes on when [`World::start`] is called.
#[must_use]
pub(crate) struct World(());

/// Stops every processor but this one.
pub(crate) fn stop(_: &mut Cx) -> World {
    World(())
}

impl World {
    /// Lets all go on.
    pub(crate) fn start(self, _: &mut Cx) {}
}

/// Calls `f` for each processor at a moment when it runs no goroutine, or on its behalf.
pub(crate) fn for_each_p(cx: &mut Cx, f: fn(&mut Cx)) {
    f(cx);
}

/// Processors that may run goroutines.
pub(crate) fn procs(_: &Cx) -> usize {
    1
}
