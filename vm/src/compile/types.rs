//! lang types → the runtime's type descriptions, and method tables.
//!
//! Operands name types by their index in `Program::types`; descriptions name each other the same way. Describing a type
//! mentions its components, which adds them to the table, until nothing new turns up.

use std::collections::HashMap;

use gol_lang::types::{BasicKind, ChanDir, NameId, NamedId, PackageId, Type, TypeId};
use gol_runtime::object::types::{BOTH_DIR, Kind, NO_FN, RECV_DIR, SEND_DIR};

use super::Env;
use super::cx::Cx;
use super::grow::Made;
use crate::bytecode::{FieldDesc, IMethodDesc, MethodDesc, TypeDesc};

/// A package of the program.
#[derive(Clone, Debug, Default)]
pub struct PackageName {
    /// Import path (`main` for the program).
    pub path: String,
    /// Package name.
    pub name: String,
}

fn kind(k: BasicKind) -> Kind {
    match k {
        BasicKind::Bool | BasicKind::UntypedBool => Kind::Bool,
        BasicKind::Int | BasicKind::UntypedInt => Kind::Int,
        BasicKind::Int8 => Kind::Int8,
        BasicKind::Int16 => Kind::Int16,
        BasicKind::Int32 | BasicKind::UntypedRune => Kind::Int32,
        BasicKind::Int64 => Kind::Int64,
        BasicKind::Uint => Kind::Uint,
        BasicKind::Uint8 => Kind::Uint8,
        BasicKind::Uint16 => Kind::Uint16,
        BasicKind::Uint32 => Kind::Uint32,
        BasicKind::Uint64 => Kind::Uint64,
        BasicKind::Uintptr => Kind::Uintptr,
        BasicKind::Float32 => Kind::Float32,
        BasicKind::Float64 | BasicKind::UntypedFloat => Kind::Float64,
        BasicKind::Complex64 => Kind::Complex64,
        BasicKind::Complex128 | BasicKind::UntypedComplex => Kind::Complex128,
        BasicKind::String | BasicKind::UntypedString => Kind::String,
        BasicKind::UnsafePointer | BasicKind::UntypedNil | BasicKind::Invalid => Kind::UnsafePointer,
    }
}

/// Describes the program's types that are new; `methods` gets the method tables that are new or changed.
pub(super) fn describe(
    cx: &mut Cx<'_>,
    env: &Env<'_>,
    made: &mut Made,
    methods: &mut Vec<(u32, Vec<MethodDesc>)>,
) -> Vec<TypeDesc> {
    for (_, t) in &cx.program.known.types {
        cx.type_ix(*t);
    }
    // Calls of methods that nothing can call lead to a stub.
    let stub = made.stub.unwrap_or(NO_FN);
    let mut row_of = HashMap::new();
    for table in &cx.program.method_tables {
        let of = cx.type_ix(table.ty);
        let mut rows = Vec::with_capacity(table.methods.len());
        for m in &table.methods {
            rows.push(MethodDesc {
                name: env.names.str(m.name).to_owned(),
                pkg_path: m.pkg.clone().unwrap_or_default(),
                ty: cx.type_ix(m.sig),
                ifn: m.iface_fn.map_or(stub, |f| f.0),
                tfn: NO_FN,
            });
        }
        row_of.insert(of, methods.len());
        methods.push((of, rows));
    }
    // Statically known conversions need all methods of the interface, called or not.
    for (inter, of) in cx.itabs.clone() {
        let set = cx.program.types.type_set(cx.types[inter as usize]);
        let row = *row_of.entry(of).or_insert_with(|| {
            methods.push((of, Vec::new()));
            methods.len() - 1
        });
        for m in &set.methods {
            let (name, path) = (env.names.str(m.id.name), pkg_path(env, m.id.pkg));
            if !methods[row].1.iter().any(|r| r.name == name && r.pkg_path == path) {
                let ty = cx.type_ix(m.sig);
                methods[row].1.push(MethodDesc { name: name.to_owned(), pkg_path: path, ty, ifn: stub, tfn: NO_FN });
            }
        }
    }
    methods.retain(|(of, rows)| {
        let now: Vec<(u32, u32)> = rows.iter().map(|r| (r.ty, r.ifn)).collect();
        let same = made.methods.get(of) == Some(&now);
        if !same {
            made.methods.insert(*of, now);
        }
        !same
    });
    let mut out = Vec::new();
    while made.types as usize + out.len() < cx.types.len() {
        let t = cx.types[made.types as usize + out.len()];
        let d = describe_one(cx, env, t);
        out.push(d);
    }
    out
}

fn pkg_path(env: &Env<'_>, p: Option<PackageId>) -> String {
    p.and_then(|p| env.packages.get(p.0 as usize)).map(|p| p.path.clone()).unwrap_or_default()
}

fn describe_one(cx: &mut Cx<'_>, env: &Env<'_>, t: TypeId) -> TypeDesc {
    let types = &cx.program.types;
    let name_of = |id: NameId| (env.names.str(id.name).to_owned(), pkg_path(env, id.pkg));
    match types.get(t) {
        Type::Basic(k) => TypeDesc::Basic(kind(k)),
        Type::Named(n) => {
            let (name, string, path) = named_strings(cx, env, n);
            let under = types.under(t);
            TypeDesc::Named {
                id: format!("{path}.{name}#{}", n.0),
                string,
                name,
                pkg_path: path,
                underlying: cx.type_ix(under),
            }
        }
        Type::Alias(_) => {
            let u = types.unalias(t);
            describe_one(cx, env, u)
        }
        Type::Pointer(e) => TypeDesc::Pointer(cx.type_ix(e)),
        Type::Slice(e) => TypeDesc::Slice(cx.type_ix(e)),
        Type::Array { len, elem } => TypeDesc::Array(cx.type_ix(elem), len.max(0) as usize),
        Type::Map { key, elem } => TypeDesc::Map(cx.type_ix(key), cx.type_ix(elem)),
        Type::Chan { dir, elem } => {
            let dir = match dir {
                ChanDir::Both => BOTH_DIR,
                ChanDir::Send => SEND_DIR,
                ChanDir::Recv => RECV_DIR,
            };
            TypeDesc::Chan(dir, cx.type_ix(elem))
        }
        Type::Struct(s) => {
            let mut fields = Vec::with_capacity(s.fields.len());
            for f in &s.fields {
                let (name, path) = name_of(f.id);
                fields.push(FieldDesc {
                    name,
                    pkg_path: path,
                    ty: cx.type_ix(f.ty),
                    tag: f.tag.to_string(),
                    embedded: f.embedded,
                });
            }
            TypeDesc::Struct(fields)
        }
        Type::Signature(s) => TypeDesc::Func {
            params: s.params.iter().map(|p| cx.type_ix(p.ty)).collect(),
            results: s.results.iter().map(|p| cx.type_ix(p.ty)).collect(),
            variadic: s.variadic,
        },
        Type::Tuple(ps) => TypeDesc::Func {
            params: ps.iter().map(|p| cx.type_ix(p.ty)).collect(),
            results: Vec::new(),
            variadic: false,
        },
        Type::Interface(_) => {
            let set = types.type_set(t);
            let mut methods = Vec::with_capacity(set.methods.len());
            for m in &set.methods {
                let (name, path) = name_of(m.id);
                methods.push(IMethodDesc { name, pkg_path: path, ty: cx.type_ix(m.sig) });
            }
            TypeDesc::Interface(methods)
        }
        Type::Union(_) | Type::TypeParam(_) => TypeDesc::Basic(Kind::UnsafePointer),
    }
}

/// Name, printed form and package path of a declared type.
fn named_strings(cx: &Cx<'_>, env: &Env<'_>, n: NamedId) -> (String, String, String) {
    let named = cx.program.types.named(n);
    let mut name = env.names.str(named.name).to_owned();
    if !named.targs.is_empty() {
        name.push('[');
        for (i, &t) in named.targs.iter().enumerate() {
            if i > 0 {
                name.push(if i == named.outer.get() { ';' } else { ',' });
            }
            type_string(cx, env, t, &mut name);
        }
        name.push(']');
    }
    let package = named.pkg.and_then(|p| env.packages.get(p.0 as usize));
    match package {
        Some(p) => {
            let string = format!("{}.{name}", p.name);
            (name, string, p.path.clone())
        }
        None => (name.clone(), name, String::new()),
    }
}

/// A type argument as it stands in the name of an instance: qualified by whole package paths.
fn type_string(cx: &Cx<'_>, env: &Env<'_>, t: TypeId, out: &mut String) {
    let types = &cx.program.types;
    let list = |ts: &mut dyn Iterator<Item = TypeId>, out: &mut String| {
        for (i, t) in ts.enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            type_string(cx, env, t, out);
        }
    };
    match types.get(t) {
        Type::Basic(k) => out.push_str(k.name()),
        Type::Named(n) => {
            let (name, _, path) = named_strings(cx, env, n);
            if !path.is_empty() {
                out.push_str(&path);
                out.push('.');
            }
            out.push_str(&name);
        }
        Type::Alias(_) => type_string(cx, env, types.unalias(t), out),
        Type::Pointer(e) => {
            out.push('*');
            type_string(cx, env, e, out);
        }
        Type::Slice(e) => {
            out.push_str("[]");
            type_string(cx, env, e, out);
        }
        Type::Array { len, elem } => {
            out.push_str(&format!("[{len}]"));
            type_string(cx, env, elem, out);
        }
        Type::Map { key, elem } => {
            out.push_str("map[");
            type_string(cx, env, key, out);
            out.push(']');
            type_string(cx, env, elem, out);
        }
        Type::Chan { dir, elem } => {
            out.push_str(match dir {
                ChanDir::Both => "chan ",
                ChanDir::Send => "chan<- ",
                ChanDir::Recv => "<-chan ",
            });
            type_string(cx, env, elem, out);
        }
        Type::Signature(s) => {
            out.push_str("func(");
            list(&mut s.params.iter().map(|p| p.ty), out);
            out.push(')');
            match s.results.len() {
                0 => {}
                1 => {
                    out.push(' ');
                    type_string(cx, env, s.results[0].ty, out);
                }
                _ => {
                    out.push_str(" (");
                    list(&mut s.results.iter().map(|p| p.ty), out);
                    out.push(')');
                }
            }
        }
        Type::Struct(s) => {
            out.push_str("struct {");
            for (i, f) in s.fields.iter().enumerate() {
                out.push_str(if i > 0 { "; " } else { " " });
                if !f.embedded {
                    out.push_str(env.names.str(f.id.name));
                    out.push(' ');
                }
                type_string(cx, env, f.ty, out);
            }
            out.push_str(if s.fields.is_empty() { "}" } else { " }" });
        }
        Type::Interface(_) => {
            let set = types.type_set(t);
            if set.methods.is_empty() {
                out.push_str("interface {}");
                return;
            }
            out.push_str("interface {");
            for (i, m) in set.methods.iter().enumerate() {
                out.push_str(if i > 0 { "; " } else { " " });
                out.push_str(env.names.str(m.id.name));
                out.push_str("()");
            }
            out.push_str(" }");
        }
        Type::Tuple(_) | Type::Union(_) | Type::TypeParam(_) => out.push('?'),
    }
}
