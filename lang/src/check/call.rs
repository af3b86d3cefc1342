//! Calls: conversions, predeclared functions, functions and methods, generic ones with inference of their type arguments.

use crate::check::Checker;
use crate::check::advise::WantedBy;
use crate::check::errors::At;
use crate::check::expr::{Exclude, ExprKind, Target};
use crate::check::infer::Inference;
use crate::check::operand::{Mode, Operand};
use crate::check::subst::SubstMap;
use crate::diag::Code;
use crate::source::{Pos, Span};
use crate::syntax::ast::{Expr, ExprId};
use crate::types::universe::BuiltinUse;
use crate::types::{Param, Signature, Type, TypeId};

/// Type arguments given explicitly, with their expressions.
#[derive(Default)]
struct TypeArgs {
    types: Vec<TypeId>,
    exprs: Vec<ExprId>,
}

impl Checker {
    /// Instantiates the generic function `x` with the type arguments of index expression `inst` and, if `infer`, those inferred
    /// from the function type that it is assigned to. If arguments are missing and not to be inferred, the given ones are returned
    /// and `x` stays generic.
    pub(crate) fn func_inst(
        &mut self,
        target: Option<&Target>,
        pos: Pos,
        x: &mut Operand,
        inst: Option<ExprId>,
        infer: bool,
    ) -> Option<Vec<TypeId>> {
        let ast = self.ast.clone();
        let err_pos = inst.map_or(pos, |i| ast.pos(i));
        if inst.is_some() {
            x.expr = inst;
        }
        let version_ok = self.verify_version(err_pos, (1, 18), "function instantiation");
        let mut given = TypeArgs::default();
        if let Some(Expr::Index { indices, .. }) = inst.map(|i| ast.expr(i)) {
            given.exprs = ast.exprs(indices).to_vec();
            match self.type_list(&given.exprs) {
                Some(types) => given.types = types,
                None => {
                    x.invalidate();
                    return None;
                }
            }
        }
        let Type::Signature(sig) = self.types.get(x.ty) else {
            x.invalidate();
            return None;
        };
        let (got, want) = (given.types.len(), sig.tparams.len());
        if got > want {
            let message = format!("got {got} type arguments but want {want}");
            self.error(given.exprs[got - 1], Code::WrongTypeArgCount, message);
            x.invalidate();
            return None;
        }
        let mut targs = given.types;
        if got < want {
            if !infer {
                return Some(targs);
            }
            // Assigning the function to a variable of function type is like passing the variable to a generic function whose
            // parameter has the function's type.
            let mut params = Vec::new();
            let mut args = Vec::new();
            if let Some(target) = target {
                if version_ok && !self.allow_version((1, 21)) {
                    let what = if inst.is_some() { "partially" } else { "implicitly" };
                    self.verify_version(err_pos, (1, 21), &format!("{what} instantiated function in assignment"));
                }
                let plain = Signature { tparams: Vec::new(), ..(*sig).clone() };
                params.push(self.types.signature(plain));
                args.push(Operand { mode: Mode::Value, expr: x.expr, ty: target.sig, ..Operand::new() });
            }
            let (tparams, map) = self.types.rename_tparams(&sig.tparams, &SubstMap::default());
            let call = Inference {
                pos,
                tparams: &tparams,
                targs: targs.iter().map(|&t| Some(t)).collect(),
                params: params.iter().map(|&p| self.types.subst(p, &map)).collect(),
                args: &args,
                reverse: target.map(|t| t.desc.as_str()),
            };
            match self.infer(call) {
                Ok(all) => targs = all,
                Err(err) => {
                    if let Some(err) = err {
                        self.error(err.span, Code::CannotInferTypeArgs, err.message);
                    }
                    x.invalidate();
                    return None;
                }
            }
        }
        let at = x.expr.map_or(pos, |e| ast.start(e));
        let expr = x.expr;
        x.ty = self.instantiate_sig(at, expr, &sig, &targs, &given.exprs);
        x.mode = Mode::Value;
        None
    }

    /// The signature of generic function `expr` with type arguments put in. That they satisfy their constraints is verified later.
    fn instantiate_sig(
        &mut self,
        pos: Pos,
        expr: Option<ExprId>,
        sig: &Signature,
        targs: &[TypeId],
        exprs: &[ExprId],
    ) -> TypeId {
        let inst = self.types.instantiate_signature(sig, targs);
        let inst = self.types.signature((*inst).clone());
        if let Some(expr) = expr {
            self.record_instance(expr, targs, inst);
        }
        let tparams = sig.tparams.clone();
        let targs = targs.to_vec();
        let exprs = exprs.to_vec();
        self.later(move |check| match check.verify(&tparams, &targs) {
            Err((i, why)) => {
                let at = exprs.get(i).map_or(pos.span(), |&e| check.ast.span(e));
                check.point_at_type_param(tparams[i]);
                check.soft_error(at, Code::InvalidTypeArg, why);
            }
            Ok(()) => check.record_mono(pos, &tparams, &targs, &exprs),
        });
        inst
    }

    /// Checks a call and says how it may be used.
    pub(crate) fn call_expr(&mut self, x: &mut Operand, call: ExprId) -> ExprKind {
        let ast = self.ast.clone();
        let Expr::Call { fun, args, dots } = ast.expr(call) else { return ExprKind::Statement };
        let args = ast.exprs(args);
        let mut inst = None;
        if let Expr::Index { .. } = ast.expr(fun) {
            if self.index_expr(x, fun) {
                // Type arguments are combined with what the value arguments tell.
                inst = Some(fun);
            }
            x.expr = Some(fun);
            self.record(x);
        } else {
            self.expr_or_type(x, fun, true);
        }
        match x.mode {
            Mode::Invalid => {
                self.use_exprs(args);
                x.expr = Some(call);
                return ExprKind::Statement;
            }
            Mode::TypeExpr => {
                self.conversion_call(x, call, args, dots);
                x.expr = Some(call);
                return ExprKind::Conversion;
            }
            Mode::Builtin => {
                let Some(id) = x.id else {
                    x.invalidate();
                    return ExprKind::Statement;
                };
                if !self.builtin(x, call, id) {
                    x.invalidate();
                }
                x.expr = Some(call);
                if x.is_valid() && x.mode != Mode::Constant {
                    self.env.has_call_or_recv = true;
                }
                return match id.usage() {
                    BuiltinUse::Expression => ExprKind::Expression,
                    BuiltinUse::Statement => ExprKind::Statement,
                    BuiltinUse::Conversion => ExprKind::Conversion,
                };
            }
            _ => {}
        }
        self.function_call(x, call, fun, args, inst);
        x.expr = Some(call);
        ExprKind::Statement
    }

    /// `T(x)`.
    fn conversion_call(&mut self, x: &mut Operand, call: ExprId, args: &[ExprId], dots: bool) {
        self.non_generic(None, x);
        if !x.is_valid() {
            return;
        }
        let t = x.ty;
        x.invalidate();
        if !self.check_complete(t) {
            return;
        }
        match args {
            [] => {
                let message = format!("missing argument in conversion to {}", self.ty_str(t));
                self.error(call, Code::WrongArgCount, message);
            }
            &[arg] => {
                let target = self.new_target(Some(t), "conversion");
                self.expr(target.as_ref(), x, arg);
                if !x.is_valid() {
                    return;
                }
                if self.types.is_non_type_param_interface(t) && !self.types.type_set(t).is_method_set() {
                    let message = format!(
                        "cannot use interface {} in conversion (contains specific type constraints or is comparable)",
                        self.ty_str(t)
                    );
                    self.error(call, Code::MisplacedConstraintIface, message);
                    return;
                }
                if dots {
                    let message = format!("invalid use of ... in conversion to {}", self.ty_str(t));
                    self.error(arg, Code::BadDotDotDotSyntax, message);
                    return;
                }
                self.conversion(x, t);
            }
            [.., last] => {
                self.use_exprs(args);
                let message = format!("too many arguments in conversion to {}", self.ty_str(t));
                self.error(*last, Code::WrongArgCount, message);
            }
        }
    }

    /// The call of a function value, generic perhaps.
    fn function_call(&mut self, x: &mut Operand, call: ExprId, fun: ExprId, args: &[ExprId], inst: Option<ExprId>) {
        let ast = self.ast.clone();
        let not_func = self.types.typeset(x.ty).into_iter().find_map(|(t, u)| match u.map(|u| self.types.get(u)) {
            None | Some(Type::Signature(_)) => None,
            Some(_) => t,
        });
        let common = match not_func {
            Some(t) => Err(format!("{} is not a function", self.ty_str(t))),
            None => self.types.common_under(x.ty).map_err(|why| self.no_common_under(why)),
        };
        let sig_ty = match common {
            Ok(u) => u,
            Err(why) => {
                let message = format!("invalid operation: cannot call {}: {why}", self.op_str(x));
                self.error(&*x, Code::InvalidCall, message);
                x.invalidate();
                return;
            }
        };
        let Type::Signature(sig) = self.types.get(sig_ty) else {
            x.invalidate();
            return;
        };
        let was_generic = !sig.tparams.is_empty();
        let mut sig_ty = sig_ty;
        let mut given = TypeArgs::default();
        if let Some(Expr::Index { indices, .. }) = inst.map(|i| ast.expr(i)) {
            given.exprs = ast.exprs(indices).to_vec();
            match self.type_list(&given.exprs) {
                Some(types) => given.types = types,
                None => {
                    self.use_exprs(args);
                    x.invalidate();
                    return;
                }
            }
            let (got, want) = (given.types.len(), sig.tparams.len());
            if got > want {
                let message = format!("got {got} type arguments but want {want}");
                self.error(given.exprs[want], Code::WrongTypeArgCount, message);
                self.use_exprs(args);
                x.invalidate();
                return;
            }
            if got == want && want > 0 {
                self.verify_version(fun, (1, 18), "function instantiation");
                sig_ty = self.instantiate_sig(ast.pos(fun), inst, &sig, &given.types, &given.exprs);
                given = TypeArgs::default();
            }
        }
        let (mut operands, partial) = self.generic_expr_list(args);
        let sig_ty = self.arguments(call, sig_ty, given, &mut operands, partial);
        let Type::Signature(sig) = self.types.get(sig_ty) else { return };
        if was_generic && sig.tparams.is_empty() {
            self.record_type_and_value(fun, Mode::Value, sig_ty, None);
        }
        self.env.has_call_or_recv = true;
        match &sig.results[..] {
            [] => x.mode = Mode::NoValue,
            [only] => {
                if !self.check_complete(only.ty) {
                    x.invalidate();
                    return;
                }
                x.mode = Mode::Value;
                x.ty = only.ty;
            }
            results => {
                x.mode = Mode::Value;
                x.ty = self.types.tuple(results);
            }
        }
        // If inference failed, there is no result type to go on with.
        if x.mode == Mode::Value && !sig.tparams.is_empty() && self.types.mentions_any(x.ty, &sig.tparams) {
            x.invalidate();
        }
    }

    /// Evaluates expressions; a single one may have several values.
    pub(crate) fn expr_list(&mut self, list: &[ExprId]) -> Vec<Operand> {
        if let [only] = list {
            return self.multi_expr(*only, false).0;
        }
        list.iter()
            .map(|&e| {
                let mut x = Operand::new();
                self.expr(None, &mut x, e);
                x
            })
            .collect()
    }

    /// Like [`Checker::expr_list`], but the values may be generic functions. Of functions that are instantiated in part, the type
    /// arguments are given, too.
    fn generic_expr_list(&mut self, list: &[ExprId]) -> (Vec<Operand>, Vec<Vec<TypeId>>) {
        let ast = self.ast.clone();
        // Before Go 1.21, missing type arguments must be inferred here and now.
        let infer = list.is_empty() || !self.allow_version((1, 21));
        let mut operands = Vec::with_capacity(list.len());
        let mut partial = Vec::with_capacity(list.len());
        for &e in list {
            let mut x = Operand::new();
            let mut targs = Vec::new();
            if let Expr::Index { .. } = ast.expr(e) {
                if self.index_expr(&mut x, e) {
                    let pos = x.expr.map_or(ast.pos(e), |e| ast.pos(e));
                    match self.func_inst(None, pos, &mut x, Some(e), infer) {
                        Some(given) => {
                            targs = given;
                            x.expr = Some(e);
                        }
                        None => self.record(&x),
                    }
                } else {
                    // What raw_expr does after evaluating an index expression.
                    x.expr = Some(e);
                    self.record(&x);
                    self.exclude(&mut x, Exclude::NonValues);
                    if list.len() > 1 {
                        self.single_value(&mut x);
                    }
                }
            } else if list.len() == 1 {
                self.raw_expr(None, &mut x, e, None, true);
                self.exclude(&mut x, Exclude::NonValues);
                if x.is_valid()
                    && let Type::Tuple(parts) = self.types.get(x.ty)
                {
                    let values = parts.iter().map(|p| Operand::value(Some(e), p.ty)).collect();
                    return (values, Vec::new());
                }
            } else {
                self.generic_expr(&mut x, e, None);
            }
            operands.push(x);
            partial.push(targs);
        }
        (operands, partial)
    }

    /// Checks arguments against a signature, inferring type arguments of the function and of generic functions among the arguments.
    /// The result is the instantiated signature or, after an error, the one given.
    fn arguments(
        &mut self,
        call: ExprId,
        sig_ty: TypeId,
        given: TypeArgs,
        args: &mut [Operand],
        partial: Vec<Vec<TypeId>>,
    ) -> TypeId {
        let ast = self.ast.clone();
        let Expr::Call { fun, args: arg_list, dots } = ast.expr(call) else { return sig_ty };
        let Type::Signature(sig) = self.types.get(sig_ty) else { return sig_ty };
        let mut rsig = sig_ty;
        let nargs = args.len();
        let mut npars = sig.params.len();
        let mut params: Vec<Param> = sig.params.clone();
        let mut adjusted = false;
        if sig.variadic {
            if dots {
                if arg_list.len() == 1 && nargs > 1 {
                    let message =
                        format!("cannot use ... with {nargs}-valued {}", self.expr_str(ast.exprs(arg_list)[0]));
                    self.error(call, Code::InvalidDotDotDot, message);
                    return rsig;
                }
            } else if nargs + 1 >= npars {
                // One parameter for each argument that goes to the variadic one.
                let last = params.remove(npars - 1);
                let elem = match self.types.get(last.ty) {
                    Type::Slice(elem) => elem,
                    _ => last.ty,
                };
                params.resize(nargs.max(params.len()), Param { name: last.name, ty: elem });
                adjusted = true;
                npars = nargs;
            } else {
                npars -= 1; // for the message
            }
        } else if dots {
            let message = format!("cannot use ... in call to non-variadic {}", self.expr_str(fun));
            self.error(call, Code::NonVariadicDotDotDot, message);
            return rsig;
        }
        if nargs != npars {
            self.wrong_arg_count(call, fun, &sig, args, npars, dots);
            return rsig;
        }

        // Type parameters to infer: the callee's, then those of generic arguments.
        let n = sig.tparams.len();
        let mut tparams: Vec<TypeId> = Vec::new();
        let mut targs: Vec<Option<TypeId>> = given.types.iter().map(|&t| Some(t)).collect();
        if n > 0 {
            if !self.allow_version((1, 18)) {
                if let Expr::Index { .. } = ast.expr(fun) {
                    self.verify_version(fun, (1, 18), "function instantiation");
                } else {
                    self.verify_version(call, (1, 18), "implicit function instantiation");
                }
            }
            // Renamed, so that a recursive call does not confuse them with those in its arguments.
            let (fresh, map) = self.types.rename_tparams(&sig.tparams, &SubstMap::default());
            tparams = fresh;
            params.iter_mut().for_each(|p| p.ty = self.types.subst(p.ty, &map));
            targs.resize(tparams.len(), None);
        }
        let mut generic_args: Vec<(usize, usize)> = Vec::new();
        for (i, arg) in args.iter_mut().enumerate() {
            let Type::Signature(asig) = self.types.get(arg.ty) else { continue };
            if asig.tparams.is_empty() || !arg.is_valid() {
                continue;
            }
            let (fresh, map) = self.types.rename_tparams(&asig.tparams, &SubstMap::default());
            let subst = |list: &[Param]| self.types.subst_params(list, &map).unwrap_or_else(|| list.to_vec());
            let renamed = Signature {
                tparams: fresh.clone(),
                params: subst(&asig.params),
                results: subst(&asig.results),
                variadic: asig.variadic,
            };
            arg.ty = self.types.signature(renamed);
            generic_args.push((i, fresh.len()));
            tparams.extend(fresh);
            targs.extend(partial.get(i).into_iter().flatten().map(|&t| Some(t)));
            targs.resize(tparams.len(), None);
        }
        if let Some(&(i, _)) = generic_args.first() {
            let at = At::at(&&args[i], self);
            self.verify_version(at, (1, 21), "implicitly instantiated function as argument");
        }
        if !tparams.is_empty() {
            let inference = Inference {
                pos: ast.pos(call),
                tparams: &tparams,
                targs,
                params: params.iter().map(|p| p.ty).collect(),
                args,
                reverse: None,
            };
            let targs = match self.infer(inference) {
                Ok(targs) => targs,
                Err(err) => {
                    if let Some(err) = err {
                        let message = format!("in call to {}, {}", self.expr_str(fun), err.message);
                        self.error(err.span, Code::CannotInferTypeArgs, message);
                    }
                    return rsig;
                }
            };
            if n > 0 {
                rsig = self.instantiate_sig(ast.pos(call), Some(fun), &sig, &targs[..n], &given.exprs);
                match self.types.get(rsig) {
                    Type::Signature(s) if !adjusted => params.clone_from(&s.params),
                    _ => {
                        let map = SubstMap::new(&tparams[..n], &targs[..n]);
                        params.iter_mut().for_each(|p| p.ty = self.types.subst(p.ty, &map));
                    }
                }
            }
            let mut j = n;
            for (i, count) in generic_args {
                let Type::Signature(asig) = self.types.get(args[i].ty) else { continue };
                let expr = args[i].expr;
                args[i].ty = self.instantiate_sig(ast.pos(call), expr, &asig, &targs[j..j + count], &[]);
                self.record(&args[i]);
                j += count;
            }
        }
        if !args.is_empty() {
            let context = format!("argument to {}", self.expr_str(fun));
            for (index, (arg, param)) in args.iter_mut().zip(&params).enumerate() {
                self.wanted = Some(WantedBy::Parameter { fun, index });
                self.assignment(arg, Some(param.ty), &context);
            }
            self.wanted = None;
        }
        rsig
    }

    fn wrong_arg_count(
        &mut self,
        call: ExprId,
        fun: ExprId,
        sig: &Signature,
        args: &[Operand],
        npars: usize,
        dots: bool,
    ) {
        let (at, qualifier) = if args.len() > npars {
            (At::at(&&args[npars], self), "too many")
        } else if let Some(last) = args.last() {
            (At::at(&last, self), "not enough")
        } else {
            (At::at(&call, self), "not enough")
        };
        let have: Vec<TypeId> = args.iter().map(|x| x.ty).collect();
        let want: Vec<TypeId> = sig.params.iter().map(|p| p.ty).collect();
        self.point_at_function(fun);
        let mut err = self.new_error(Code::WrongArgCount);
        self.add_part(&mut err, at, format!("{qualifier} arguments in call to {}", self.expr_str(fun)));
        self.add_part(&mut err, Span::NONE, format!("have {}", self.types_summary(&have, false, dots)));
        self.add_part(&mut err, Span::NONE, format!("want {}", self.types_summary(&want, sig.variadic, false)));
        self.report(err);
    }

    /// Checks the arguments of a call against a signature made up for a predeclared function.
    pub(crate) fn builtin_arguments(&mut self, call: ExprId, sig: Signature, args: &mut [Operand]) {
        let sig = self.types.signature(sig);
        self.arguments(call, sig, TypeArgs::default(), args, Vec::new());
    }
}
