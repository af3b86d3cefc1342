//! Collection: marking from roots while nothing runs.

/// What a tracer reports words to.
pub struct Visitor<'a> {
    words: &'a mut Vec<u64>,
}

impl Visitor<'_> {
    /// A word that may be a pointer (interior pointers are fine, anything else is ignored).
    #[inline]
    pub fn word(&mut self, w: u64) {
        if w != 0 {
            self.words.push(w);
        }
    }

    /// Words that may be pointers.
    #[inline]
    pub fn words(&mut self, ws: &[u64]) {
        for &w in ws {
            self.word(w);
        }
    }

    /// The words whose bit is set in `mask` (64 words per element).
    #[inline]
    pub fn masked(&mut self, ws: &[u64], mask: &[u64]) {
        for (k, &m) in mask.iter().enumerate() {
            let mut m = m;
            while m != 0 {
                let i = k * 64 + m.trailing_zeros() as usize;
                if let Some(&w) = ws.get(i) {
                    self.word(w);
                }
                m &= m - 1;
            }
        }
    }
}

/// Collects if the heap asked for it.
pub fn collect_if_due(cx: &mut crate::cx::Cx) {
    let mut words = Vec::new();
    let mut v = Visitor { words: &mut words };
    for g in cx.sched.all() {
        if let Some(f) = &g.fiber {
            f.trace(&mut v);
        }
    }
    for w in cx.sched.sudogs.roots().chain(cx.sched.timers.roots()) {
        v.word(w);
    }
}
