//! From text to a question.

use crate::error::SearchError;
use crate::fields::{Field, is_known, is_object};
use crate::pattern::Pattern;
use crate::query::{Condition, Query, Sort};

/// Longest text that is looked at, in characters.
const LONGEST: usize = 10_000;
const CONDITION: &str = "a field, an operator and a value, such as name=web*";
const OPERATOR: &str = "= or !=";
const AFTER_CONDITION: &str = "`and`, `or`, `sortby` or `page`";

/// Reads a search.
///
/// # Errors
/// `Syntax` with the place and what could stand there; `NotSupported` for what only oVirt knows.
pub fn parse(text: &str) -> Result<Query, SearchError> {
    let mut reader = Reader {
        text: text.chars().collect(),
        at: 0,
        free_text: false,
    };
    if reader.text.len() > LONGEST {
        return Err(SearchError::syntax(
            LONGEST + 1,
            format!("at most {LONGEST} characters"),
        ));
    }
    reader.query()
}

/// A value as it can be put into a search, in quotes.
///
/// # Errors
/// When it holds a character that no value may hold; the position is that of the character.
pub fn quote(value: &str) -> Result<String, SearchError> {
    match value.chars().position(|c| c == '"' || is_forbidden(c)) {
        Some(at) => Err(SearchError::syntax(at + 1, FORBIDDEN)),
        None => Ok(format!("\"{value}\"")),
    }
}

const FORBIDDEN: &str = "a value without quotes inside it and without any of ' ; < > & ^ !";

/// oVirt allows none of these in a value.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\'' | ';' | '<' | '>' | '&' | '^' | '!')
}

/// Ends a word that is not a value.
fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '=' | '(' | ')' | ':') || is_forbidden(c)
}

struct Reader {
    text: Vec<char>,
    at: usize,
    free_text: bool,
}

/// A word and where it begins.
struct Word {
    text: String,
    position: usize,
}

impl Word {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }
}

impl Reader {
    fn query(&mut self) -> Result<Query, SearchError> {
        let mut query = Query::default();
        self.spaces();
        if self.at_end() {
            return Ok(query);
        }
        if !self.next_is_tail() {
            loop {
                query.conditions.push(self.condition()?);
                self.spaces();
                if self.at_end() || self.next_is_tail() {
                    break;
                }
                let word = self.word();
                if word.is("or") {
                    return Err(SearchError::not_supported(word.position, "`or`"));
                }
                if !word.is("and") {
                    return Err(SearchError::syntax(word.position, AFTER_CONDITION));
                }
            }
        }
        self.tail(&mut query)?;
        Ok(query)
    }

    /// `sortby` and `page`.
    fn tail(&mut self, query: &mut Query) -> Result<(), SearchError> {
        self.spaces();
        if self.next_word_is("sortby") {
            self.word();
            query.sort = Some(self.sort()?);
            self.spaces();
        }
        if self.next_word_is("page") {
            self.word();
            self.spaces();
            let number = self.word();
            let page = number.text.parse::<u32>().ok().filter(|n| *n > 0);
            query.page = Some(page.ok_or_else(|| {
                SearchError::syntax(number.position, "a page number, 1 or greater")
            })?);
            self.spaces();
        }
        if self.at_end() {
            return Ok(());
        }
        let expected = if query.page.is_some() {
            "nothing after the page number"
        } else {
            "`page` or the end"
        };
        Err(SearchError::syntax(self.position(), expected))
    }

    fn sort(&mut self) -> Result<Sort, SearchError> {
        self.spaces();
        let word = self.word();
        let field = match Field::of(&word.text) {
            Some(field) => field,
            None if is_known(&word.text) => {
                return Err(SearchError::not_supported(
                    word.position,
                    format!("sorting by `{}`", word.text),
                ));
            }
            None => return Err(SearchError::syntax(word.position, "a field to sort by")),
        };
        self.spaces();
        let descending = self.next_word_is("desc");
        if descending || self.next_word_is("asc") {
            self.word();
        }
        Ok(Sort {
            field,
            descending,
            position: word.position,
        })
    }

    fn condition(&mut self) -> Result<Condition, SearchError> {
        self.spaces();
        let position = self.position();
        if self.peek() == Some('"') {
            let value = self.quoted()?;
            return self.free(position, &value);
        }
        let word = self.word();
        let reserved = ["and", "or", "sortby", "page"];
        if word.text.is_empty() || reserved.iter().any(|r| word.is(r)) {
            return Err(SearchError::syntax(position, CONDITION));
        }
        self.spaces();
        match self.peek() {
            Some('=' | '!' | '<' | '>') => self.comparison(word),
            Some(':') if is_object(&word.text) => Err(SearchError::not_supported(
                position,
                format!("the object's name `{}:` in front", word.text),
            )),
            Some(c) if c.is_alphanumeric() && Field::of(&word.text).is_none() => {
                self.free(position, &word.text)
            }
            Some(_) if Field::of(&word.text).is_none() && !is_known(&word.text) => {
                Err(SearchError::syntax(self.position(), AFTER_CONDITION))
            }
            None if Field::of(&word.text).is_none() && !is_known(&word.text) => {
                self.free(position, &word.text)
            }
            _ => Err(SearchError::syntax(self.position(), OPERATOR)),
        }
    }

    /// Text without a field: part of a name.
    fn free(&mut self, position: usize, text: &str) -> Result<Condition, SearchError> {
        if self.free_text {
            return Err(SearchError::syntax(
                position,
                "a field; text without one may stand in a search once",
            ));
        }
        self.free_text = true;
        Ok(Condition {
            position,
            field: Field::Name,
            negated: false,
            value: Pattern::new(format!("*{text}*")),
        })
    }

    fn comparison(&mut self, word: Word) -> Result<Condition, SearchError> {
        let field = self.field(&word)?;
        let operator = self.position();
        let negated = match (self.peek(), self.text.get(self.at + 1)) {
            (Some('='), _) => {
                self.at += 1;
                false
            }
            (Some('!'), Some('=')) => {
                self.at += 2;
                true
            }
            (Some('<' | '>'), _) => {
                return Err(SearchError::not_supported(
                    operator,
                    "comparing with < or >",
                ));
            }
            _ => return Err(SearchError::syntax(operator, OPERATOR)),
        };
        self.spaces();
        let value = self.value()?;
        let value = if field == Field::Status {
            value.replace('_', "")
        } else {
            value
        };
        Ok(Condition {
            position: word.position,
            field,
            negated,
            value: Pattern::new(value),
        })
    }

    fn field(&self, word: &Word) -> Result<Field, SearchError> {
        if let Some(field) = Field::of(&word.text) {
            return Ok(field);
        }
        let crossing = word.text.split_once('.').is_some_and(|(object, field)| {
            is_object(object) && (Field::of(field).is_some() || is_known(field))
        });
        if crossing || is_known(&word.text) {
            let what = format!("the field `{}`", word.text);
            return Err(SearchError::not_supported(word.position, what));
        }
        Err(SearchError::syntax(
            word.position,
            "a field such as name, id, status, cluster or datacenter",
        ))
    }

    fn value(&mut self) -> Result<String, SearchError> {
        match self.peek() {
            Some('"') => self.quoted(),
            None => Err(SearchError::syntax(self.position(), "a value")),
            Some(_) => {
                let mut value = String::new();
                while let Some(c) = self.peek().filter(|c| !c.is_whitespace()) {
                    if is_forbidden(c) || matches!(c, '"' | '(' | ')') {
                        return Err(SearchError::syntax(self.position(), FORBIDDEN));
                    }
                    value.push(c);
                    self.at += 1;
                }
                Ok(value)
            }
        }
    }

    fn quoted(&mut self) -> Result<String, SearchError> {
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.peek() {
            if c == '"' {
                self.at += 1;
                return Ok(value);
            }
            if is_forbidden(c) {
                return Err(SearchError::syntax(self.position(), FORBIDDEN));
            }
            value.push(c);
            self.at += 1;
        }
        Err(SearchError::syntax(self.position(), "a closing \""))
    }

    fn word(&mut self) -> Word {
        let position = self.position();
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|c| !ends_word(*c)) {
            text.push(c);
            self.at += 1;
        }
        Word { text, position }
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
    fn position(&self) -> usize {
        self.at + 1
    }
}
