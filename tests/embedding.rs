//! Sessions inside a Rust program.

use gol::embed::{Call, Error, Module, Ret, Session, Value};
use std::time::{Duration, Instant};

#[test]
fn functions_are_defined_and_called() {
    let mut s = Session::new().unwrap();
    s.eval("func add(a, b int) int { return a + b }\nfunc swap(a string, b float64) (float64, string) { return b, a }\nvar calls int\nfunc count() { calls++ }").unwrap();
    assert_eq!(s.call("add", &[2.into(), 40.into()]), Ok(vec![Value::Int(42)]));
    assert_eq!(
        s.call("swap", &["x\"\u{e9}\n".into(), f64::INFINITY.into()]),
        Ok(vec![f64::INFINITY.into(), "x\"\u{e9}\n".into()])
    );
    assert_eq!(s.call("count", &[]), Ok(vec![]));
    assert_eq!(s.value("calls"), Ok(vec![Value::Int(1)]));
    assert_eq!(s.call("strings.Cut", &["a=b".into(), "=".into()]), Ok(vec!["a".into(), "b".into(), true.into()]));
    let all = s.value("nil, uint8(7), []byte(\"\\xff\"), struct{ A int }{1}").unwrap();
    assert_eq!(all, [Value::Nil, Value::Uint(7), Value::Bytes(vec![255]), Value::Other("{1}".into())]);
}

#[test]
fn files_are_loaded() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("loaded.gol");
    std::fs::write(
        &path,
        "greeting := \"hello\"\nfunc greet(who string) string { return greeting + \" \" + who }\ngreeting += \",\"\n",
    )
    .unwrap();
    let mut s = Session::new().unwrap();
    s.load(&path).unwrap();
    assert_eq!(s.call("greet", &["you".into()]), Ok(vec!["hello, you".into()]));
    assert!(matches!(s.load("no/such.gol"), Err(Error::Load(text)) if text.contains("no such file")));
}

#[test]
fn failures_are_values_and_leave_the_session_whole() {
    let mut s = Session::new().unwrap();
    s.eval("x := 1").unwrap();
    match s.eval("y := x + \"a\"") {
        Err(Error::Compile(text)) => assert!(text.contains("mismatched types int and untyped string"), "{text}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(s.eval("z := 1; panic(z)"), Err(Error::Panic));
    assert!(matches!(s.eval("z"), Err(Error::Compile(_))), "what panicked left no name");
    assert!(matches!(s.eval("<-make(chan int)"), Err(Error::Deadlock(_))));
    assert_eq!(s.eval("os.Exit(3)"), Err(Error::Exit(3)));
    assert_eq!(s.value("x"), Ok(vec![Value::Int(1)]));
}

fn host_hypot(c: &mut Call<'_>) -> Ret {
    let r = c.f64(0).hypot(c.f64(1));
    c.ret_f64(0, r);
    Ret::Done
}

fn host_shout(c: &mut Call<'_>) -> Ret {
    let loud = c.str(0).to_uppercase();
    c.ret_str(0, &loud);
    Ret::Done
}

#[test]
fn rust_functions_are_packages() {
    let host = Module::new(
        "example/host",
        "package host\n\nfunc Hypot(a, b float64) float64\nfunc Shout(s string) string\nfunc Twice(s string) string { return Shout(s + s) }\n",
    )
    .native("Hypot", host_hypot)
    .native("Shout", host_shout);
    let mut s = Session::builder().module(host).build().unwrap();
    s.eval("import \"example/host\"").unwrap();
    assert_eq!(s.value("host.Hypot(3, 4)"), Ok(vec![5.0.into()]));
    assert_eq!(s.call("host.Twice", &["ab".into()]), Ok(vec!["ABAB".into()]));
}

#[test]
fn another_thread_cancels() {
    let mut s = Session::new().unwrap();
    s.eval("done := 0").unwrap();
    let canceller = s.canceller();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        canceller.cancel();
    });
    assert_eq!(s.eval("defer func() { done++ }()\nfor {}"), Err(Error::Cancelled));
    thread.join().unwrap();
    assert_eq!(s.value("done"), Ok(vec![Value::Int(1)]), "deferred calls ran");
}

#[test]
fn time_is_limited() {
    let mut s = Session::builder().time_limit(Duration::from_millis(200)).build().unwrap();
    let start = Instant::now();
    assert_eq!(s.eval("for {}"), Err(Error::Cancelled));
    assert_eq!(s.eval("time.Sleep(time.Hour)"), Err(Error::Cancelled));
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(s.value("1 + 1"), Ok(vec![Value::Int(2)]));
}
