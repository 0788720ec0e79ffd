//! Values with wildcards.

use domain::names::{claim_form, fold};

/// A value that a field is compared with; `*` stands for any characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    text: String,
    /// Composed, and once more in lower case.
    exact: Vec<char>,
    folded: Vec<char>,
}

impl Pattern {
    /// From what a user wrote, without quotes.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Pattern {
            exact: claim_form(&text).chars().collect(),
            folded: fold(&text).chars().collect(),
            text,
        }
    }
    /// As it was written, without quotes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The only value it fits, in any case of letters, if it has no wildcard.
    #[must_use]
    pub fn exact(&self) -> Option<&str> {
        (!self.text.contains('*')).then_some(&self.text)
    }
    /// What every value that it fits begins with, in any case of letters; may be empty.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.text.split('*').next().unwrap_or_default()
    }
    /// Does a value fit?
    #[must_use]
    pub fn matches(&self, value: &str, case_sensitive: bool) -> bool {
        // Nearly all values are ASCII: a list of fifty thousand needs no copy of each.
        if value.is_ascii() {
            return if case_sensitive {
                fits(&self.exact, value.as_bytes(), |p, v| *p == char::from(*v))
            } else {
                let same = |p: &char, v: &u8| *p == char::from(v.to_ascii_lowercase());
                fits(&self.folded, value.as_bytes(), same)
            };
        }
        let (pattern, value) = if case_sensitive {
            (&self.exact, claim_form(value))
        } else {
            (&self.folded, fold(value))
        };
        fits(pattern, &value.chars().collect::<Vec<_>>(), |p, v| p == v)
    }
}

/// O(pattern × value) at worst, without recursion.
fn fits<V>(pattern: &[char], value: &[V], same: impl Fn(&char, &V) -> bool) -> bool {
    let (mut p, mut v) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while v < value.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, v));
            p += 1;
        } else if pattern.get(p).is_some_and(|c| same(c, &value[v])) {
            p += 1;
            v += 1;
        } else if let Some((at, from)) = star {
            p = at + 1;
            v = from + 1;
            star = Some((at, v));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn like(pattern: &str, value: &str) -> bool {
        Pattern::new(pattern).matches(value, false)
    }

    #[test]
    fn a_star_stands_for_anything_and_nothing() {
        for (pattern, value) in [
            ("web", "WEB"),
            ("w*", "w"),
            ("*", ""),
            ("", ""),
            ("*eb*", "web1"),
            ("a*b*c", "a-b-b-c"),
            ("*б*", "сервЕр-Б"),
            ("cafe\u{301}", "caf\u{e9}"),
        ] {
            assert!(like(pattern, value), "{pattern} {value}");
        }
        for (pattern, value) in [("web", "web1"), ("w*x", "web"), ("", "a"), ("_eb", "web")] {
            assert!(!like(pattern, value), "{pattern} {value}");
        }
        assert!(!Pattern::new("web").matches("Web", true));
    }

    proptest! {
        #[test]
        fn parts_of_a_value_with_stars_between_fit_it(a in ".{0,6}", b in ".{0,6}", c in ".{0,6}") {
            let value = format!("{a}{b}{c}");
            let star = Pattern::new(format!("{}*{}", a.replace('*', ""), c.replace('*', "")));
            prop_assume!(!value.contains('*'));
            // Composition may join the parts; then they are no parts.
            prop_assume!(claim_form(&value) == format!("{}{}{}", claim_form(&a), claim_form(&b), claim_form(&c)));
            prop_assert!(star.matches(&value, true));
        }
    }
}
