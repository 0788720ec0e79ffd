//! A question as it was read. `Display` writes it so that it reads as the same question again.

use crate::fields::FieldDef;
use crate::moment::When;
use crate::objects::Object;
use crate::pattern::Pattern;
use std::fmt;

/// How a field is compared with a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// `=`; for a date: within that day or minute.
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`; for a date: after its first moment, as in oVirt.
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Operator {
    /// As it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
        }
    }
}

/// What a field is compared with, of the field's kind.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `""` or `null`: the field is empty.
    Nothing,
    /// Text.
    Text(Pattern),
    /// A number.
    Number(f64),
    /// A truth value.
    Truth(bool),
    /// One of the field's words.
    Word(&'static str),
    /// A date.
    Moment(When),
    /// A span in seconds.
    Span(u64),
}

/// What is asked of one object.
#[derive(Clone, PartialEq, Debug)]
pub enum Test {
    /// One of its texts holds that.
    Free {
        /// With stars around it.
        text: Pattern,
        /// None of them does.
        negated: bool,
    },
    /// A field compares so with a value.
    Field {
        /// The field.
        def: FieldDef,
        /// How.
        operator: Operator,
        /// With what; of the field's kind, or `Nothing`.
        value: Value,
    },
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Where it stands in the text, in characters from 1.
    pub position: usize,
    /// Of which joined object; `None`: of the object that is searched for.
    pub of: Option<Object>,
    /// What is asked.
    pub test: Test,
}

/// Two conditions are the same wherever they stand.
impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.of == other.of && self.test == other.test
    }
}

/// `sortby`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sort {
    /// By which field.
    pub def: FieldDef,
    /// From the end.
    pub descending: bool,
}

/// A search: what is asked of which object, in which order, which page.
///
/// A joined object is one and the same within an alternative: `Hosts: vms.name=a and vms.status=up`
/// asks for a host with a VM that fits both. Whoever has no counterpart of a kind that the search
/// names anywhere does not fit, as in oVirt.
#[derive(Clone, PartialEq, Debug)]
pub struct Query {
    /// What is searched for.
    pub object: Object,
    /// Alternatives (`or`) of conditions that must all hold (`and`); no alternative asks for all.
    pub any: Vec<Vec<Condition>>,
    /// The order of the answer; else by name.
    pub sort: Option<Sort>,
    /// Which page of the answer, from 1.
    pub page: Option<u32>,
    /// Are letters in different case different letters? (`case_sensitive=true` of the API)
    pub case_sensitive: bool,
}

impl Query {
    /// All of them.
    #[must_use]
    pub fn everything(object: Object) -> Self {
        Query {
            object,
            any: Vec::new(),
            sort: None,
            page: None,
            case_sensitive: false,
        }
    }

    /// The same question with values compared as they are written.
    #[must_use]
    pub fn case_sensitive(mut self, yes: bool) -> Self {
        self.case_sensitive = yes;
        self
    }

    /// The joined objects that it names, each once.
    #[must_use]
    pub fn joined(&self) -> Vec<Object> {
        let mut objects: Vec<Object> = self.any.iter().flatten().filter_map(|c| c.of).collect();
        objects.sort_unstable();
        objects.dedup();
        objects
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Nothing => f.write_str("\"\""),
            Value::Text(pattern) => write!(f, "\"{}\"", pattern.text()),
            Value::Number(n) => write!(f, "{n}"),
            Value::Truth(yes) => write!(f, "{yes}"),
            Value::Word(word) => f.write_str(word),
            Value::Moment(when) => write!(f, "\"{when}\""),
            Value::Span(seconds) => write!(f, "{seconds}"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.test, self.of) {
            (Test::Free { text, .. }, None) => {
                let inner = text.text();
                let inner = inner.strip_prefix('*').unwrap_or(inner);
                write!(f, "\"{}\"", inner.strip_suffix('*').unwrap_or(inner))
            }
            (Test::Free { text, negated }, Some(object)) => {
                let inner = text.text();
                let inner = inner.strip_prefix('*').unwrap_or(inner);
                let inner = inner.strip_suffix('*').unwrap_or(inner);
                let sign = if *negated { "!=" } else { "=" };
                write!(f, "{} {sign} \"{inner}\"", object.many())
            }
            (
                Test::Field {
                    def,
                    operator,
                    value,
                },
                of,
            ) => {
                if let Some(object) = of {
                    write!(f, "{}.", object.many())?;
                }
                write!(f, "{} {} {value}", def.field.name(), operator.sign())
            }
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.object.many())?;
        for (n, all) in self.any.iter().enumerate() {
            for (m, condition) in all.iter().enumerate() {
                let before = match (n, m) {
                    (0, 0) => " ",
                    (_, 0) => " or ",
                    _ => " and ",
                };
                write!(f, "{before}{condition}")?;
            }
        }
        if let Some(sort) = self.sort {
            let way = if sort.descending { "desc" } else { "asc" };
            write!(f, " sortby {} {way}", sort.def.field.name())?;
        }
        if let Some(page) = self.page {
            write!(f, " page {page}")?;
        }
        Ok(())
    }
}
