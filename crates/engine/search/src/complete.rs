//! What fits at a place of a search that somebody is still writing.

use crate::error::SearchError;
use crate::expected::Expected;
use crate::fields::{Field, FieldDef, Kind};
use crate::moment;
use crate::objects::Object;
use crate::parse::{Reader, Stop, ends_word, is_forbidden};

/// What an offered text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OfferKind {
    /// The object that is searched for, with its colon.
    Object,
    /// A field.
    Field,
    /// An object that can be joined, with the dot behind it.
    Join,
    /// An operator.
    Operator,
    /// A value.
    Value,
    /// `and`, `or`, `sortby`, `asc`, `desc`, `page`.
    Keyword,
}

/// One text that fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// To be put in place of the range.
    pub text: String,
    /// What it is.
    pub kind: OfferKind,
}

/// Names of objects that fit, too; only the world knows them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Names {
    /// Of objects of this kind.
    pub object: Object,
    /// The field whose values are wanted.
    pub field: Field,
    /// They begin so, in any case of letters.
    pub prefix: String,
}

/// What fits at a place.
#[derive(Clone, PartialEq, Debug)]
pub struct Completion {
    /// What an offer replaces: from this character, counted from 0,
    pub from: usize,
    /// up to but without this one.
    pub to: usize,
    /// What fits, in the order of the language's lists.
    pub offers: Vec<Offer>,
    /// Names that fit beside the offers.
    pub names: Option<Names>,
    /// What can stand at the place, in words.
    pub expected: String,
    /// What is wrong before the place; then nothing is offered.
    pub error: Option<SearchError>,
}

/// What fits at the cursor, which stands before the character of that number, counted from 0. What
/// stands behind it is not looked at, but for the end of the word that the cursor is in.
#[must_use]
pub fn complete(object: Object, text: &str, cursor: usize) -> Completion {
    let all: Vec<char> = text.chars().collect();
    let cursor = cursor.min(all.len());
    let before: String = all[..cursor].iter().collect();
    let mut reader = Reader::new(object, &before);
    let stop = reader.query().err();
    let (from, expected) = reader.slot;
    let mut completion = Completion {
        from,
        to: cursor,
        offers: Vec::new(),
        names: None,
        expected: expected.to_string(),
        error: None,
    };
    let written: String = all[from..cursor].iter().collect();
    if let Some(stop) = stop
        && !is_unfinished(&stop, expected, &written, from, cursor)
    {
        completion.from = cursor;
        completion.error = Some(SearchError::from(stop));
        return completion;
    }
    let in_quotes = written.starts_with('"');
    let goes_on = |c: &&char| {
        let value = matches!(expected, Expected::Value(..) | Expected::FreeValue);
        match (value, in_quotes) {
            (true, true) => **c != '"',
            (true, false) => !c.is_whitespace() && !is_forbidden(**c),
            (false, _) => !ends_word(**c),
        }
    };
    if !matches!(expected, Expected::Operator(_) | Expected::ObjectOperator) {
        completion.to += all[cursor..].iter().take_while(goes_on).count();
        if in_quotes && all.get(completion.to) == Some(&'"') {
            completion.to += 1;
        }
    }
    offer(
        object,
        expected,
        &written,
        is_first(&all, from),
        &mut completion,
    );
    completion
}

/// Is the trouble only that the text ends here, or what is being written is not whole yet?
fn is_unfinished(stop: &Stop, expected: Expected, written: &str, from: usize, end: usize) -> bool {
    let (Stop::Syntax(at, _) | Stop::NotSupported(at, _)) = stop;
    if *at >= end {
        return true;
    }
    let whole = match expected {
        Expected::Operator(_) | Expected::ObjectOperator => {
            written.chars().any(|c| !"=!<>".contains(c))
        }
        Expected::Value(..) | Expected::FreeValue => {
            written.starts_with('"')
                || written
                    .chars()
                    .any(|c| c.is_whitespace() || is_forbidden(c))
        }
        _ => written.chars().any(ends_word),
    };
    *at >= from && !whole
}

fn is_first(all: &[char], from: usize) -> bool {
    all[..from].iter().all(|c| c.is_whitespace())
}

fn offer(
    object: Object,
    expected: Expected,
    written: &str,
    first: bool,
    completion: &mut Completion,
) {
    let mut add = |text: &str, kind: OfferKind| {
        if begins(text, written) {
            completion.offers.push(Offer {
                text: text.to_owned(),
                kind,
            });
        }
    };
    match expected {
        Expected::Beginning(_) | Expected::Condition(_) | Expected::NoMoreFreeText(_) => {
            let beginning = matches!(expected, Expected::Beginning(_));
            if beginning && first {
                add(&format!("{}:", object.many()), OfferKind::Object);
            }
            for def in kept(object) {
                add(def.field.name(), OfferKind::Field);
            }
            for join in object.joins() {
                if object.is_related_to(*join) {
                    add(&format!("{}.", join.many()), OfferKind::Join);
                }
            }
            if beginning {
                add("sortby", OfferKind::Keyword);
                add("page", OfferKind::Keyword);
            }
        }
        Expected::Field(of) | Expected::SortField(of) => {
            for def in kept(of) {
                add(def.field.name(), OfferKind::Field);
            }
        }
        Expected::Operator(def) => {
            for operator in def.kind.operators() {
                add(operator.sign(), OfferKind::Operator);
            }
        }
        Expected::ObjectOperator => {
            add("=", OfferKind::Operator);
            add("!=", OfferKind::Operator);
        }
        Expected::Value(_, def) => {
            let bare = written.trim_start_matches('"');
            let mut add_value = |text: &str| {
                if begins(text, bare) {
                    completion.offers.push(Offer {
                        text: text.to_owned(),
                        kind: OfferKind::Value,
                    });
                }
            };
            for word in def.kind.words() {
                add_value(word);
            }
            if def.kind == Kind::Moment {
                for word in moment::WORDS {
                    add_value(word);
                }
            }
        }
        Expected::AfterCondition => {
            for word in ["and", "or", "sortby", "page"] {
                add(word, OfferKind::Keyword);
            }
        }
        Expected::AfterSortField => {
            for word in ["asc", "desc", "page"] {
                add(word, OfferKind::Keyword);
            }
        }
        Expected::AfterSort => add("page", OfferKind::Keyword),
        Expected::Prefix(_)
        | Expected::FreeValue
        | Expected::ValueCharacter
        | Expected::Quote
        | Expected::PageNumber
        | Expected::End
        | Expected::Shorter(_) => {}
    }
    if let Expected::Value(of, def) = expected
        && def.kind.is_text()
    {
        completion.names = Some(Names {
            object: of,
            field: def.field,
            prefix: written.trim_start_matches('"').to_owned(),
        });
    }
}

fn kept(object: Object) -> impl Iterator<Item = &'static FieldDef> {
    object
        .fields()
        .iter()
        .filter(|def| def.kind != Kind::Unkept)
}

fn begins(text: &str, written: &str) -> bool {
    let mut text = text.chars().flat_map(char::to_lowercase);
    written
        .chars()
        .flat_map(char::to_lowercase)
        .all(|c| text.next() == Some(c))
}
