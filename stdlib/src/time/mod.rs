//! Clocks, timers and zone files.

use gol_runtime::fiber::WaitReason;
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::timer::{self, Action, TimerRef};

fn now(c: &mut Call<'_>) -> Ret {
    let (sec, nsec) = timer::wall(c.cx);
    // 0 would mean that there is no monotonic reading.
    let mono = c.cx.sched.nanotime().max(1);
    c.ret_int(0, sec);
    c.ret_int(1, nsec);
    c.ret_int(2, mono);
    Ret::Done
}

fn sleep(c: &mut Call<'_>) -> Ret {
    let d = c.int(0);
    if timer::sleep(c.cx, d) { Ret::Park(WaitReason::Sleep) } else { Ret::Yield }
}

fn start_timer(c: &mut Call<'_>) -> Ret {
    let (d, period, f) = (c.int(0), c.int(1), c.word(2));
    let when = c.cx.sched.nanotime().saturating_add(d);
    let t = timer::start(c.cx, when, period, Action::Go(f));
    c.ret(0, t.0);
    Ret::Done
}

fn start_send(c: &mut Call<'_>) -> Ret {
    let (d, period, ch, loc) = (c.int(0), c.int(1), c.word(2), c.word(3));
    let when = c.cx.sched.nanotime().saturating_add(d);
    gol_runtime::chan::set_timer_chan(ch);
    let t = timer::start(c.cx, when, period, Action::Send(ch, loc));
    c.ret(0, t.0);
    Ret::Done
}

fn stop_send(c: &mut Call<'_>) -> Ret {
    let (t, ch) = (TimerRef(c.word(0)), c.word(1));
    let active = timer::stop_sending(c.cx, t, ch);
    c.ret_bool(0, active);
    Ret::Done
}

fn stop_timer(c: &mut Call<'_>) -> Ret {
    let t = TimerRef(c.word(0));
    let active = timer::stop(c.cx, t);
    c.ret_bool(0, active);
    Ret::Done
}

/// `1h2m3.5s`, `1.5ms`, `0s`.
fn duration_words(d: i64) -> String {
    let n = d.unsigned_abs();
    let sign = if d < 0 { "-" } else { "" };
    let fraction = |v: u64, unit: u64| {
        let digits = unit.ilog10() as usize;
        if digits == 0 || v.is_multiple_of(unit) {
            return (v / unit).to_string();
        }
        let frac = format!("{:0digits$}", v % unit);
        format!("{}.{}", v / unit, frac.trim_end_matches('0'))
    };
    match n {
        0 => "0s".into(),
        1..1_000 => format!("{sign}{n}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", fraction(n, 1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", fraction(n, 1_000_000)),
        _ => {
            let minutes = n / 60_000_000_000;
            let secs = fraction(n % 60_000_000_000, 1_000_000_000);
            match minutes {
                0 => format!("{sign}{secs}s"),
                1..60 => format!("{sign}{minutes}m{secs}s"),
                _ => format!("{sign}{}h{}m{secs}s", minutes / 60, minutes % 60),
            }
        }
    }
}

fn duration_text(c: &mut Call<'_>) -> Ret {
    let text = duration_words(c.int(0));
    c.ret_str(0, text);
    Ret::Done
}

fn quote(c: &mut Call<'_>) -> Ret {
    // Time's errors show every byte that is not printable ASCII as \xNN.
    let mut q = String::from("\"");
    for &b in c.bytes(0) {
        match b {
            b'"' | b'\\' => q.extend(['\\', b as char]),
            b' '..=b'~' => q.push(b as char),
            _ => q.push_str(&format!("\\x{b:02x}")),
        }
    }
    q.push('"');
    c.ret_str(0, q);
    Ret::Done
}

fn mul_mod(c: &mut Call<'_>) -> Ret {
    let m = c.int(2) as i128;
    let r = c.int(0) as i128 * c.int(1) as i128 % m.max(1);
    c.ret_int(0, r as i64);
    Ret::Done
}

fn read_zone(c: &mut Call<'_>) -> Ret {
    const DIRS: [&str; 3] = ["/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ"];
    let name = c.str(0).into_owned();
    let find = |name: &str| DIRS.iter().find_map(|d| std::fs::read(format!("{d}/{name}")).ok());
    let data = if name.is_empty() {
        match std::env::var("TZ") {
            Ok(tz) if tz.is_empty() || tz == "UTC" => None,
            Ok(tz) => {
                let tz = tz.strip_prefix(':').unwrap_or(&tz);
                if tz.starts_with('/') { std::fs::read(tz).ok() } else { find(tz) }
            }
            Err(_) => std::fs::read("/etc/localtime").ok(),
        }
    } else {
        find(&name)
    };
    c.ret_bool(2, data.is_some());
    c.ret_str(0, data.unwrap_or_default());
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("time.now", now),
    ("time.sleep", sleep),
    ("time.startTimer", start_timer),
    ("time.stopTimer", stop_timer),
    ("time.startSend", start_send),
    ("time.stopSend", stop_send),
    ("time.durationText", duration_text),
    ("time.quote", quote),
    ("time.mulMod", mul_mod),
    ("time.readZone", read_zone),
];
