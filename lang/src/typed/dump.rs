//! The typed program as text, for `gol dump --stage=typed` and for goldens.
//!
//! One function after another, in Go-like notation. Variables print as `name.N` (`tN` for temporaries) with N the local's number,
//! boxed ones with a `*` at their declaration; labels as `LN`.

use std::fmt::Write;

use super::*;

/// Renders what [`dump`] needs from outside the typed program.
pub trait Names {
    /// The text of a symbol.
    fn symbol(&self, symbol: Symbol) -> String;
    /// A type as Go prints it, with package names.
    fn ty(&self, types: &Types, ty: TypeId) -> String;
}

/// The whole program, or those functions whose name `wanted` accepts.
pub fn dump(program: &Program, names: &dyn Names, wanted: &dyn Fn(&Func) -> bool) -> String {
    let mut d = Dump { program, names, func: None, out: String::new(), indent: 0 };
    for func in &program.funcs {
        if wanted(func) {
            d.function(func);
        }
    }
    d.out
}

/// The method tables, one line a method.
pub fn dump_tables(program: &Program, names: &dyn Names) -> String {
    let mut out = String::new();
    for table in &program.method_tables {
        for method in &table.methods {
            let target = method.iface_fn.map_or("-".to_string(), |f| program.funcs[f.index()].name.clone());
            let (ty, name) = (names.ty(&program.types, table.ty), names.symbol(method.name));
            let _ = writeln!(out, "method {ty} {name} = {target}");
        }
    }
    out
}

struct Dump<'a> {
    program: &'a Program,
    names: &'a dyn Names,
    func: Option<&'a Func>,
    out: String,
    indent: usize,
}

impl<'a> Dump<'a> {
    fn ty(&self, ty: TypeId) -> String {
        self.names.ty(&self.program.types, ty)
    }

    fn local(&self, id: LocalId) -> String {
        let name = match self.func.and_then(|f| f.locals.get(id.index())) {
            Some(local) => self.names.symbol(local.name),
            None => "?".to_string(),
        };
        if name.is_empty() { format!("t{}", id.0) } else { format!("{name}.{}", id.0) }
    }

    fn declared(&self, id: LocalId) -> String {
        let Some(local) = self.func.and_then(|f| f.locals.get(id.index())) else { return self.local(id) };
        let boxed = if local.storage == Storage::Boxed { "*" } else { "" };
        format!("{boxed}{} {}", self.local(id), self.ty(local.ty))
    }

    fn opt_local(&self, id: Option<LocalId>) -> String {
        id.map_or("_".to_string(), |id| self.declared(id))
    }

    fn locals(&self, ids: &[LocalId]) -> String {
        ids.iter().map(|&id| self.declared(id)).collect::<Vec<_>>().join(", ")
    }

    fn func_name(&self, id: FuncId) -> String {
        self.program.funcs.get(id.index()).map_or_else(|| format!("func#{}", id.0), |f| f.name.clone())
    }

    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push('\t');
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn function(&mut self, func: &'a Func) {
        self.func = Some(func);
        let mut head = format!("func {}({})", func.name, self.locals(&func.params));
        if !func.results.is_empty() {
            let _ = write!(head, " ({})", self.locals(&func.results));
        }
        if !func.captures.is_empty() {
            let _ = write!(head, " [{}]", self.locals(&func.captures));
        }
        for (set, flag) in [
            (func.flags.closure, "closure"),
            (func.flags.has_defer, "defer"),
            (func.flags.has_recover, "recover"),
            (func.flags.wrapper, "wrapper"),
            (func.flags.noinline, "noinline"),
        ] {
            if set {
                let _ = write!(head, " {flag}");
            }
        }
        match &func.body {
            Body::Native(name) => self.line(&format!("{head} = native {name}")),
            Body::Script(stmts) => {
                self.line(&format!("{head} {{"));
                self.block(stmts);
                self.line("}");
            }
        }
    }

    fn block(&mut self, stmts: &[Stmt]) {
        self.indent += 1;
        for stmt in stmts {
            self.stmt(stmt);
        }
        self.indent -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Expr(x) => {
                let x = self.expr(x);
                self.line(&x);
            }
            StmtKind::Decl(id, None) => {
                let text = format!("var {}", self.declared(*id));
                self.line(&text);
            }
            StmtKind::Decl(id, Some(x)) => {
                let text = format!("var {} = {}", self.declared(*id), self.expr(x));
                self.line(&text);
            }
            StmtKind::DeclTuple(ids, x) => {
                let ids: Vec<String> = ids.iter().map(|&id| self.opt_local(id)).collect();
                let text = format!("var {} = {}", ids.join(", "), self.expr(x));
                self.line(&text);
            }
            StmtKind::Assign(place, x) => {
                let text = format!("{} = {}", self.expr(place), self.expr(x));
                self.line(&text);
            }
            StmtKind::AssignTuple(places, x) => {
                let places: Vec<String> =
                    places.iter().map(|p| p.as_ref().map_or("_".to_string(), |p| self.expr(p))).collect();
                let text = format!("{} = {}", places.join(", "), self.expr(x));
                self.line(&text);
            }
            StmtKind::AssignMany(pairs) => {
                let places: Vec<String> =
                    pairs.iter().map(|(p, _)| p.as_ref().map_or("_".to_string(), |p| self.expr(p))).collect();
                let values: Vec<String> = pairs.iter().map(|(_, x)| self.expr(x)).collect();
                let text = format!("{} = {}", places.join(", "), values.join(", "));
                self.line(&text);
            }
            StmtKind::OpAssign(op, place, x) => {
                let text = format!("{} {}= {}", self.expr(place), bin_op(*op), self.expr(x));
                self.line(&text);
            }
            StmtKind::Block(stmts) => {
                self.line("{");
                self.block(stmts);
                self.line("}");
            }
            StmtKind::If(cond, then, els) => {
                let text = format!("if {} {{", self.expr(cond));
                self.line(&text);
                self.block(then);
                if !els.is_empty() {
                    self.line("} else {");
                    self.block(els);
                }
                self.line("}");
            }
            StmtKind::Loop { label, cond, body, post } => {
                let cond = cond.as_ref().map_or(String::new(), |c| format!(" {}", self.expr(c)));
                self.line(&format!("L{}: for{cond} {{", label.0));
                self.block(body);
                if !post.is_empty() {
                    self.line("} post {");
                    self.block(post);
                }
                self.line("}");
            }
            StmtKind::Breakable(label, stmts) => {
                self.line(&format!("L{}: {{", label.0));
                self.block(stmts);
                self.line("}");
            }
            StmtKind::Break(label) => self.line(&format!("break L{}", label.0)),
            StmtKind::Continue(label) => self.line(&format!("continue L{}", label.0)),
            StmtKind::Goto(label) => self.line(&format!("goto L{}", label.0)),
            StmtKind::Label(label) => self.line(&format!("L{}:", label.0)),
            StmtKind::Switch { label, tag, arms, default } => {
                let text = format!("L{}: switch {} {{", label.0, self.expr(tag));
                self.line(&text);
                for (i, arm) in arms.iter().enumerate() {
                    let mut head: Vec<String> = arm.consts.iter().map(constant).collect();
                    if *default == Some(i) {
                        head.push("default".to_string());
                    }
                    self.line(&format!("case {}:", head.join(", ")));
                    self.block(&arm.body);
                    if arm.fallthrough {
                        self.line("\tfallthrough");
                    }
                }
                self.line("}");
            }
            StmtKind::Select { label, cases, default } => {
                self.line(&format!("L{}: select {{", label.0));
                for case in cases {
                    let head = match &case.comm {
                        SelectComm::Send(ch, x) => format!("{} <- {}", self.expr(ch), self.expr(x)),
                        SelectComm::Recv { chan, value: None, ok: None } => format!("<-{}", self.expr(chan)),
                        SelectComm::Recv { chan, value, ok } => {
                            format!("{}, {} = <-{}", self.opt_local(*value), self.opt_local(*ok), self.expr(chan))
                        }
                    };
                    self.line(&format!("case {head}:"));
                    self.block(&case.body);
                }
                if let Some(body) = default {
                    self.line("default:");
                    self.block(body);
                }
                self.line("}");
            }
            StmtKind::Send(ch, x) => {
                let text = format!("{} <- {}", self.expr(ch), self.expr(x));
                self.line(&text);
            }
            StmtKind::Go(x) => {
                let text = format!("go {}", self.expr(x));
                self.line(&text);
            }
            StmtKind::Defer(x) => {
                let text = format!("defer {}", self.expr(x));
                self.line(&text);
            }
            StmtKind::DeferAt(token, x) => {
                let text = format!("defer@{} {}", self.expr(token), self.expr(x));
                self.line(&text);
            }
            StmtKind::Return(values) => {
                let text = format!("return {}", self.exprs(values));
                self.line(text.trim_end());
            }
        }
    }

    fn exprs(&mut self, list: &[Expr]) -> String {
        list.iter().map(|x| self.expr(x)).collect::<Vec<_>>().join(", ")
    }

    /// Statements inside an expression, on one line.
    fn inline(&mut self, stmts: &[Stmt]) -> String {
        let (out, indent) = (std::mem::take(&mut self.out), std::mem::take(&mut self.indent));
        for stmt in stmts {
            self.stmt(stmt);
        }
        self.indent = indent;
        let text = std::mem::replace(&mut self.out, out);
        text.trim_end().replace('\n', "; ").replace('\t', "")
    }

    fn opt(&mut self, x: &Option<Box<Expr>>) -> String {
        x.as_ref().map_or(String::new(), |x| self.expr(x))
    }

    fn expr(&mut self, x: &Expr) -> String {
        match &x.kind {
            ExprKind::Const(c) => {
                let text = constant(c);
                match c {
                    Const::Bool(_) | Const::Str(_) => text,
                    _ => format!("{text}:{}", self.ty(x.ty)),
                }
            }
            ExprKind::Zero => format!("zero({})", self.ty(x.ty)),
            ExprKind::Local(id) => self.local(*id),
            ExprKind::Global(id) => self.program.globals[id.index()].name.clone(),
            ExprKind::FuncValue(id) => format!("func {}", self.func_name(*id)),
            ExprKind::Closure(id, captured) => {
                let captured: Vec<String> = captured.iter().map(|&id| self.local(id)).collect();
                format!("closure {}[{}]", self.func_name(*id), captured.join(", "))
            }
            ExprKind::Unary(op, x) => {
                let op = match op {
                    UnOp::Neg => "-",
                    UnOp::Not => "^",
                    UnOp::LogicalNot => "!",
                };
                format!("{op}{}", self.expr(x))
            }
            ExprKind::Binary(op, a, b) => format!("({} {} {})", self.expr(a), bin_op(*op), self.expr(b)),
            ExprKind::Compare(op, a, b) => {
                let op = match op {
                    CmpOp::Eq => "==",
                    CmpOp::Ne => "!=",
                    CmpOp::Lt => "<",
                    CmpOp::Le => "<=",
                    CmpOp::Gt => ">",
                    CmpOp::Ge => ">=",
                };
                format!("({} {op} {})", self.expr(a), self.expr(b))
            }
            ExprKind::IsNil(equal, x) => format!("({} {} nil)", self.expr(x), if *equal { "==" } else { "!=" }),
            ExprKind::And(a, b) => format!("({} && {})", self.expr(a), self.expr(b)),
            ExprKind::Or(a, b) => format!("({} || {})", self.expr(a), self.expr(b)),
            ExprKind::Concat(list) => format!("concat({})", self.exprs(list)),
            ExprKind::Convert(kind, a) => format!("{kind:?}[{}]({})", self.ty(x.ty), self.expr(a)),
            ExprKind::Retype(a) => format!("retype[{}]({})", self.ty(x.ty), self.expr(a)),
            ExprKind::ToInterface(a) => format!("iface[{}]({}: {})", self.ty(x.ty), self.expr(a), self.ty(a.ty)),
            ExprKind::InterfaceToInterface(a) => format!("iface2iface[{}]({})", self.ty(x.ty), self.expr(a)),
            ExprKind::TypeAssert { x, target, comma_ok } => {
                let ok = if *comma_ok { ",ok" } else { "" };
                format!("{}.({}{ok})", self.expr(x), self.ty(*target))
            }
            ExprKind::TypeTest(x, target) => format!("{}.is({})", self.expr(x), self.ty(*target)),
            ExprKind::Field(x, index) => format!("{}.{index}", self.expr(x)),
            ExprKind::Index(x, i) => format!("{}[{}]", self.expr(x), self.expr(i)),
            ExprKind::MapIndex { map, key, comma_ok } => {
                let ok = if *comma_ok { ",ok" } else { "" };
                format!("{}[{}{ok}]", self.expr(map), self.expr(key))
            }
            ExprKind::Slice { x, lo, hi, max } => {
                let max = if max.is_some() { format!(":{}", self.opt(max)) } else { String::new() };
                format!("{}[{}:{}{max}]", self.expr(x), self.opt(lo), self.opt(hi))
            }
            ExprKind::Deref(x) => format!("*{}", self.expr(x)),
            ExprKind::AddrOf(x) => format!("&{}", self.expr(x)),
            ExprKind::New(x) => format!("new({}: {})", self.expr(x), self.ty(x.ty)),
            ExprKind::StructLit(fields) => {
                let fields: Vec<String> = fields.iter().map(|(i, x)| format!("{i}: {}", self.expr(x))).collect();
                format!("{}{{{}}}", self.ty(x.ty), fields.join(", "))
            }
            ExprKind::ArrayLit(elems) | ExprKind::SliceLit(_, elems) => {
                let elems: Vec<String> = elems.iter().map(|(i, x)| format!("{i}: {}", self.expr(x))).collect();
                let len = match &x.kind {
                    ExprKind::SliceLit(len, _) => format!("len {len}; "),
                    _ => String::new(),
                };
                format!("{}{{{len}{}}}", self.ty(x.ty), elems.join(", "))
            }
            ExprKind::MapLit(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(k, v)| format!("{}: {}", self.expr(k), self.expr(v))).collect();
                format!("{}{{{}}}", self.ty(x.ty), pairs.join(", "))
            }
            ExprKind::Call(callee, args) => {
                let callee = match callee {
                    Callee::Static(id) => self.func_name(*id),
                    Callee::Value(f) => format!("({})", self.expr(f)),
                    Callee::Interface(recv, index) => format!("{}.#{index}", self.expr(recv)),
                };
                format!("{callee}({})", self.exprs(args))
            }
            ExprKind::LetTuple(ids, value, body) => {
                let ids = self.locals(ids);
                format!("(let {ids} = {} in {})", self.expr(value), self.expr(body))
            }
            ExprKind::Seq(stmts, value) => {
                let stmts = self.inline(stmts);
                format!("({{ {stmts}; {} }})", self.expr(value))
            }
            ExprKind::Recv(ch, comma_ok) => format!("<-{}{}", self.expr(ch), if *comma_ok { ",ok" } else { "" }),
            ExprKind::Len(x) => format!("len({})", self.expr(x)),
            ExprKind::Cap(x) => format!("cap({})", self.expr(x)),
            ExprKind::MakeSlice(len, cap) => {
                let cap = if cap.is_some() { format!(", {}", self.opt(cap)) } else { String::new() };
                format!("make({}, {}{cap})", self.ty(x.ty), self.expr(len))
            }
            ExprKind::MakeMap(size) | ExprKind::MakeChan(size) => {
                let size = if size.is_some() { format!(", {}", self.opt(size)) } else { String::new() };
                format!("make({}{size})", self.ty(x.ty))
            }
            ExprKind::Append(s, values) => format!("append({}, {})", self.expr(s), self.exprs(values)),
            ExprKind::AppendSlice(s, t) => format!("append({}, {}...)", self.expr(s), self.expr(t)),
            ExprKind::Copy(dst, src) => format!("copy({}, {})", self.expr(dst), self.expr(src)),
            ExprKind::Delete(m, k) => format!("delete({}, {})", self.expr(m), self.expr(k)),
            ExprKind::Clear(x) => format!("clear({})", self.expr(x)),
            ExprKind::Close(x) => format!("close({})", self.expr(x)),
            ExprKind::MinMax(max, list) => format!("{}({})", if *max { "max" } else { "min" }, self.exprs(list)),
            ExprKind::Complex(a, b) => format!("complex({}, {})", self.expr(a), self.expr(b)),
            ExprKind::Real(x) => format!("real({})", self.expr(x)),
            ExprKind::Imag(x) => format!("imag({})", self.expr(x)),
            ExprKind::Panic(x) => format!("panic({})", self.expr(x)),
            ExprKind::Recover => "recover()".to_string(),
            ExprKind::Print(ln, list) => format!("{}({})", if *ln { "println" } else { "print" }, self.exprs(list)),
            ExprKind::MapIter(m) => format!("mapiter({})", self.expr(m)),
            ExprKind::MapIterNext(id) => format!("next({})", self.local(*id)),
            ExprKind::MapIterKey(id) => format!("key({})", self.local(*id)),
            ExprKind::MapIterValue(id) => format!("value({})", self.local(*id)),
            ExprKind::DecodeRune(s, i) => format!("decoderune({}, {})", self.expr(s), self.expr(i)),
            ExprKind::DeferToken => "defertoken()".to_string(),
            ExprKind::UnsafeAdd(p, n) => format!("unsafe.Add({}, {})", self.expr(p), self.expr(n)),
            ExprKind::UnsafeSlice(p, n) => format!("unsafe.Slice({}, {})", self.expr(p), self.expr(n)),
            ExprKind::UnsafeString(p, n) => format!("unsafe.String({}, {})", self.expr(p), self.expr(n)),
            ExprKind::UnsafeData(x) => format!("unsafe.Data({})", self.expr(x)),
        }
    }
}

fn bin_op(op: BinOp) -> &'static str {
    match op {
        BinOp::Add => "+",
        BinOp::Sub => "-",
        BinOp::Mul => "*",
        BinOp::Div => "/",
        BinOp::Rem => "%",
        BinOp::And => "&",
        BinOp::Or => "|",
        BinOp::Xor => "^",
        BinOp::AndNot => "&^",
        BinOp::Shl => "<<",
        BinOp::Shr => ">>",
    }
}

fn constant(c: &Const) -> String {
    match c {
        Const::Bool(b) => b.to_string(),
        Const::Int(n) => n.to_string(),
        Const::Float(x) => format!("{x:?}"),
        Const::Complex(re, im) => format!("({re:?}+{im:?}i)"),
        Const::Str(bytes) => {
            let mut text = String::from("\"");
            for chunk in bytes.utf8_chunks() {
                let _ = write!(text, "{}", chunk.valid().escape_debug());
                for byte in chunk.invalid() {
                    let _ = write!(text, "\\x{byte:02x}");
                }
            }
            text.push('"');
            text
        }
    }
}
