//! Labels and the statements that jump: `break`, `continue`, `goto`, `fallthrough`.
//!
//! One pass over the statements of a function body, not into its function literals, which are bodies of their own. A `goto` whose
//! label has not been met is kept as a *forward goto* of its block; when the block ends, it becomes one of the enclosing block.
//! Whatever is left at the end jumps into a block or to nowhere.

use std::collections::BTreeMap;

use crate::check::Checker;
use crate::diag::Code;
use crate::intern::{Symbol, sym};
use crate::source::Pos;
use crate::syntax::ast::{Ast, Decl, ExprId, List, Stmt, StmtId};
use crate::types::{ObjId, Object, ObjectKind};

/// Index into [`Branches::blocks`].
type BlockIx = usize;

struct Block {
    parent: Option<BlockIx>,
    /// Where it starts, for messages.
    start: Pos,
    /// The labelled statement that this is the block of.
    labeled: Option<StmtId>,
}

struct Label {
    block: BlockIx,
    /// The labelled statement, a [`Stmt::Labeled`].
    stmt: StmtId,
    /// The label's name there.
    name: ExprId,
    obj: ObjId,
    used: bool,
}

/// What `break` and `continue` without label refer to.
#[derive(Clone, Copy, Default)]
struct Targets {
    breaks: Option<StmtId>,
    continues: Option<StmtId>,
    /// In the list of a case of an expression switch: the case's index and the number of cases.
    case: Option<(usize, usize)>,
}

enum Enclosing {
    Undefined,
    Elsewhere,
    At(StmtId),
}

struct Branches<'a> {
    check: &'a mut Checker,
    ast: &'a Ast,
    blocks: Vec<Block>,
    labels: BTreeMap<Symbol, Label>,
}

impl Checker {
    /// Checks labels and jumps of a function body and records what they refer to.
    pub(crate) fn check_branches(&mut self, body: StmtId) {
        let ast = self.ast.clone();
        let Stmt::Block { list, .. } = ast.stmt(body) else { return };
        let mut branches = Branches { check: self, ast: &ast, blocks: Vec::new(), labels: BTreeMap::new() };
        let left = branches.block(None, Targets::default(), None, ast.pos(body), ast.stmts(list));
        for name in left {
            let Some(label) = ast.name(name) else { continue };
            let text = branches.text(label);
            match branches.labels.get_mut(&label) {
                Some(l) => {
                    l.used = true;
                    let start = branches.blocks[l.block].start;
                    branches.check.point_at(start, "the block begins here");
                    let start = branches.check.sources.location(start);
                    branches.error(
                        name,
                        Code::JumpIntoBlock,
                        format!("goto {text} jumps into block starting at {start}"),
                    );
                }
                None => branches.error(name, Code::UndeclaredLabel, format!("label {text} not defined")),
            }
        }
        let unused: Vec<ExprId> = branches.labels.values().filter(|l| !l.used).map(|l| l.name).collect();
        for name in unused {
            let text = branches.name_text(name);
            branches.error(name, Code::UnusedLabel, format!("label {text} defined and not used"));
        }
    }
}

impl<'a> Branches<'a> {
    fn error(&mut self, at: ExprId, code: Code, message: String) {
        let span = self.ast.error_span(at);
        self.check.error(span, code, message);
    }

    fn text(&self, name: Symbol) -> String {
        self.check.names.str(name).to_string()
    }

    fn name_text(&self, name: ExprId) -> String {
        self.ast.name(name).map_or_else(String::new, |n| self.text(n))
    }

    fn declare(&mut self, block: BlockIx, stmt: StmtId, name: ExprId) {
        let Some(symbol) = self.ast.name(name) else { return };
        if let Some(old) = self.labels.get(&symbol) {
            let at = self.check.sources.location(self.ast.pos(old.name));
            let text = self.text(symbol);
            let first = self.ast.span(old.name);
            self.check.point_at(first, "the first one");
            self.error(name, Code::DuplicateLabel, format!("label {text} already defined at {at}"));
            return;
        }
        let kind = ObjectKind::Label { used: true, stmt: Some(stmt) };
        let obj = Object::new(kind, symbol, self.ast.span(name), Some(self.check.pkg));
        let obj = self.check.objs.add(obj);
        self.check.info().set_def(name, Some(obj));
        self.labels.insert(symbol, Label { block, stmt, name, obj, used: false });
    }

    /// Records what a jump's label refers to.
    fn jump(&mut self, at: ExprId, name: Symbol) {
        if let Some(label) = self.labels.get(&name) {
            self.check.info().set_use(at, label.obj);
        }
    }

    fn goto_target(&mut self, block: BlockIx, name: Symbol) -> Option<StmtId> {
        let label = self.labels.get_mut(&name)?;
        label.used = true; // even if it turns out to be no valid target
        let (stmt, home) = (label.stmt, label.block);
        let mut at = Some(block);
        while let Some(b) = at {
            if b == home {
                return Some(stmt);
            }
            at = self.blocks[b].parent;
        }
        None
    }

    fn enclosing_target(&mut self, block: BlockIx, name: Symbol) -> Enclosing {
        let Some(label) = self.labels.get_mut(&name) else { return Enclosing::Undefined };
        label.used = true;
        let stmt = label.stmt;
        let mut at = Some(block);
        while let Some(b) = at {
            if self.blocks[b].labeled == Some(stmt) {
                return Enclosing::At(stmt);
            }
            at = self.blocks[b].parent;
        }
        Enclosing::Elsewhere
    }

    /// Checks a list of statements; gives the labels of the gotos that have not found theirs.
    fn block(
        &mut self,
        parent: Option<BlockIx>,
        targets: Targets,
        labeled: Option<StmtId>,
        start: Pos,
        list: &[StmtId],
    ) -> Vec<ExprId> {
        let ast = self.ast;
        let block = self.blocks.len();
        self.blocks.push(Block { parent, start, labeled });
        let mut forward: Vec<ExprId> = Vec::new();
        // The last variable declaration, and the gotos that jump over it if their label follows in this block.
        let mut declared: Option<(String, Pos)> = None;
        let mut over: Vec<ExprId> = Vec::new();
        let end = list.iter().rposition(|&s| !matches!(ast.stmt(s), Stmt::Empty)).map_or(0, |last| last + 1);
        for (index, &stmt) in list[..end].iter().enumerate() {
            let mut stmt = stmt;
            let mut labeled = None;
            while let Stmt::Labeled { label, stmt: inner } = ast.stmt(stmt) {
                if let Some(name) = ast.name(label).filter(|&n| n != sym::BLANK) {
                    self.declare(block, stmt, label);
                    let (found, rest): (Vec<ExprId>, Vec<ExprId>) =
                        forward.into_iter().partition(|&jump| ast.name(jump) == Some(name));
                    forward = rest;
                    for jump in found {
                        if let Some(l) = self.labels.get_mut(&name) {
                            l.used = true;
                        }
                        self.jump(jump, name);
                        if let Some((var, at)) = &declared
                            && over.contains(&jump)
                        {
                            let text = self.text(name);
                            let declared = *at;
                            let at = self.check.sources.location(declared);
                            let message = format!("goto {text} jumps over declaration of {var} at {at}");
                            self.check.point_at(declared, "the declaration that would be skipped");
                            self.error(jump, Code::JumpOverDecl, message);
                        }
                    }
                    labeled = Some(stmt);
                }
                stmt = inner;
            }
            match ast.stmt(stmt) {
                Stmt::Decl(decls) => {
                    let var = ast.decls(decls).iter().find_map(|&d| match ast.decl(d) {
                        Decl::Var { names, .. } => ast.exprs(names).first().map(|&n| (self.name_text(n), ast.pos(n))),
                        _ => None,
                    });
                    if var.is_some() {
                        declared = var;
                        over.clone_from(&forward);
                    }
                }
                Stmt::Define { lhs, .. } => {
                    let names: Vec<String> = ast.exprs(lhs).iter().map(|&n| self.check.expr_str(n)).collect();
                    declared = Some((names.join(", "), ast.pos(stmt)));
                    over.clone_from(&forward);
                }
                Stmt::Break(None) if targets.breaks.is_none() => {
                    self.stmt_error(stmt, Code::MisplacedBreak, "break is not in a loop, switch, or select");
                }
                Stmt::Continue(None) if targets.continues.is_none() => {
                    self.stmt_error(stmt, Code::MisplacedContinue, "continue is not in a loop");
                }
                Stmt::Fallthrough => {
                    let message = match targets.breaks.map(|b| ast.stmt(b)) {
                        Some(Stmt::TypeSwitch { .. }) => "cannot fallthrough in type switch",
                        Some(Stmt::Switch { .. }) => match targets.case {
                            Some((case, cases)) if index + 1 == end => {
                                if case + 1 < cases {
                                    continue;
                                }
                                "cannot fallthrough final case in switch"
                            }
                            _ => "fallthrough statement out of place",
                        },
                        _ => "fallthrough statement out of place",
                    };
                    self.stmt_error(stmt, Code::MisplacedFallthrough, message);
                }
                Stmt::Break(Some(label)) => {
                    let Some(name) = ast.name(label) else { continue };
                    match self.enclosing_target(block, name) {
                        Enclosing::At(at) if self.is_kind(at, false) => self.jump(label, name),
                        Enclosing::Undefined => {
                            let text = self.text(name);
                            self.error(label, Code::MisplacedLabel, format!("break label not defined: {text}"));
                        }
                        _ => {
                            let text = self.text(name);
                            self.error(label, Code::MisplacedLabel, format!("invalid break label {text}"));
                        }
                    }
                }
                Stmt::Continue(Some(label)) => {
                    let Some(name) = ast.name(label) else { continue };
                    match self.enclosing_target(block, name) {
                        Enclosing::At(at) if self.is_kind(at, true) => self.jump(label, name),
                        Enclosing::Undefined => {
                            let text = self.text(name);
                            self.error(label, Code::MisplacedLabel, format!("continue label not defined: {text}"));
                        }
                        _ => {
                            let text = self.text(name);
                            self.error(label, Code::MisplacedLabel, format!("invalid continue label {text}"));
                        }
                    }
                }
                Stmt::Goto(label) => {
                    let Some(name) = ast.name(label) else { continue };
                    match self.goto_target(block, name) {
                        Some(_) => self.jump(label, name),
                        None => forward.push(label),
                    }
                }
                Stmt::Block { list, .. } => {
                    let inner = Targets { case: None, ..targets };
                    forward.extend(self.inner(block, inner, labeled, ast.pos(stmt), list));
                }
                Stmt::If { then, els, .. } => {
                    let inner = Targets { case: None, ..targets };
                    if let Stmt::Block { list, .. } = ast.stmt(then) {
                        forward.extend(self.inner(block, inner, labeled, ast.pos(then), list));
                    }
                    if let Some(els) = els {
                        forward.extend(self.block(Some(block), inner, labeled, ast.pos(els), &[els]));
                    }
                }
                Stmt::For { body, .. } | Stmt::Range { body, .. } => {
                    let inner = Targets { breaks: Some(stmt), continues: Some(stmt), case: None };
                    if let Stmt::Block { list, .. } = ast.stmt(body) {
                        forward.extend(self.inner(block, inner, labeled, ast.pos(body), list));
                    }
                }
                Stmt::Switch { clauses, .. } | Stmt::TypeSwitch { clauses, .. } | Stmt::Select { clauses, .. } => {
                    let list = ast.clauses(clauses);
                    for (index, &clause) in list.iter().enumerate() {
                        let inner = Targets { breaks: Some(stmt), case: Some((index, list.len())), ..targets };
                        forward.extend(self.inner(block, inner, labeled, ast.pos(clause), ast.clause(clause).body));
                    }
                }
                _ => {}
            }
        }
        forward
    }

    fn inner(
        &mut self,
        parent: BlockIx,
        targets: Targets,
        labeled: Option<StmtId>,
        start: Pos,
        list: List<StmtId>,
    ) -> Vec<ExprId> {
        let ast = self.ast;
        self.block(Some(parent), targets, labeled, start, ast.stmts(list))
    }

    fn stmt_error(&mut self, stmt: StmtId, code: Code, message: &str) {
        let span = self.ast.error_span(stmt);
        self.check.error(span, code, message);
    }

    /// Whether a label stands before a loop or, unless `loops_only`, a switch or select.
    fn is_kind(&self, labeled: StmtId, loops_only: bool) -> bool {
        let Stmt::Labeled { stmt, .. } = self.ast.stmt(labeled) else { return false };
        match self.ast.stmt(stmt) {
            Stmt::For { .. } | Stmt::Range { .. } => true,
            Stmt::Switch { .. } | Stmt::TypeSwitch { .. } | Stmt::Select { .. } => !loops_only,
            _ => false,
        }
    }
}
