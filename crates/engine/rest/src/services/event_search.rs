//! Searches for events: conditions joined by `and`, `sortby time`, `page`.
//!
//! Its own small reader, since conditions on events go to the database as an index lookup. Words of
//! oVirt's language that are not served answer 501, never an unfiltered list.

use base::Fault;
use domain::events::{Event, Severity};
use projection::Snapshot;
use store::EventQuery;

/// What a search for events asks.
#[derive(Debug, Default, PartialEq)]
pub struct EventSearch {
    /// What the store can look for.
    pub query: EventQuery,
    /// At least that bad.
    worse_than: Option<Severity>,
    /// Nothing can fit (a name that nobody has).
    nothing: bool,
    /// `sortby time asc`.
    pub oldest_first: bool,
    /// Which page, from 1.
    pub page: Option<usize>,
}

impl EventSearch {
    /// Reads a search; names of machines and hosts are looked up in `snapshot`.
    ///
    /// # Errors
    /// 400 for what breaks the language; 501 for what is legal and not served.
    pub fn parse(text: &str, snapshot: &Snapshot) -> Result<Self, Fault> {
        let mut words = words(text)?.into_iter().peekable();
        let mut search = EventSearch::default();
        if words
            .peek()
            .is_some_and(|w| w.is_any(&["events:", "event:"]))
        {
            words.next();
        }
        let mut first = true;
        while let Some(word) = words.next() {
            if word.is_any(&["sortby"]) {
                let field = words
                    .next()
                    .ok_or_else(|| syntax("a field after `sortby`"))?;
                if !field.is_any(&["time"]) {
                    return Err(not_yet(&format!("sorting by `{}`", field.text)));
                }
                if let Some(way) = words.next_if(|w| w.is_any(&["asc", "desc"])) {
                    search.oldest_first = way.is_any(&["asc"]);
                }
            } else if word.is_any(&["page"]) {
                let number = words.next().and_then(|w| w.text.parse::<usize>().ok());
                let number = number.filter(|n| *n > 0);
                search.page = Some(number.ok_or_else(|| syntax("a number from 1 after `page`"))?);
            } else if word.is_any(&["or"]) {
                return Err(not_yet("`or`"));
            } else {
                let field = match (first, word.is_any(&["and"])) {
                    (true, false) => word,
                    (false, true) => words
                        .next()
                        .ok_or_else(|| syntax("a condition after `and`"))?,
                    (true, true) => return Err(syntax("a condition before `and`")),
                    (false, false) => return Err(syntax("`and` between conditions")),
                };
                let Some(operator) = words.next() else {
                    return Err(not_yet("a search for words without a field"));
                };
                let value = words
                    .next()
                    .ok_or_else(|| syntax("a value after an operator"))?;
                search.condition(&field.text, &operator.text, &value.text, snapshot)?;
                first = false;
            }
        }
        Ok(search)
    }

    fn condition(
        &mut self,
        field: &str,
        operator: &str,
        value: &str,
        snapshot: &Snapshot,
    ) -> Result<(), Fault> {
        let field = field.to_ascii_lowercase();
        if let ("severity", ">" | ">=") = (field.as_str(), operator) {
            let least = severity(value)?;
            self.worse_than = match operator {
                ">=" => Some(least),
                _ => Some(next(least).ok_or_else(|| syntax("a severity below `alert`"))?),
            };
            return Ok(());
        }
        if operator != "=" {
            return Err(not_yet(&format!("`{field} {operator}`")));
        }
        let about = &mut self.query.about;
        match field.as_str() {
            "severity" => self.query.severity = Some(severity(value)?),
            "type" => {
                let code = value
                    .parse()
                    .map_err(|_| syntax("a whole number as `type`"))?;
                self.query.code = Some(code);
            }
            "correlation_id" => self.query.correlation_id = Some(value.to_owned()),
            "message" => {
                let inner = value.trim_matches('*');
                if inner.contains('*') || !value.starts_with('*') || !value.ends_with('*') {
                    return Err(not_yet("`message` in another form than `*text*`"));
                }
                self.query.text = Some(inner.to_owned());
            }
            "vm.id" | "vms.id" => set(&mut about.vm, value.parse().ok(), &mut self.nothing),
            "host.id" | "hosts.id" => set(&mut about.host, value.parse().ok(), &mut self.nothing),
            "vm.name" | "vms.name" | "event_vm" => {
                let found = snapshot
                    .data_centers()
                    .find_map(|dc| snapshot.vm_named(dc.id, value));
                set(&mut about.vm, found.map(|vm| vm.id), &mut self.nothing);
            }
            "host.name" | "hosts.name" | "event_host" => {
                let found = snapshot.host_named(value).map(|h| h.id);
                set(&mut about.host, found, &mut self.nothing);
            }
            "cluster" | "cluster.name" => {
                let found = snapshot.cluster_named(value).map(|c| c.id);
                set(&mut about.cluster, found, &mut self.nothing);
            }
            "datacenter" | "datacenter.name" | "event_datacenter" => {
                let found = snapshot.data_center_named(value).map(|d| d.id);
                set(&mut about.data_center, found, &mut self.nothing);
            }
            other => return Err(not_yet(&format!("the field `{other}`"))),
        }
        Ok(())
    }

    /// Is there something that `fits` must look at?
    pub fn has_residue(&self) -> bool {
        self.worse_than.is_some() || self.nothing
    }

    /// Does an event that the store found fit the rest?
    pub fn fits(&self, event: &Event) -> bool {
        !self.nothing
            && self
                .worse_than
                .is_none_or(|least| event.event.severity >= least)
    }
}

fn set<T>(place: &mut Option<T>, found: Option<T>, nothing: &mut bool) {
    *nothing |= found.is_none();
    *place = found;
}

fn severity(word: &str) -> Result<Severity, Fault> {
    [
        Severity::Normal,
        Severity::Warning,
        Severity::Error,
        Severity::Alert,
    ]
    .into_iter()
    .find(|s| s.name().eq_ignore_ascii_case(word))
    .ok_or_else(|| syntax("one of normal, warning, error, alert as `severity`"))
}

fn next(severity: Severity) -> Option<Severity> {
    match severity {
        Severity::Normal => Some(Severity::Warning),
        Severity::Warning => Some(Severity::Error),
        Severity::Error => Some(Severity::Alert),
        Severity::Alert => None,
    }
}

fn syntax(expected: &str) -> Fault {
    Fault::bad_request(
        "SEARCH_SYNTAX_ERROR",
        format!("The search is wrong: expected {expected}."),
    )
}

fn not_yet(what: &str) -> Fault {
    let what: String = what.chars().take(100).collect();
    Fault::not_supported(format!("{what} in a search for events"))
}

struct Word {
    text: String,
    quoted: bool,
}

impl Word {
    fn is_any(&self, words: &[&str]) -> bool {
        !self.quoted && words.iter().any(|w| self.text.eq_ignore_ascii_case(w))
    }
}

/// Words, quoted texts and operators.
fn words(text: &str) -> Result<Vec<Word>, Fault> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let (word, quoted, after) = if c == '"' {
            let (inside, after) = rest[1..]
                .split_once('"')
                .ok_or_else(|| syntax("a closing quote"))?;
            (inside, true, after)
        } else if is_operator(c) {
            let end = rest.find(|c| !is_operator(c)).unwrap_or(rest.len());
            (&rest[..end], false, &rest[end..])
        } else if matches!(c, '(' | ')') {
            return Err(not_yet("parentheses"));
        } else {
            let stop =
                |c: char| c.is_whitespace() || is_operator(c) || matches!(c, '"' | '(' | ')');
            let end = rest.find(stop).unwrap_or(rest.len());
            (&rest[..end], false, &rest[end..])
        };
        words.push(Word {
            text: word.to_owned(),
            quoted,
        });
        rest = after.trim_start();
    }
    Ok(words)
}

fn is_operator(c: char) -> bool {
    matches!(c, '=' | '!' | '<' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<EventSearch, Fault> {
        EventSearch::parse(text, &Snapshot::default())
    }

    #[test]
    fn what_clients_ask_is_understood() {
        let search = parse("severity=error").unwrap();
        assert_eq!(search.query.severity, Some(Severity::Error));
        let search = parse("severity>normal sortby time desc").unwrap();
        assert_eq!(search.worse_than, Some(Severity::Warning));
        assert!(!search.oldest_first && search.has_residue());
        let search =
            parse("events: type=1158 and message=\"*a b*\" sortby time asc page 2").unwrap();
        assert_eq!(search.query.code, Some(1158));
        assert_eq!(search.query.text.as_deref(), Some("a b"));
        assert_eq!((search.oldest_first, search.page), (true, Some(2)));
        assert_eq!(parse("").unwrap(), EventSearch::default());
        assert!(parse("vm.name=nobody").unwrap().nothing);
    }

    #[test]
    fn what_is_wrong_is_400_and_what_is_not_served_501() {
        for wrong in [
            "severity",
            "severity=",
            "severity=bad",
            "and severity=error",
            "page 0",
            "type=x",
            "x=\"y",
            "sortby",
        ] {
            let fault = parse(wrong).unwrap_err();
            let expected = if wrong == "severity" {
                base::FaultKind::NotSupported
            } else {
                base::FaultKind::BadRequest
            };
            assert_eq!(fault.kind, expected, "{wrong}: {fault}");
        }
        for later in [
            "type=65 or type=140",
            "(type=1)",
            "type!=1",
            "origin=x",
            "sortby severity",
        ] {
            assert_eq!(
                parse(later).unwrap_err().kind,
                base::FaultKind::NotSupported,
                "{later}"
            );
        }
    }
}
