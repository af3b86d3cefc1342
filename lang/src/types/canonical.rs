//! One id per identity class: the form of types that stages after checking work with.
//!
//! In a canonical type aliases are gone, parameters have no names, `byte` is `uint8`, and an interface lists all its methods in one
//! order without embedding anything. Defined types stay as they are (only the type arguments of instances change), so what a
//! defined type's declaration mentions must be brought to canonical form part by part.

use std::rc::Rc;

use crate::intern::sym;
use crate::types::{Field, IMethod, Interface, NamedId, Param, Signature, Type, TypeId, Types};

impl Types {
    /// The representative of all types identical to `t`.
    pub fn canonical(&self, t: TypeId) -> TypeId {
        if let Some(&done) = self.canon.borrow().get(&t) {
            return done;
        }
        let done = self.make_canonical(t);
        let mut memo = self.canon.borrow_mut();
        memo.insert(t, done);
        memo.insert(done, done);
        done
    }

    fn make_canonical(&self, t: TypeId) -> TypeId {
        let go = |t: TypeId| self.canonical(t);
        let params = |list: &[Param]| -> Vec<Param> {
            list.iter().map(|p| Param { name: sym::EMPTY, ty: self.canonical(p.ty) }).collect()
        };
        match self.get(t) {
            Type::Basic(kind) => kind.id(),
            Type::TypeParam(_) | Type::Union(_) => t,
            Type::Alias(_) => go(self.unalias(t)),
            Type::Named(id) => {
                let named = self.named(id);
                match named.origin {
                    Some(origin) => {
                        let targs: Vec<TypeId> = named.targs.iter().map(|&a| go(a)).collect();
                        if targs[..] == named.targs[..] { t } else { self.named_instance(origin, &targs) }
                    }
                    None => t,
                }
            }
            Type::Pointer(elem) => self.pointer(go(elem)),
            Type::Slice(elem) => self.slice(go(elem)),
            Type::Array { len, elem } => self.array(len, go(elem)),
            Type::Map { key, elem } => self.map(go(key), go(elem)),
            Type::Chan { dir, elem } => self.chan(dir, go(elem)),
            Type::Struct(s) => self.strukt(s.fields.iter().map(|f| Field { ty: go(f.ty), ..f.clone() }).collect()),
            Type::Tuple(list) => self.tuple(&params(&list)),
            Type::Signature(sig) => self.signature(Signature {
                tparams: sig.tparams.clone(),
                params: params(&sig.params),
                results: params(&sig.results),
                variadic: sig.variadic,
            }),
            Type::Interface(_) => {
                let set = self.type_set(t);
                if !set.is_method_set() {
                    return t; // a constraint: no value has this type
                }
                if set.methods.is_empty() {
                    return TypeId::EMPTY_INTERFACE;
                }
                let methods: Vec<IMethod> = set.methods.iter().map(|m| IMethod { id: m.id, sig: go(m.sig) }).collect();
                self.interface(Interface { methods, ..Interface::default() })
            }
        }
    }

    /// A type declared inside a generic function, for one instance of that function. The caller sets its right-hand side.
    pub fn local_instance(&self, local: NamedId, targs: &Rc<[TypeId]>) -> (NamedId, TypeId) {
        let named = self.named(local);
        self.new_named_with(named.name, named.pkg, named.obj, targs.clone(), named.local.get())
    }
}
