//! Inputs added to a living process.

use gol::engine::{Engine, Eval};
use gol::loader::Loader;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// A session whose shown lines can be read.
struct Live {
    engine: Engine,
    shown: Arc<Mutex<Vec<String>>>,
}

impl Live {
    fn new() -> Live {
        let loader = Loader::new(Path::new(".")).expect("a loader");
        let mut engine = Engine::new(None, loader, &[]).expect("an engine");
        let shown: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = shown.clone();
        engine.show_to(Box::new(move |value, ty| sink.lock().expect("no panic").push(format!("{value} : {ty}"))));
        Live { engine, shown }
    }

    /// Runs an input that must go well; answers what it showed.
    #[track_caller]
    fn ok(&mut self, text: &str) -> Vec<String> {
        match self.engine.eval(text) {
            Eval::Done(_) => std::mem::take(&mut *self.shown.lock().expect("no panic")),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[track_caller]
    fn shows(&mut self, text: &str, want: &str) {
        assert_eq!(self.ok(text), [want], "{text}");
    }
}

#[test]
fn expressions_statements_and_declarations_build_on_each_other() {
    let mut s = Live::new();
    s.shows("1 + 2", "3 : int");
    s.shows("_ * 10", "30 : int");
    assert!(s.ok("x := 5").is_empty());
    s.shows("x + 1", "6 : int");
    assert!(s.ok("func f(n int) int { return n * x }").is_empty());
    s.shows("f(3)", "15 : int");
    s.ok("x = 7");
    s.shows("f(3)", "21 : int");
    s.shows("[]int{1, 2}", "[]int{1, 2} : []int");
    s.ok("type P struct { X, Y int }");
    s.ok("func (p P) Sum() int { return p.X + p.Y }");
    s.shows("P{1, 2}.Sum()", "3 : int");
    s.shows("&P{1, 2}", "&P{X: 1, Y: 2} : *P");
    s.ok("import \"strings\"");
    s.shows("strings.ToUpper(\"abc\")", "\"ABC\" : string");
}

#[test]
fn a_redefined_function_is_what_old_callers_and_goroutines_call() {
    let mut s = Live::new();
    s.ok("func f() int { return 1 }");
    s.ok("func g() int { return f() * 10 }");
    s.ok("h := f");
    s.shows("g()", "10 : int");
    s.ok("ch := make(chan int)\ngo func() { for { ch <- f() } }()");
    s.shows("<-ch", "1 : int");
    s.ok("func f() int { return 2 }");
    s.shows("g()", "20 : int");
    s.shows("h()", "2 : int");
    s.ok("<-ch");
    s.shows("<-ch", "2 : int");
    s.ok("func f() int { return 3 }");
    s.shows("g() + h()", "33 : int");
    s.ok("type T int\nfunc (t T) Name() string { return \"old\" }");
    s.ok("type Namer interface { Name() string }\nvar n Namer = T(1)");
    s.shows("n.Name()", "\"old\" : string");
    s.ok("func (t T) Name() string { return \"new\" }");
    s.shows("n.Name()", "\"new\" : string");
    s.ok("func (t T) More() string { return \"more\" }");
    s.shows("n.(interface{ More() string }).More()", "\"more\" : string");
    s.ok("func Map[A, B any](xs []A, f func(A) B) []B { var out []B; for _, x := range xs { out = append(out, f(x)) }; return out }");
    s.ok("func inc(xs []int) []int { return Map(xs, func(x int) int { return x + 1 }) }");
    s.shows("inc([]int{1, 2})", "[]int{2, 3} : []int");
    s.ok("func Map[A, B any](xs []A, f func(A) B) []B { return nil }");
    s.shows("inc([]int{1, 2})", "nil : []int");
}

#[test]
fn what_fails_leaves_no_names() {
    let mut s = Live::new();
    s.ok("x := 1");
    assert!(matches!(s.engine.eval("y := 2; x = y; panic(\"boom\")"), Eval::Panicked));
    assert!(matches!(s.engine.eval("y"), Eval::Refused(_)));
    assert!(matches!(s.engine.eval("func q() int { return z }"), Eval::Refused(_)));
    assert!(matches!(s.engine.eval("q()"), Eval::Refused(_)));
    s.ok("func f() int { return 1 }");
    s.ok("func g() int { return f() }");
    assert!(matches!(s.engine.eval("func f() int { return 2 }; if g() == 2 { panic(g()) }"), Eval::Panicked));
    s.shows("g()", "1 : int");
    assert!(matches!(s.engine.eval("func f() int { return 2 }; if g() == 2 { panic(g()) }"), Eval::Panicked));
    s.shows("g()", "1 : int");
    assert!(matches!(s.engine.eval("type T struct{ a int }\nfunc (T) M() {}\nvar p *T; p.a"), Eval::Panicked));
    assert!(matches!(s.engine.eval("T{}"), Eval::Refused(_)));
    assert!(matches!(s.engine.eval("for {"), Eval::Incomplete(_)));
    assert!(matches!(s.engine.eval("<-make(chan int)"), Eval::Deadlock(_)));
    assert!(matches!(s.engine.eval("import \"time\"\nundefined(time.Now())"), Eval::Refused(_)));
    s.ok("import \"os\"");
    s.shows("os.ErrNotExist.Error()", "\"file does not exist\" : string");
    assert!(matches!(s.engine.eval("os.Exit(3)"), Eval::Exit(3)));
}

#[test]
fn an_interrupt_stops_the_input_and_nothing_else() {
    let mut s = Live::new();
    s.ok("ch := make(chan int)\ngo func() { for i := 0; ; i++ { ch <- i } }()");
    s.shows("<-ch", "0 : int");
    for input in ["for {}", "select {}", "<-make(chan int)", "import \"time\"\ntime.Sleep(time.Hour)"] {
        let stop = s.engine.stop();
        let puller = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(60));
            stop.pull();
        });
        let eval = s.engine.eval(input);
        // Nothing can run, so that is no interrupt.
        assert!(matches!(eval, Eval::Interrupted | Eval::Deadlock(_)), "{input}: {eval:?}");
        puller.join().expect("no panic");
    }
    s.ok("<-ch");
    s.shows("<-ch", "2 : int");
}

/// Bytes of memory that the process holds.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages: usize = text.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number");
    pages * 4096
}

#[test]
fn ten_thousand_inputs_do_not_pile_up() {
    let mut s = Live::new();
    s.ok("func f(n int) int { return n + 1 }");
    s.ok("type T struct{ A, B int }");
    let round = |s: &mut Live, i: usize| {
        match i % 10 {
            0 => s.ok("x := make([]byte, 100_000)"),
            1 => s.ok("y := map[string]int{\"a\": 1, \"b\": 2}"),
            2 => s.ok("func f(n int) int { return n + 2 }"),
            3 => s.ok("t := T{1, f(2)}; t.A++"),
            4 => s.ok("for i := range 10 { t.B += i }"),
            5 => s.ok("g := func() int { return t.A }"),
            6 => s.ok("len(x) + g()"),
            7 => s.ok("[]string{\"a\", \"b\"}"),
            8 => {
                assert!(matches!(s.engine.eval("undefined + 1"), Eval::Refused(_)));
                Vec::new()
            }
            _ => s.ok("&t"),
        };
    };
    // As many as it says where code is optimised; each costs the same.
    let inputs = if cfg!(debug_assertions) { 2_000 } else { 10_000 };
    for i in 0..500 {
        round(&mut s, i);
    }
    let before = resident();
    let start = std::time::Instant::now();
    for i in 0..inputs {
        round(&mut s, i);
    }
    let grown = resident().saturating_sub(before);
    println!("{} bytes an input, {:?} an input", grown / inputs, start.elapsed() / inputs as u32);
    assert!(grown < inputs * 6_000 + 4_000_000, "{grown} bytes for {inputs} inputs");
}
