//! A question, and how an object answers it.

use crate::error::SearchError;
use crate::fields::{Field, Fields};
use crate::pattern::Pattern;
use domain::names::fold;
use std::cmp::Ordering;

/// One `field op value`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Condition {
    /// Where it stands in the text.
    pub position: usize,
    pub field: Field,
    pub negated: bool,
    pub value: Pattern,
}

/// `sortby`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sort {
    /// By which field.
    pub field: Field,
    /// From the end.
    pub descending: bool,
    pub(crate) position: usize,
}

/// A search: every condition must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) sort: Option<Sort>,
    pub(crate) page: Option<u32>,
    pub(crate) case_sensitive: bool,
}

impl Query {
    /// The same question with values compared as they are written (`case_sensitive=true` of the
    /// API); by default letters are equal in any case.
    #[must_use]
    pub fn case_sensitive(mut self, yes: bool) -> Self {
        self.case_sensitive = yes;
        self
    }

    /// How the answer is to be ordered, if the question says so.
    #[must_use]
    pub fn sort(&self) -> Option<Sort> {
        self.sort
    }

    /// Which page of the answer, from 1, if the question says so.
    #[must_use]
    pub fn page(&self) -> Option<u32> {
        self.page
    }

    /// The exact name it asks for, if it asks for one, in the case it was written: then an index of
    /// names in any case may answer first, and `matches` has the last word.
    #[must_use]
    pub fn exact_name(&self) -> Option<&str> {
        let exact =
            |c: &&Condition| c.field == Field::Name && !c.negated && !c.value.text().contains('*');
        self.conditions.iter().find(exact).map(|c| c.value.text())
    }

    /// Refuses a question about fields that the objects in question do not have.
    ///
    /// # Errors
    /// `Syntax` at the first such field.
    pub fn only(&self, fields: &[Field]) -> Result<(), SearchError> {
        let asked = self.conditions.iter().map(|c| (c.position, c.field));
        let sorted = self.sort.iter().map(|s| (s.position, s.field));
        for (position, field) in asked.chain(sorted) {
            if !fields.contains(&field) {
                let names: Vec<&str> = fields.iter().map(|f| f.name()).collect();
                return Err(SearchError::syntax(
                    position,
                    format!("one of the fields {}", names.join(", ")),
                ));
            }
        }
        Ok(())
    }

    /// Does the object fit every condition? A field that holds nothing is equal to `""` only.
    #[must_use]
    pub fn matches(&self, object: &dyn Fields) -> bool {
        self.conditions.iter().all(|c| {
            let fits = object.any(c.field.name(), &|value| {
                if c.field == Field::Status {
                    // Clients write both `powering_up` and `PoweringUp`.
                    c.value
                        .matches(&value.replace('_', ""), self.case_sensitive)
                } else {
                    c.value.matches(value, self.case_sensitive)
                }
            });
            fits != c.negated
        })
    }

    /// Does it ask for everything as it comes?
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Which of two objects comes first; `Equal` when the question does not sort.
    #[must_use]
    pub fn order(&self, a: &dyn Fields, b: &dyn Fields) -> Ordering {
        let order = self.sort_key(a).cmp(&self.sort_key(b));
        if self.sort.is_some_and(|sort| sort.descending) {
            order.reverse()
        } else {
            order
        }
    }

    /// What objects are sorted by, ascending; empty when the question does not sort.
    #[must_use]
    pub fn sort_key(&self, object: &dyn Fields) -> String {
        let field = self.sort.and_then(|sort| object.field(sort.field.name()));
        field.map_or_else(String::new, |value| fold(&value))
    }
}
