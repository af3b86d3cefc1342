//! Every error code: the rule of the language that a diagnostic says is broken, and a program that breaks it. Most names are
//! those of Go's type checker.

macro_rules! codes {
    ($($name:ident: $meaning:literal, $example:literal,)*) => {
        /// Which rule is broken.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code { $(#[doc = $meaning] $name,)* }

        impl Code {
            /// All codes.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The code's name, as JSON output and documentation show it.
            pub fn name(self) -> &'static str {
                match self { $(Code::$name => stringify!($name),)* }
            }

            /// The code of a name.
            pub fn from_name(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// Which rule it is, in a few words.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$name => $meaning,)* }
            }

            /// A program that breaks the rule, without its package clause unless that matters. Further files, and packages in
            /// folders, follow lines of the form `-- name --`. Empty if no small program breaks it.
            pub fn example(self) -> &'static str {
                match self { $(Code::$name => $example,)* }
            }
        }
    };
}

codes! {
    Syntax: "the text does not follow Go's grammar", "func f( {}",
    NestingLimit: "the text nests deeper than the compiler can follow", "",
    BadDirective: "a compiler directive is malformed, or stands where it has no meaning", "//go:noinline\nvar x int",
    InvalidSyntaxTree: "a construct that the grammar lets through stands where it means nothing", "func f(x any) { _ = x.(type) }",
    BlankPkgName: "a package is named _", "package _",
    MismatchedPkgName: "the files of a package disagree about its name", "package p\n-- b.go --\npackage q",
    InvalidPkgUse: "a package name is used as a value", "import \"fmt\"\nfunc f() { fmt.Print(); _ = fmt }",
    BadImportPath: "an import path is malformed", "import \"\"",
    BrokenImport: "an imported package cannot be found", "import \"no/such/package\"",
    ImportCRenamed: "the pseudo-package C is renamed", "import x \"C\"",
    UnusedImport: "an import is not used", "import \"fmt\"",
    InvalidInitCycle: "a variable's initial value depends on the variable", "var x = f()\nfunc f() int { return x }",
    DuplicateDecl: "a name is declared twice in one block", "var x, x int",
    InvalidDeclCycle: "a declaration depends on itself", "type T struct { t T }",
    InvalidConstInit: "a constant's value is not constant", "var v = 1\nconst c = v",
    InvalidConstVal: "a constant's value cannot be represented", "const c = 1 << \"x\"",
    InvalidConstType: "a constant's type is not a basic type", "const c []int = nil",
    UntypedNilUse: "nil is used where its type cannot be known", "var x = nil",
    WrongAssignCount: "the two sides of an assignment differ in number", "var a, b = 1",
    UnassignableOperand: "something that is no variable is assigned to", "func f() { 1 = 2 }",
    NoNewVar: "a := declares nothing new", "func f() { x := 1; x := 2; _ = x }",
    InvalidIfaceAssign: "a value does not implement the interface it is assigned to", "type I interface { m() }\nvar _ I = 1",
    InvalidChanAssign: "a channel is assigned to one of another direction", "type C chan int\ntype D <-chan int\nvar c C\nvar d D = c",
    IncompatibleAssign: "a value is assigned to a variable of another type", "var x int = \"s\"",
    UnaddressableFieldAssign: "a field of a map's element is assigned to", "func f(m map[int]struct{ x int }) { m[0].x = 1 }",
    NotAType: "a value stands where a type is needed", "var x int\nvar y x",
    InvalidArrayLen: "an array's length is not a constant of a suitable value", "var n int\nvar a [n]int",
    BlankIfaceMethod: "an interface's method is named _", "type T interface { _() }",
    IncomparableMapKey: "a map's key type cannot be compared", "var m map[[]int]int",
    InvalidPtrEmbed: "a pointer to a pointer or interface is embedded", "type I interface{}\ntype T struct { *I }",
    BadRecv: "a method has no receiver, or several", "func () f() {}",
    InvalidRecv: "a receiver's type cannot have methods", "func (int) f() {}",
    DuplicateFieldAndMethod: "a field and a method have the same name", "type T struct { x int }\nfunc (T) x() {}",
    DuplicateMethod: "a type has two methods of the same name", "type T int\nfunc (T) m() {}\nfunc (T) m() {}",
    InvalidBlank: "_ is used as a value", "func f() int { return _ }",
    InvalidIota: "iota is used outside constant declarations", "var x = iota",
    MissingInitBody: "init has no body", "func init()",
    InvalidInitDecl: "init is declared as something else than a function", "var init int",
    InvalidMainDecl: "main of package main is not a plain function", "package main\nfunc main(x int) {}",
    TooManyValues: "a function of several results is used where one value is needed", "func g() (int, int) { return 1, 2 }\nfunc f(x int) {}\nvar x = -g()",
    NotAnExpr: "a type stands where a value is needed", "func f() { _ = int }",
    TruncatedFloat: "a constant with a fraction is converted to an integer type", "var x int = 1.5",
    NumericOverflow: "a constant does not fit its type", "var x int8 = 300",
    UndefinedOp: "an operator is not defined for its operands' type", "var x = !1",
    MismatchedTypes: "the operands of an operator have different types", "var x = \"s\" + 1i",
    DivByZero: "a division by the constant zero", "var x = 1 / 0",
    NonNumericIncDec: "++ or -- is applied to something that is not a number", "func f(s string) { s++ }",
    UnaddressableOperand: "the address of something without an address is taken", "var x = &1",
    InvalidIndirection: "something that is no pointer is dereferenced", "var n int\nvar x = *n",
    NonIndexableOperand: "something that has no elements is indexed", "var n int\nvar x = n[0]",
    InvalidIndex: "an index is not an integer, or out of range", "var a [2]int\nvar x = a[5]",
    SwappedSliceIndices: "constant slice indices are in the wrong order", "var s []int\nvar x = s[3:1]",
    NonSliceableOperand: "something that has no elements is sliced", "var n int\nvar x = n[:]",
    InvalidSliceExpr: "a string is sliced with three indices", "var s string\nvar x = s[0:1:2]",
    InvalidShiftCount: "a shift count is not a non-negative integer", "var x = 1 << -1",
    InvalidShiftOperand: "what is shifted is not an integer", "var x = 1.5 << 1",
    InvalidReceive: "something is received from a channel that cannot be received from", "func f(c chan<- int) { <-c }",
    InvalidSend: "something is sent to a channel that cannot be sent to", "func f(c <-chan int) { c <- 1 }",
    DuplicateLitKey: "a composite literal has a constant key twice", "var m = map[int]int{1: 1, 1: 2}",
    MissingLitKey: "an element of a map literal has no key", "var m = map[int]int{1}",
    InvalidLitIndex: "the key of an array or slice literal is not a constant index", "var n int\nvar s = []int{n: 1}",
    OversizeArrayLit: "an array literal has more elements than the array", "var a = [1]int{1, 2}",
    MixedStructLit: "a struct literal has elements with and without field names", "type T struct { a, b int }\nvar t = T{a: 1, 2}",
    InvalidStructLit: "a struct literal has the wrong number of values", "type T struct { a, b int }\nvar t = T{1}",
    MissingLitField: "a struct literal names a field that does not exist", "type T struct { a int }\nvar t = T{b: 1}",
    DuplicateLitField: "a struct literal names a field twice", "type T struct { a int }\nvar t = T{a: 1, a: 2}",
    UnexportedLitField: "a struct literal sets an unexported field of another package", "import \"q\"\nvar x = q.T{1}\n-- q/q.go --\npackage q\ntype T struct { n int }",
    InvalidLitField: "the key of a struct literal's element is not a field name", "type T struct { a int }\nvar t = T{1: 2}",
    UntypedLit: "a composite literal has no type", "type P struct { n int }\ntype T struct { p P }\nvar x = T{p: {1}}",
    InvalidLit: "a composite literal is of a type that has none", "var x = int{}",
    AmbiguousSelector: "a selector finds several fields or methods at the same depth", "type A struct { x int }\ntype B struct { x int }\ntype C struct { A; B }\nvar _ = C{}.x",
    UndeclaredImportedName: "a package does not declare the name selected from it", "import \"fmt\"\nvar x = fmt.Nothing",
    UnexportedName: "an unexported name is selected from another package", "import \"q\"\nvar x = q.n\n-- q/q.go --\npackage q\nvar n int",
    UndeclaredName: "a name is not declared", "var x = y",
    MissingFieldOrMethod: "a value has no such field or method", "var x = struct{}{}.y",
    BadDotDotDotSyntax: "... stands where it has no meaning", "var x []int\nvar y = []int(x...)",
    NonVariadicDotDotDot: "... follows the last argument of a function that is not variadic", "func g(x []int) {}\nfunc f() { g([]int{}...) }",
    InvalidDotDotDot: "... is used with a builtin that takes none", "func f(s []int) { _ = len(s...) }",
    UncalledBuiltin: "a builtin function is used without a call", "var x = len",
    InvalidAppend: "append is applied to something that is no slice", "var n int\nvar x = append(n, 1)",
    InvalidCap: "cap is applied to something that has no capacity", "var x = cap(1)",
    InvalidClose: "close is applied to something that cannot be closed", "func f(c <-chan int) { close(c) }",
    InvalidCopy: "copy is applied to something that is no slice", "func f() { copy(1, 2) }",
    InvalidComplex: "complex is applied to operands of the wrong types", "var x = complex(\"a\", 1)",
    InvalidDelete: "delete is applied to something that is no map", "func f() { delete(1, 2) }",
    InvalidImag: "imag is applied to something that is not complex", "var x = imag(\"s\")",
    InvalidLen: "len is applied to something that has no length", "var x = len(1)",
    SwappedMakeArgs: "make's length exceeds its capacity", "var x = make([]int, 2, 1)",
    InvalidMake: "make is applied to a type that it cannot make", "var x = make(int)",
    InvalidReal: "real is applied to something that is not complex", "var x = real(\"s\")",
    InvalidAssert: "a type assertion is applied to something that is no interface", "var n int\nvar x = n.(int)",
    ImpossibleAssert: "a type assertion can never hold", "type I interface { m() }\nvar i I\nvar x = i.(int)",
    InvalidConversion: "a value cannot be converted to the type", "var s []int\nvar x = int(s)",
    InvalidUntypedConversion: "an untyped value cannot take the type that it needs", "func f(x int) { switch x { case nil: } }",
    BadOffsetofSyntax: "unsafe.Offsetof is not applied to a selector", "import \"unsafe\"\nvar x int\nvar _ = unsafe.Offsetof(x)",
    InvalidOffsetof: "unsafe.Offsetof is applied to a method or a field behind a pointer", "import \"unsafe\"\ntype P struct { n int }\ntype T struct { *P }\nvar t T\nvar x = unsafe.Offsetof(t.n)",
    UnusedExpr: "a value is computed but not used", "func f() { 1 }",
    UnusedVar: "a local variable is not used", "func f() { x := 1 }",
    MissingReturn: "a function with results may end without returning", "func f() int { }",
    WrongResultCount: "a return has the wrong number of values", "func f() int { return 1, 2 }",
    OutOfScopeResult: "a return without values where a result's name is hidden", "func f() (x int) { { x := 1; _ = x; return } }",
    InvalidCond: "a condition is not a boolean", "func f() { if 1 { } }",
    InvalidIterVar: "a range clause has too many variables", "func f(c chan int) { for _, _ = range c { } }",
    InvalidRangeExpr: "something cannot be ranged over", "func f() { for range 1.5 { } }",
    MisplacedBreak: "break is not in a loop, switch or select", "func f() { break }",
    MisplacedContinue: "continue is not in a loop", "func f() { continue }",
    MisplacedFallthrough: "fallthrough does not end a case", "func f() { fallthrough }",
    DuplicateCase: "a switch has a case twice", "func f(x int) { switch x { case 1, 1: } }",
    DuplicateDefault: "a switch or select has two defaults", "func f() { switch { default: default: } }",
    InvalidTypeSwitch: "a type switch is on something that is no interface", "func f(x int) { switch x.(type) { } }",
    InvalidExprSwitch: "a switch is on something that cannot be compared", "func f(x struct{ s []int }) { switch x { } }",
    InvalidSelectCase: "a select's case is no communication", "func f() { select { case 1: } }",
    UndeclaredLabel: "a label is not declared", "func f() { goto L }",
    DuplicateLabel: "a label is declared twice", "func f() { L: ; L: ; goto L }",
    MisplacedLabel: "break or continue names a label of another kind of statement", "func f() { L: ; for { continue L } }",
    UnusedLabel: "a label is not used", "func f() { L: }",
    JumpOverDecl: "goto jumps over a variable's declaration", "func f() { goto L; x := 1; _ = x; L: }",
    JumpIntoBlock: "goto jumps into a block", "func f() { goto L; { L: } }",
    InvalidMethodExpr: "a method expression's type lacks the method", "type T int\nfunc (*T) m() {}\nvar _ = T.m",
    WrongArgCount: "a call has the wrong number of arguments", "func g(x int) {}\nfunc f() { g() }",
    InvalidCall: "something that is no function is called", "var x = 1()",
    UnusedResults: "a call's results may not be ignored", "func f() { defer len(\"\") }",
    InvalidDefer: "defer needs a function call", "func f() { defer 1 }",
    InvalidGo: "go needs a function call", "func f() { go 1 }",
    BadDecl: "a declaration is malformed", "func f()",
    RepeatedDecl: "a := names a variable twice", "func f() { a, a := 1, 2; _ = a }",
    InvalidUnsafeAdd: "unsafe.Add is applied to operands of the wrong types", "import \"unsafe\"\nvar p unsafe.Pointer\nvar s string\nvar _ = unsafe.Add(p, s)",
    InvalidUnsafeSlice: "unsafe.Slice is applied to operands of the wrong types", "import \"unsafe\"\nvar _ = unsafe.Slice(1, 2)",
    UnsupportedFeature: "the feature needs a later language version", "//go:build go1.21\n\npackage p\ntype A[P any] = []P",
    NotAGenericType: "type arguments are given to a type that takes none", "type T int\nvar x T[int]",
    WrongTypeArgCount: "the number of type arguments is wrong", "type T[P any] []P\nvar x T[int, int]",
    CannotInferTypeArgs: "type arguments cannot be inferred", "func g[P any]() {}\nfunc f() { g() }",
    InvalidTypeArg: "a type argument does not satisfy its constraint", "type T[P comparable] []P\nvar x T[func()]",
    InvalidInstanceCycle: "a generic function would have endlessly many instances", "func f[P any]() { f[*P]() }",
    InvalidUnion: "a union is malformed", "type T interface { int | interface { m() } }",
    MisplacedConstraintIface: "a constraint is used as an ordinary type", "type C interface { ~int }\nvar x C",
    MisplacedTypeParam: "a type parameter stands where only a type can", "type T[P any] P",
    InvalidUnsafeSliceData: "unsafe.SliceData is applied to something that is no slice", "import \"unsafe\"\nvar _ = unsafe.SliceData(1)",
    InvalidUnsafeString: "unsafe.String is applied to operands of the wrong types", "import \"unsafe\"\nvar p *byte\nvar _ = unsafe.String(p, -1)",
    InvalidClear: "clear is applied to something that is neither map nor slice", "func f() { clear(1) }",
    TypeTooLarge: "a type is larger than memory", "var x [1 << 50]int",
    InvalidMinMaxOperand: "min or max is applied to operands without order", "var x = min(1i, 2)",
    TooNew: "a file needs a later Go version", "//go:build go1.99\n\npackage p",
}
