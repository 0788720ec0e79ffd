//! A question, and how an object answers it.

use crate::error::SearchError;
use crate::fields::{Field, Fields};
use crate::pattern::{Pattern, fold};
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

    /// The exact name it asks for, if it asks for one: then an index may answer first.
    #[must_use]
    pub fn exact_name(&self) -> Option<&str> {
        let exact =
            |c: &&Condition| c.field == Field::Name && !c.negated && !c.value.text().contains('*');
        self.conditions
            .iter()
            .find(exact)
            .map(|c| c.value.text())
            .filter(|_| self.case_sensitive)
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
            let value = object.field(c.field.name()).unwrap_or_default();
            let fits = if c.field == Field::Status {
                // Clients write both `powering_up` and `PoweringUp`.
                c.value
                    .matches(&value.replace('_', ""), self.case_sensitive)
            } else {
                c.value.matches(&value, self.case_sensitive)
            };
            fits != c.negated
        })
    }

    /// Which of two objects comes first; `Equal` when the question does not sort.
    #[must_use]
    pub fn order(&self, a: &dyn Fields, b: &dyn Fields) -> Ordering {
        let Some(sort) = self.sort else {
            return Ordering::Equal;
        };
        let key = |object: &dyn Fields| fold(&object.field(sort.field.name()).unwrap_or_default());
        let order = key(a).cmp(&key(b));
        if sort.descending {
            order.reverse()
        } else {
            order
        }
    }
}
