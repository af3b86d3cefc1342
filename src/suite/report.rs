//! Results of a run for other programs: JSON lines and JUnit's XML.

use super::runner::{Outcome, Verdict};
use std::fmt::Write as _;

/// One JSON object, without a newline.
pub fn json(o: &Outcome) -> String {
    let (result, text) = match &o.verdict {
        Verdict::Pass => ("pass", ""),
        Verdict::Blessed => ("blessed", ""),
        Verdict::Fail(report) => ("fail", report.as_str()),
        Verdict::Skip(why) => ("skip", why.as_str()),
    };
    let mut out = String::from("{\"name\": ");
    string(&mut out, &o.case.name);
    out.push_str(", \"file\": ");
    string(&mut out, &o.case.file.to_string_lossy());
    let _ = write!(out, ", \"result\": \"{result}\", \"seconds\": {:.3}", o.time.as_secs_f64());
    if !text.is_empty() {
        out.push_str(", \"report\": ");
        string(&mut out, text);
    }
    out.push('}');
    out
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A JUnit report.
pub fn junit(all: &[Outcome]) -> String {
    let count = |f: fn(&Verdict) -> bool| all.iter().filter(|o| f(&o.verdict)).count();
    let failures = count(|v| matches!(v, Verdict::Fail(_)));
    let skipped = count(|v| matches!(v, Verdict::Skip(_)));
    let time: f64 = all.iter().map(|o| o.time.as_secs_f64()).sum();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"gol\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\" time=\"{time:.3}\">\n",
        all.len()
    );
    for o in all {
        let (class, name) = o.case.name.rsplit_once('/').unwrap_or(("", &o.case.name));
        let _ = write!(
            out,
            "<testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
            xml(&class.replace('/', ".")),
            xml(name),
            o.time.as_secs_f64()
        );
        match &o.verdict {
            Verdict::Pass | Verdict::Blessed => out.push_str("/>\n"),
            Verdict::Fail(report) => {
                let first = report.lines().next().unwrap_or_default();
                let _ = writeln!(out, "><failure message=\"{}\">{}</failure></testcase>", xml(first), xml(report));
            }
            Verdict::Skip(why) => {
                let _ = writeln!(out, "><skipped message=\"{}\"/></testcase>", xml(why));
            }
        }
    }
    out.push_str("</testsuite>\n</testsuites>\n");
    out
}

/// Text for XML. Characters that XML has no way to express become question marks.
fn xml(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push('\t'),
            c if (c as u32) < 0x20 => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Case;
    use std::time::Duration;

    fn failed() -> Outcome {
        let case = Case { name: "maps/a".into(), file: "a.gol".into(), target: "a.gol".into(), dir: ".".into() };
        Outcome { case, verdict: Verdict::Fail("a < \"b\"\n\u{1b}c".into()), time: Duration::from_millis(5) }
    }

    #[test]
    fn reports_escape_what_programs_print() {
        assert_eq!(
            json(&failed()),
            "{\"name\": \"maps/a\", \"file\": \"a.gol\", \"result\": \"fail\", \"seconds\": 0.005, \"report\": \"a < \\\"b\\\"\\n\\u001bc\"}"
        );
        let x = junit(&[failed()]);
        assert!(x.contains("tests=\"1\" failures=\"1\" skipped=\"0\""), "{x}");
        assert!(x.contains("classname=\"maps\" name=\"a\""), "{x}");
        assert!(x.contains("message=\"a &lt; &quot;b&quot;\">a &lt; &quot;b&quot;&#10;?c</failure>"), "{x}");
    }
}
