//! IR as text, for dumps and goldens.

use std::fmt::Write;

use super::{Cond, Ext, Function, Ins, Opd, Reg, Term, access};
use crate::bytecode::encode::KindTag;

fn reg(r: Reg) -> String {
    if r.v == Reg::NONE.v {
        return "_".to_owned();
    }
    match (r.off, r.n) {
        (0, 1) => format!("v{}", r.v),
        (o, 1) => format!("v{}.{o}", r.v),
        (0, n) => format!("v{}:{n}", r.v),
        (o, n) => format!("v{}.{o}:{n}", r.v),
    }
}

fn opd(o: Opd) -> String {
    match o {
        Opd::R(r) => reg(r),
        Opd::C(c) => format!("#{c}"),
    }
}

fn ins(i: &Ins) -> String {
    let mut s = i.op.info().name.to_owned();
    for (n, &(_, kind)) in i.op.info().operands.iter().enumerate() {
        s.push_str(if n == 0 { " " } else { ", " });
        match kind {
            KindTag::L16 | KindTag::L32 => s.push_str("->"),
            KindTag::W => s.push_str("window"),
            _ if access(i.op, kind).is_some() => s.push_str(&reg(i.reg(n))),
            _ => {
                let _ = write!(s, "{}", i.num(n));
            }
        }
    }
    match &i.ext {
        Ext::Call(c) => {
            let args: Vec<String> = c.args.iter().map(|a| opd(*a)).collect();
            let results: Vec<String> = c.results.iter().map(|r| reg(*r)).collect();
            let _ = write!(s, " ({}) -> ({})", args.join(", "), results.join(", "));
        }
        Ext::Select(a) => {
            for x in &a.0 {
                let _ = if x.send {
                    write!(s, " [{} <- {}]", reg(x.chan), reg(x.value))
                } else {
                    write!(s, " [{}, {} = <-{}]", reg(x.value), reg(x.ok), reg(x.chan))
                };
            }
            if a.1 {
                s.push_str(" [default]");
            }
        }
        _ => {}
    }
    s
}

fn cond(c: Cond) -> String {
    match c {
        Cond::True(r) => reg(r),
        Cond::False(r) => format!("!{}", reg(r)),
        Cond::Int(cc, a, b) => format!("{cc:?} {}, {}", reg(a), opd(b)),
        Cond::Float(fc, single, a, b) => format!("{}{fc:?} {}, {}", if single { "g" } else { "f" }, reg(a), reg(b)),
        Cond::Str(cc, a, b) => format!("s{cc:?} {}, {}", reg(a), reg(b)),
        Cond::StrConst(eq, a, at, n) => format!("s{} {}, data {at}+{n}", if eq { "Eq" } else { "Ne" }, reg(a)),
        Cond::Type(eq, a, t) => format!("{} {}, type {t}", if eq { "is" } else { "isnt" }, reg(a)),
    }
}

/// A function as text.
pub fn listing(f: &Function) -> String {
    let mut s = String::new();
    let list = |vs: &[u32]| vs.iter().map(|&v| reg(f.whole(v))).collect::<Vec<_>>().join(", ");
    let _ = writeln!(s, "func {}({}) ({})", f.name, list(&f.params), list(&f.results));
    for b in &f.order {
        let block = &f.blocks[b.0 as usize];
        let recover = if f.recover == Some(*b) { " recover" } else { "" };
        let _ = writeln!(s, "b{}:{recover}", b.0);
        for i in &block.ins {
            let _ = writeln!(s, "    {}", ins(i));
        }
        let t = match &block.term {
            Term::Open | Term::Stop => "stop".to_owned(),
            Term::Jump(b) => format!("jump b{}", b.0),
            Term::Br { cond: c, yes, no, .. } => format!("if {} b{} else b{}", cond(*c), yes.0, no.0),
            Term::Exit { ins: i, exit, next } => format!("{} exit b{} next b{}", ins(i), exit.0, next.0),
            Term::Table { ins: i, targets } => {
                let ts: Vec<String> = targets.iter().map(|b| format!("b{}", b.0)).collect();
                format!("{} [{}]", ins(i), ts.join(" "))
            }
            Term::Ret(_) => "ret".to_owned(),
        };
        let _ = writeln!(s, "    {t}");
    }
    s
}
