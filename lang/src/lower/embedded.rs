//! Variables that hold files which are part of the program (`//go:embed`).

use std::rc::Rc;

use super::function::{expr, stmt};
use super::{InitUnit, Lowerer};
use crate::check::EmbeddedFile;
use crate::check::directives::EmbedKind;
use crate::source::Span;
use crate::typed::{Const, ConvKind, Expr, ExprKind, StmtKind};
use crate::types::{ObjId, PackageId, Type, TypeId};

impl Lowerer<'_> {
    /// Initialises the variable, before all that could look at it.
    pub(super) fn embedded(&mut self, pkg: PackageId, obj: ObjId) {
        let Some(files) = self.prog.embedded.get(&obj).cloned() else { return };
        let ast = self.package(pkg).ast.clone();
        let mut init = match self.inits.remove(&pkg) {
            Some(init) => init,
            None => self.new_init(pkg, ast),
        };
        self.fns.push(init.state);
        let span = self.prog.objs[obj].span;
        let place = self.variable(obj, span);
        let ty = place.ty;
        let first = files.first().map_or_else(|| Rc::from([]), |f| f.data.clone());
        let value = match self.prog.embed_kind(ty) {
            Some(EmbedKind::Text) => Some(text(first, ty, span)),
            Some(EmbedKind::Bytes) => {
                let text = text(first, TypeId::STRING, span);
                Some(expr(ExprKind::Convert(ConvKind::StringToBytes, Box::new(text)), ty, span))
            }
            Some(EmbedKind::Files) => self.file_system(&files, ty, span),
            None => None,
        };
        init.state = self.fns.pop().expect("pushed above");
        let stmts = value.map(|value| stmt(StmtKind::Assign(place, value), span)).into_iter().collect();
        init.units.push(InitUnit { lhs: vec![obj], order: 0, stmts, refs: Vec::new() });
        self.inits.insert(pkg, init);
        self.refs.clear();
    }

    /// A file system of type `ty`: a struct whose only field is a pointer to a slice of structs of name and contents.
    fn file_system(&mut self, files: &[EmbeddedFile], ty: TypeId, span: Span) -> Option<Expr> {
        let pointer = self.types().as_struct(ty)?.fields.first()?.ty;
        let Type::Pointer(slice) = self.types().under_type(pointer) else { return None };
        let Type::Slice(file) = self.types().under_type(slice) else { return None };
        let all = files.iter().enumerate().map(|(i, f)| {
            let name = text(f.name.as_bytes().into(), TypeId::STRING, span);
            let data = text(f.data.clone(), TypeId::STRING, span);
            (i as u64, expr(ExprKind::StructLit(vec![(0, name), (1, data)]), file, span))
        });
        let all = expr(ExprKind::SliceLit(files.len() as u64, all.collect()), slice, span);
        let pointer = expr(ExprKind::New(Box::new(all)), pointer, span);
        Some(expr(ExprKind::StructLit(vec![(0, pointer)]), ty, span))
    }
}

fn text(data: Rc<[u8]>, ty: TypeId, span: Span) -> Expr {
    expr(ExprKind::Const(Const::Str(data)), ty, span)
}
