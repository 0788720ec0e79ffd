//! From text to a question.
//!
//! ```text
//! search    = [object ":"] [any] ["sortby" field ["asc" | "desc"]] ["page" number]
//! any       = all {"or" all}
//! all       = condition {"and" condition}
//! condition = [object "."] field operator value | object ("=" | "!=") value | text
//! ```
//!
//! `and` binds stronger than `or`; there are no parentheses, as in oVirt.

use crate::error::SearchError;
use crate::expected::{Expected, FORBIDDEN};
use crate::fields::{FieldDef, Kind};
use crate::moment::{When, parse_span};
use crate::objects::Object;
use crate::pattern::Pattern;
use crate::query::{Condition, Operator, Query, Sort, Test, Value};

/// Longest text that is looked at, in characters.
pub(crate) const LONGEST: usize = 10_000;

/// Reads a search for objects of a kind; the object in front may be missing.
///
/// # Errors
/// `Syntax` with the place and what could stand there; `NotSupported` for what only oVirt knows.
pub fn parse(object: Object, text: &str) -> Result<Query, SearchError> {
    let mut reader = Reader::new(object, text);
    reader.query().map_err(SearchError::from)
}

/// The object that a search has in front, such as a bookmark's: `Vms: name=web*`.
///
/// # Errors
/// `Syntax` when there is none.
pub fn object_of(text: &str) -> Result<Object, SearchError> {
    let word: String = text
        .trim_start()
        .chars()
        .take_while(|c| !ends_word(*c))
        .collect();
    Object::named(&word)
        .filter(|_| {
            text.trim_start()[word.len()..]
                .trim_start()
                .starts_with(':')
        })
        .ok_or_else(|| SearchError::Syntax {
            position: text.chars().take_while(|c| c.is_whitespace()).count() + 1,
            expected: format!("an object such as {}:", Object::Vm.many()),
        })
}

/// A value as it can be put into a search, in quotes.
///
/// # Errors
/// When it holds a character that no value may hold; the position is that of the character.
pub fn quote(value: &str) -> Result<String, SearchError> {
    match value.chars().position(|c| c == '"' || is_forbidden(c)) {
        Some(at) => Err(SearchError::Syntax {
            position: at + 1,
            expected: FORBIDDEN.to_owned(),
        }),
        None => Ok(format!("\"{value}\"")),
    }
}

/// oVirt allows none of these in a value.
pub(crate) fn is_forbidden(c: char) -> bool {
    matches!(c, '\'' | ';' | '<' | '>' | '&' | '^' | '!')
}

/// Ends a word that is not a value.
pub(crate) fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '=' | '(' | ')' | ':') || is_forbidden(c)
}

const RESERVED: [&str; 4] = ["and", "or", "sortby", "page"];

/// Why reading ended. The place counts characters from 0.
pub(crate) enum Stop {
    Syntax(usize, Expected),
    NotSupported(usize, String),
}

impl From<Stop> for SearchError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Syntax(at, expected) => SearchError::Syntax {
                position: at + 1,
                expected: expected.to_string(),
            },
            Stop::NotSupported(at, what) => SearchError::NotSupported {
                position: at + 1,
                what,
            },
        }
    }
}

/// Reads from left to right and remembers where it began to expect what it is reading.
pub(crate) struct Reader {
    object: Object,
    text: Vec<char>,
    at: usize,
    free: Vec<Option<Object>>,
    /// The last thing that was looked for, and where.
    pub slot: (usize, Expected),
}

/// A word and where it begins.
struct Word {
    text: String,
    at: usize,
}

impl Word {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }
    fn is_reserved(&self) -> bool {
        RESERVED.iter().any(|r| self.is(r))
    }
}

/// What a condition begins with.
enum Subject {
    Field(Option<Object>, FieldDef),
    Object(Object),
}

impl Reader {
    pub fn new(object: Object, text: &str) -> Self {
        Reader {
            object,
            text: text.chars().collect(),
            at: 0,
            free: Vec::new(),
            slot: (0, Expected::Beginning(object)),
        }
    }

    pub fn query(&mut self) -> Result<Query, Stop> {
        let mut query = Query::everything(self.object);
        if self.text.len() > LONGEST {
            return Err(Stop::Syntax(LONGEST, Expected::Shorter(LONGEST)));
        }
        self.expect(Expected::Beginning(self.object));
        if self.prefix()? {
            self.expect(Expected::Beginning(self.object));
        }
        if self.at_end() {
            return Ok(query);
        }
        if !self.next_is_tail() {
            self.conditions(&mut query)?;
        }
        self.tail(&mut query)?;
        Ok(query)
    }

    /// The object in front: was there one?
    fn prefix(&mut self) -> Result<bool, Stop> {
        let before = self.at;
        let word = self.word();
        self.spaces();
        if self.peek() != Some(':') || word.text.is_empty() {
            self.at = before;
            return Ok(false);
        }
        if Object::named(&word.text) != Some(self.object) {
            return Err(Stop::Syntax(word.at, Expected::Prefix(self.object)));
        }
        self.at += 1;
        Ok(true)
    }

    fn conditions(&mut self, query: &mut Query) -> Result<(), Stop> {
        query.any.push(Vec::new());
        loop {
            let condition = self.condition()?;
            if let Some(all) = query.any.last_mut() {
                all.push(condition);
            }
            if !self.separated(Expected::AfterCondition) || self.next_is_tail() {
                return Ok(());
            }
            let word = self.word();
            if word.is("or") {
                query.any.push(Vec::new());
            } else if !word.is("and") {
                return Err(Stop::Syntax(word.at, Expected::AfterCondition));
            }
            if self.at < self.text.len() {
                self.expect(Expected::Condition(self.object));
            }
        }
    }

    /// `sortby` and `page`.
    fn tail(&mut self, query: &mut Query) -> Result<(), Stop> {
        if self.next_word_is("sortby") {
            self.word();
            query.sort = Some(self.sort()?);
        }
        if self.next_word_is("page") {
            self.word();
            self.separated(Expected::PageNumber);
            let number = self.word();
            let page = number.text.parse::<u32>().ok().filter(|n| *n > 0);
            query.page = Some(page.ok_or(Stop::Syntax(number.at, Expected::PageNumber))?);
            self.separated(Expected::End);
        }
        if self.at_end() {
            return Ok(());
        }
        Err(Stop::Syntax(self.at, self.slot.1))
    }

    fn sort(&mut self) -> Result<Sort, Stop> {
        let expected = Expected::SortField(self.object);
        self.separated(expected);
        let word = self.word();
        let def = self.object.field(&word.text);
        let def = *def.ok_or(Stop::Syntax(word.at, expected))?;
        if def.kind == Kind::Unkept {
            let what = format!("sorting by `{}`", word.text);
            return Err(Stop::NotSupported(word.at, what));
        }
        self.separated(Expected::AfterSortField);
        let descending = self.next_word_is("desc");
        if descending || self.next_word_is("asc") {
            self.word();
            self.separated(Expected::AfterSort);
        }
        Ok(Sort { def, descending })
    }

    fn condition(&mut self) -> Result<Condition, Stop> {
        self.spaces();
        let expected = Expected::Condition(self.object);
        let at = self.at;
        if self.peek() == Some('"') {
            let text = self.quoted()?;
            return self.free(at, None, &text, false);
        }
        let word = self.word();
        if word.text.is_empty() || word.is_reserved() {
            return Err(Stop::Syntax(at, expected));
        }
        let Some(subject) = self.subject(&word)? else {
            self.spaces();
            return match self.peek() {
                Some('=' | '!' | '<' | '>') => Err(Stop::Syntax(at, Expected::Field(self.object))),
                None => self.free(at, None, &word.text, false),
                Some(c) if self.at > word.at + word.text.chars().count() && !ends_word(c) => {
                    self.free(at, None, &word.text, false)
                }
                Some(_) => Err(Stop::Syntax(self.at, Expected::AfterCondition)),
            };
        };
        match subject {
            Subject::Field(of, def) => self.comparison(at, of, def, &word.text),
            Subject::Object(object) => {
                self.separated(Expected::ObjectOperator);
                let negated = match self.operator() {
                    Some(Operator::Equal) => false,
                    Some(Operator::NotEqual) => true,
                    _ => return Err(Stop::Syntax(self.at, Expected::ObjectOperator)),
                };
                self.expect(Expected::FreeValue);
                let (_, text) = self.value(Expected::FreeValue)?;
                self.free(at, Some(object), &text, negated)
            }
        }
    }

    /// A field, or an object that is followed by an operator; `None` for plain text.
    fn subject(&mut self, word: &Word) -> Result<Option<Subject>, Stop> {
        if let Some(def) = self.object.field(&word.text) {
            return Ok(Some(Subject::Field(None, *def)));
        }
        if let Some((name, field)) = word.text.split_once('.')
            && let Some(object) = Object::named(name)
        {
            let after = word.at + name.chars().count() + 1;
            let is_join = self.object.joins().contains(&object);
            if object == self.object || is_join {
                let expected = Expected::Field(object);
                self.slot = (after, expected);
                let Some(def) = object.field(field) else {
                    return Err(Stop::Syntax(after, expected));
                };
                self.related(object, word.at)?;
                let of = is_join.then_some(object);
                return Ok(Some(Subject::Field(of, *def)));
            }
            if self.operator_follows() {
                return Err(Stop::Syntax(word.at, Expected::Field(self.object)));
            }
        }
        if let Some(object) = Object::named(&word.text)
            && self.object.joins().contains(&object)
            && self.operator_follows()
        {
            self.related(object, word.at)?;
            return Ok(Some(Subject::Object(object)));
        }
        Ok(None)
    }

    fn related(&self, object: Object, at: usize) -> Result<(), Stop> {
        if self.object.is_related_to(object) {
            return Ok(());
        }
        let what = format!("a search for {} by {}", self.object.many(), object.many());
        Err(Stop::NotSupported(at, what))
    }

    fn operator_follows(&self) -> bool {
        let mut rest = self.text[self.at..]
            .iter()
            .skip_while(|c| c.is_whitespace());
        matches!(rest.next(), Some('=' | '!' | '<' | '>'))
    }

    /// Text without a field.
    fn free(
        &mut self,
        at: usize,
        of: Option<Object>,
        text: &str,
        negated: bool,
    ) -> Result<Condition, Stop> {
        if self.free.contains(&of) {
            return Err(Stop::Syntax(at, Expected::NoMoreFreeText(self.object)));
        }
        self.free.push(of);
        Ok(Condition {
            position: at + 1,
            of,
            test: Test::Free {
                text: Pattern::new(format!("*{text}*")),
                negated,
            },
        })
    }

    fn comparison(
        &mut self,
        at: usize,
        of: Option<Object>,
        def: FieldDef,
        word: &str,
    ) -> Result<Condition, Stop> {
        let expected = Expected::Operator(def);
        if self.at_end_or_space() {
            self.separated(expected);
        }
        let sign = self.at;
        let operator = self.operator().ok_or(Stop::Syntax(sign, expected))?;
        if !def.kind.operators().contains(&operator) {
            return Err(Stop::Syntax(sign, expected));
        }
        if def.kind == Kind::Unkept {
            return Err(Stop::NotSupported(at, format!("the field `{word}`")));
        }
        let expected = Expected::Value(of.unwrap_or(self.object), def);
        self.expect(expected);
        let start = self.at;
        let (quoted, text) = self.value(expected)?;
        let value = read(def.kind, quoted, &text).ok_or(Stop::Syntax(start, expected))?;
        let compares = matches!(operator, Operator::Equal | Operator::NotEqual);
        if value == Value::Nothing && !compares {
            return Err(Stop::Syntax(start, expected));
        }
        Ok(Condition {
            position: at + 1,
            of,
            test: Test::Field {
                def,
                operator,
                value,
            },
        })
    }

    fn operator(&mut self) -> Option<Operator> {
        let second = self.text.get(self.at + 1) == Some(&'=');
        let (operator, length) = match (self.peek()?, second) {
            ('=', _) => (Operator::Equal, 1),
            ('!', true) => (Operator::NotEqual, 2),
            ('<', true) => (Operator::LessOrEqual, 2),
            ('>', true) => (Operator::GreaterOrEqual, 2),
            ('<', false) => (Operator::Less, 1),
            ('>', false) => (Operator::Greater, 1),
            _ => return None,
        };
        self.at += length;
        Some(operator)
    }

    /// A value, and whether it was in quotes.
    fn value(&mut self, expected: Expected) -> Result<(bool, String), Stop> {
        match self.peek() {
            Some('"') => Ok((true, self.quoted()?)),
            None => Err(Stop::Syntax(self.at, expected)),
            Some(_) => {
                let mut value = String::new();
                while let Some(c) = self.peek().filter(|c| !c.is_whitespace()) {
                    let wrong = is_forbidden(c) || matches!(c, '"' | '(' | ')');
                    if wrong || (c == '=' && value.is_empty()) {
                        return Err(Stop::Syntax(self.at, Expected::ValueCharacter));
                    }
                    value.push(c);
                    self.at += 1;
                }
                Ok((false, value))
            }
        }
    }

    fn quoted(&mut self) -> Result<String, Stop> {
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.peek() {
            if c == '"' {
                self.at += 1;
                return Ok(value);
            }
            if is_forbidden(c) {
                return Err(Stop::Syntax(self.at, Expected::ValueCharacter));
            }
            value.push(c);
            self.at += 1;
        }
        Err(Stop::Syntax(self.at, Expected::Quote))
    }

    fn word(&mut self) -> Word {
        let at = self.at;
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| !ends_word(*c)) {
            text.push(c);
            self.at += 1;
        }
        Word { text, at }
    }

    /// Goes on to what is expected next.
    fn expect(&mut self, expected: Expected) {
        self.spaces();
        self.slot = (self.at, expected);
    }

    /// Goes on to what is expected after something that only a space or quote ends: a word that the
    /// text ends with may still become longer. Is there more text?
    fn separated(&mut self, expected: Expected) -> bool {
        let ended = !self.at_end() || self.text.get(self.at.wrapping_sub(1)) == Some(&'"');
        if ended {
            self.expect(expected);
        } else if self.at > 0 {
            // What would be expected is known even if nobody is offered it.
            self.spaces();
        }
        !self.at_end()
    }

    fn next_is_tail(&mut self) -> bool {
        self.next_word_is("sortby") || self.next_word_is("page")
    }

    fn next_word_is(&mut self, word: &str) -> bool {
        let before = self.at;
        let next = self.word();
        self.at = before;
        next.is(word)
    }

    fn at_end_or_space(&self) -> bool {
        self.peek().is_none_or(char::is_whitespace)
    }

    fn spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }
    fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }
}

/// A value of a kind; `None` when it is none.
fn read(kind: Kind, quoted: bool, text: &str) -> Option<Value> {
    if text.is_empty() || (!quoted && text.eq_ignore_ascii_case("null")) {
        return Some(Value::Nothing);
    }
    Some(match kind {
        Kind::Text | Kind::Label | Kind::Unkept => Value::Text(Pattern::new(text)),
        Kind::Number => Value::Number(number(text)?),
        Kind::Truth => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "1" => Value::Truth(true),
            "false" | "f" | "no" | "0" => Value::Truth(false),
            _ => return None,
        },
        Kind::Words(words) | Kind::Ranks(words) => Value::Word(word_of(words, text)?),
        Kind::Moment => Value::Moment(When::parse(text)?),
        Kind::Span => Value::Span(parse_span(text)?),
    })
}

/// Clients write both `powering_up` and `PoweringUp`.
fn word_of(words: &'static [&'static str], text: &str) -> Option<&'static str> {
    let bare = |t: &str| t.replace(['_', '-', ' '], "").to_ascii_lowercase();
    let wanted = bare(text);
    words.iter().copied().find(|word| bare(word) == wanted)
}

/// A plain decimal number.
fn number(text: &str) -> Option<f64> {
    let plain = text.trim().trim_end_matches('%');
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-');
    (!plain.is_empty() && plain.len() <= 30 && plain.chars().all(allowed))
        .then(|| plain.parse::<f64>().ok())
        .flatten()
        .filter(|n| n.is_finite())
}
