//! From Go's regular expression syntax (RE2) to the one of crate regex. They are close; the differences are: Perl classes and \b are ASCII
//! here, classes have no nesting or set operations, \Q…\E and \C exist, octal escapes too, and the errors are Go's.

/// What is wrong with an expression: Go's words, and the part they are about.
pub type Wrong = (&'static str, String);

struct Translator<'a> {
    /// The expression.
    s: &'a str,
    /// Where we are in it.
    i: usize,
    out: String,
    /// Where the groups that are open began.
    open: Vec<usize>,
    names: Vec<String>,
    posix: bool,
}

/// Translates an expression; also answers the names of its groups, "" for the whole match and for unnamed ones.
pub fn translate(s: &str, posix: bool) -> Result<(String, Vec<String>), Wrong> {
    let mut t = Translator {
        s,
        i: 0,
        out: String::with_capacity(s.len() + 16),
        open: Vec::new(),
        names: vec![String::new()],
        posix,
    };
    // POSIX expressions have ^ and $ at lines.
    if posix {
        t.out.push_str("(?m)");
    }
    t.run()?;
    Ok((t.out, t.names))
}

fn whole(s: &str) -> Wrong {
    ("missing closing )", s.to_string())
}

impl Translator<'_> {
    fn rest(&self) -> &str {
        &self.s[self.i..]
    }
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }
    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.i += c.len_utf8();
        Some(c)
    }

    fn run(&mut self) -> Result<(), Wrong> {
        // Whether something stands before that a repetition could apply to, and the last repetition if it was right before.
        let mut operand = false;
        let mut repeated: Option<usize> = None;
        while let Some(c) = self.peek() {
            let at = self.i;
            let mut this_repeated = None;
            match c {
                '(' => {
                    self.group()?;
                    operand = false;
                }
                ')' => {
                    self.i += 1;
                    if self.open.pop().is_none() {
                        return Err(("unexpected )", self.s.to_string()));
                    }
                    self.out.push(')');
                    operand = true;
                }
                '|' => {
                    self.i += 1;
                    self.out.push('|');
                    operand = false;
                }
                '*' | '+' | '?' | '{' => {
                    let before = self.out.len();
                    if c == '{' {
                        match self.counts()? {
                            Some(text) => self.out.push_str(&text),
                            None => {
                                self.i += 1;
                                self.out.push_str("\\{");
                                operand = true;
                                repeated = None;
                                continue;
                            }
                        }
                    } else {
                        self.i += 1;
                        self.out.push(c);
                    }
                    if !operand {
                        self.out.truncate(before);
                        return Err(("missing argument to repetition operator", self.s[at..self.i].to_string()));
                    }
                    if !self.posix && self.peek() == Some('?') {
                        self.i += 1;
                        self.out.push('?');
                    }
                    if let Some(from) = repeated {
                        if !self.posix {
                            return Err(("invalid nested repetition operator", self.s[from..self.i].to_string()));
                        }
                        // POSIX allows a**: the second adds nothing.
                        self.out.truncate(before);
                    }
                    this_repeated = Some(at);
                }
                '[' => {
                    self.class()?;
                    operand = true;
                }
                '\\' => {
                    operand = self.escape()?;
                }
                '.' | '^' | '$' => {
                    self.i += 1;
                    self.out.push(c);
                    operand = true;
                }
                _ => {
                    self.i += c.len_utf8();
                    self.literal(c);
                    operand = true;
                }
            }
            repeated = this_repeated;
        }
        if !self.open.is_empty() {
            return Err(whole(self.s));
        }
        Ok(())
    }

    fn literal(&mut self, c: char) {
        if c.is_ascii_punctuation() || c == '\n' || c == ' ' {
            if c == '<' || c == '>' {
                self.out.push(c); // \< would be a word boundary
            } else {
                self.out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
            }
        } else {
            self.out.push(c);
        }
    }

    /// `(`, with what may follow.
    fn group(&mut self) -> Result<(), Wrong> {
        let start = self.i;
        self.i += 1;
        if self.open.len() >= 1000 {
            return Err(("expression nests too deeply", self.s.to_string()));
        }
        if self.posix || self.peek() != Some('?') {
            self.open.push(start);
            self.names.push(String::new());
            self.out.push('(');
            return Ok(());
        }
        self.i += 1;
        let rest = self.rest();
        let named = rest.strip_prefix("P<").or_else(|| rest.strip_prefix('<').filter(|r| !r.starts_with(['=', '!'])));
        if let Some(n) = named {
            let Some(end) = n.find('>') else {
                return Err(("invalid named capture", self.s[start..].to_string()));
            };
            let name = &n[..end];
            let upto = self.s.len() - n.len() + end + 1;
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(("invalid named capture", self.s[start..upto].to_string()));
            }
            self.names.push(name.to_string());
            self.open.push(start);
            self.i = upto;
            // Go allows names that begin with a digit; ours are kept here, so the group needs none.
            self.out.push('(');
            return Ok(());
        }
        // Flags: (?i) for what follows, (?i:…) for a group.
        let mut flags = String::new();
        let (mut minus, mut any) = (false, false);
        while let Some(c) = self.take() {
            match c {
                'i' | 'm' | 's' | 'U' => {
                    flags.push(c);
                    any = true;
                }
                '-' if !minus => {
                    minus = true;
                    any = false;
                    flags.push('-');
                }
                ':' | ')' if !minus || any => {
                    if c == ':' {
                        self.open.push(start);
                        self.out.push_str(&format!("(?{flags}:"));
                    } else if !flags.is_empty() {
                        self.out.push_str(&format!("(?{flags})"));
                    }
                    return Ok(());
                }
                _ => break,
            }
        }
        if self.i >= self.s.len() && self.peek().is_none() && !self.s[start..].ends_with([':', ')']) && any {
            return Err(whole(self.s));
        }
        Err(("invalid or unsupported Perl syntax", self.s[start..self.i].to_string()))
    }

    /// `{n}`, `{n,}`, `{n,m}`; None if it is a plain brace.
    fn counts(&mut self) -> Result<Option<String>, Wrong> {
        let start = self.i;
        let Some(end) = self.rest().find('}') else { return Ok(None) };
        let body = &self.s[start + 1..start + end];
        let number = |t: &str| {
            (!t.is_empty() && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse::<u64>().unwrap_or(9999))
        };
        let (lo, hi) = match body.split_once(',') {
            None => (number(body), number(body)),
            Some((a, "")) => (number(a), Some(u64::MAX)),
            Some((a, b)) => (number(a), number(b)),
        };
        let (Some(lo), Some(hi)) = (lo, hi) else { return Ok(None) };
        let text = &self.s[start..start + end + 1];
        if lo > 1000 || hi != u64::MAX && (hi > 1000 || lo > hi) {
            return Err(("invalid repeat count", text.to_string()));
        }
        let text = text.to_string();
        self.i = start + end + 1;
        Ok(Some(text))
    }

    /// An escape outside a class; whether it is something that can be repeated.
    fn escape(&mut self) -> Result<bool, Wrong> {
        let start = self.i;
        self.i += 1;
        let Some(c) = self.peek() else {
            return Err(("trailing backslash at end of expression", String::new()));
        };
        if !self.posix {
            match c {
                'A' | 'z' => {
                    self.i += 1;
                    self.out.push_str(if c == 'A' { "\\A" } else { "\\z" });
                    return Ok(true);
                }
                'b' | 'B' => {
                    self.i += 1;
                    self.out.push_str(if c == 'b' { "(?-u:\\b)" } else { "(?-u:\\B)" });
                    return Ok(true);
                }
                'C' => {
                    self.i += 1;
                    self.out.push_str("(?s-u:.)");
                    return Ok(true);
                }
                'Q' => {
                    self.i += 1;
                    let rest = &self.s[self.i..];
                    let (text, skip) = match rest.find("\\E") {
                        Some(e) => (&rest[..e], e + 2),
                        None => (rest, rest.len()),
                    };
                    let some = !text.is_empty();
                    for ch in text.chars() {
                        self.literal(ch);
                    }
                    self.i += skip;
                    return Ok(some);
                }
                _ => {}
            }
        }
        if let Some(class) = self.perl_class(c)? {
            self.out.push_str(&format!("[{class}]"));
            return Ok(true);
        }
        let r = self.escaped_rune(start)?;
        self.literal(r);
        Ok(true)
    }

    /// \d and its like, and \p{…}, as items of a class. `c` is the character behind the backslash.
    fn perl_class(&mut self, c: char) -> Result<Option<String>, Wrong> {
        let text = match c {
            _ if self.posix && c != 'p' && c != 'P' => return Ok(None),
            'd' => "0-9",
            'D' => "^0-9",
            's' => "\\t\\n\\x0c\\r\\x20",
            'S' => "^\\t\\n\\x0c\\r\\x20",
            'w' => "0-9A-Za-z_",
            'W' => "^0-9A-Za-z_",
            'p' | 'P' => return self.unicode_class(c).map(Some),
            _ => return Ok(None),
        };
        self.i += 1;
        // Negated ones become a nested class.
        Ok(Some(if text.starts_with('^') { format!("[{text}]") } else { text.to_string() }))
    }

    fn unicode_class(&mut self, c: char) -> Result<String, Wrong> {
        let start = self.i - 1;
        self.i += 1;
        let mut negated = c == 'P';
        let name = match self.take() {
            Some('{') => {
                let Some(end) = self.rest().find('}') else {
                    return Err(("invalid character class range", self.s[start..].to_string()));
                };
                let name = self.rest()[..end].to_string();
                self.i += end + 1;
                name
            }
            Some(one) => one.to_string(),
            None => return Err(("invalid character class range", self.s[start..].to_string())),
        };
        let plain = match name.strip_prefix('^') {
            Some(n) => {
                negated = !negated;
                n
            }
            None => &name,
        };
        let item = format!("\\{}{{{plain}}}", if negated { 'P' } else { 'p' });
        if plain == "Any" {
            return Ok(if negated { "[^\\x00-\\x{10FFFF}]".into() } else { "\\x00-\\x{10FFFF}".into() });
        }
        if regex_syntax_accepts(&item) {
            Ok(item)
        } else {
            Err(("invalid character class range", self.s[start..self.i].to_string()))
        }
    }

    /// The rune that an escape stands for; we are behind the backslash.
    fn escaped_rune(&mut self, start: usize) -> Result<char, Wrong> {
        let wrong = |t: &Self| {
            let end = t.s[t.i..].chars().next().map_or(t.i, |c| t.i + c.len_utf8());
            ("invalid escape sequence", t.s[start..end.max(start + 1)].to_string())
        };
        let Some(c) = self.peek() else {
            return Err(("trailing backslash at end of expression", String::new()));
        };
        match c {
            '1'..='7' => {
                // Only as octal with more digits, as there are no back-references.
                if !self.s[self.i + 1..].starts_with(|d: char| ('0'..='7').contains(&d)) {
                    return Err(wrong(self));
                }
                Ok(self.octal())
            }
            '0' => Ok(self.octal()),
            'x' => {
                self.i += 1;
                let digits = if self.peek() == Some('{') {
                    let Some(end) = self.rest().find('}') else { return Err(wrong(self)) };
                    let d = self.rest()[1..end].to_string();
                    self.i += end + 1;
                    d
                } else {
                    let d: String = self.rest().chars().take(2).collect();
                    if d.len() < 2 || !d.is_ascii() {
                        return Err(wrong(self));
                    }
                    self.i += 2;
                    d
                };
                let value = if digits.is_empty() || digits.starts_with(['+', '-']) {
                    None
                } else {
                    u32::from_str_radix(&digits, 16).ok()
                };
                value
                    .and_then(char::from_u32)
                    .ok_or_else(|| ("invalid escape sequence", self.s[start..self.i].to_string()))
            }
            'a' | 'f' | 'n' | 'r' | 't' | 'v' => {
                self.i += 1;
                Ok(match c {
                    'a' => '\x07',
                    'f' => '\x0c',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    _ => '\x0b',
                })
            }
            _ if c.is_ascii_punctuation() => {
                self.i += 1;
                Ok(c)
            }
            _ => Err(wrong(self)),
        }
    }

    fn octal(&mut self) -> char {
        let mut v = 0;
        for _ in 0..3 {
            match self.peek().and_then(|c| c.to_digit(8)) {
                Some(d) => {
                    v = v * 8 + d;
                    self.i += 1;
                }
                None => break,
            }
        }
        char::from_u32(v).unwrap_or('\0')
    }

    /// `[…]`
    fn class(&mut self) -> Result<(), Wrong> {
        let start = self.i;
        self.i += 1;
        let mut out = String::from("[");
        if self.peek() == Some('^') {
            self.i += 1;
            out.push('^');
            if self.posix {
                out.push_str("\\n");
            }
        }
        let mut first = true;
        loop {
            let Some(c) = self.peek() else {
                return Err(("missing closing ]", self.s[start..].to_string()));
            };
            if c == ']' && !first {
                self.i += 1;
                break;
            }
            // A dash between items must be first or last.
            if c == '-' && !self.posix && !first && !self.s[self.i + 1..].starts_with(']') {
                let after = self.s[self.i + 1..].chars().next().map_or(0, char::len_utf8);
                return Err(("invalid character class range", self.s[self.i..self.i + 1 + after].to_string()));
            }
            first = false;
            if self.rest().starts_with("[:")
                && let Some(end) = self.rest().find(":]")
            {
                let name = self.rest()[..end + 2].to_string();
                let bare = name[2..name.len() - 2].trim_start_matches('^');
                const KNOWN: [&str; 14] = [
                    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
                    "upper", "word", "xdigit",
                ];
                if !KNOWN.contains(&bare) {
                    return Err(("invalid character class range", name));
                }
                self.i += name.len();
                out.push_str(&name);
                continue;
            }
            if c == '\\' {
                self.i += 1;
                if let Some(next) = self.peek()
                    && let Some(class) = self.perl_class(next)?
                {
                    out.push_str(&class);
                    continue;
                }
                self.i -= 1;
            }
            let range_start = self.i;
            let lo = self.class_rune(start)?;
            let mut hi = lo;
            if self.rest().starts_with('-') && self.s.len() > self.i + 1 && !self.s[self.i + 1..].starts_with(']') {
                self.i += 1;
                hi = self.class_rune(start)?;
                if hi < lo {
                    return Err(("invalid character class range", self.s[range_start..self.i].to_string()));
                }
            }
            out.push_str(&format!("\\x{{{:X}}}", lo as u32));
            if hi != lo {
                out.push_str(&format!("-\\x{{{:X}}}", hi as u32));
            }
        }
        out.push(']');
        self.out.push_str(&out);
        Ok(())
    }

    fn class_rune(&mut self, class_start: usize) -> Result<char, Wrong> {
        match self.peek() {
            None => Err(("missing closing ]", self.s[class_start..].to_string())),
            Some('\\') => {
                let start = self.i;
                self.i += 1;
                self.escaped_rune(start)
            }
            Some(c) => {
                self.i += c.len_utf8();
                Ok(c)
            }
        }
    }
}

/// Whether crate regex knows a property.
fn regex_syntax_accepts(item: &str) -> bool {
    regex::Regex::new(item).is_ok()
}
