//! Source text to typed program: lexer, parser, checker, lowering.
