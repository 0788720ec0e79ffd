//! Answering a question: which objects of a world fit it, in which order.
//!
//! What the world holds is not here: it hands out objects, the values of their fields and what they
//! are related to. Events are joined from outside, since they are not in memory.

use crate::fields::{Field, FieldDef, Kind};
use crate::objects::Object;
use crate::pattern::Pattern;
use crate::query::{Condition, Operator, Query, Test, Value};
use base::Timestamp;
use domain::names::fold;
use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a field of an object holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Datum<'a> {
    /// Nothing; an empty text is nothing, too.
    Nothing,
    /// Text.
    Text(Cow<'a, str>),
    /// A number, in the unit of [`Kind::Number`]; spans are seconds.
    Number(f64),
    /// A truth value.
    Truth(bool),
    /// One of the field's words.
    Word(&'static str),
    /// A moment.
    Moment(Timestamp),
}

impl<'a> From<&'a str> for Datum<'a> {
    fn from(text: &'a str) -> Self {
        Datum::Text(Cow::Borrowed(text))
    }
}
impl From<String> for Datum<'_> {
    fn from(text: String) -> Self {
        Datum::Text(Cow::Owned(text))
    }
}

/// Where objects come from: only those that whoever asks may see.
pub trait World {
    /// An object of any kind.
    type Item: Copy;
    /// Its id; parts of objects (network cards) may have none of their own.
    fn id(&self, item: Self::Item) -> Uuid;
    /// Its name; lists are by name, then id.
    fn name(&self, item: Self::Item) -> &str;
    /// How many objects of a kind there are, about.
    fn count(&self, object: Object) -> usize;
    /// All of a kind, by name, then id.
    fn all(&self, object: Object) -> Box<dyn Iterator<Item = Self::Item> + '_>;
    /// All of a kind by name in any case, then as `all`; `None` where no index keeps that order.
    fn all_by_fold(
        &self,
        object: Object,
        descending: bool,
    ) -> Option<Box<dyn Iterator<Item = Self::Item> + '_>>;
    /// Those whose name begins so (all of it, if `exact`) in any case of letters, in any order;
    /// `None` where no index knows, or there are many.
    fn named(&self, object: Object, name: &str, exact: bool) -> Option<Vec<Self::Item>>;
    /// Those whose name fits, in any order; `None` where no index of names in any case of letters
    /// is kept, or there are many.
    fn named_like(&self, object: Object, name: &Pattern) -> Option<Vec<Self::Item>>;
    /// The one with that id.
    fn with_id(&self, object: Object, id: Uuid) -> Option<Self::Item>;
    /// The objects of a kind that belong to an object; the relation is the same in both directions.
    fn related(&self, item: Self::Item, object: Object) -> Vec<Self::Item>;
    /// What a field holds. Fields that may hold several things answer the first one.
    fn value(&self, item: Self::Item, field: Field) -> Datum<'_>;
    /// Does the field hold something that fits? For fields that may hold several things.
    fn any(&self, item: Self::Item, field: Field, fits: &mut dyn FnMut(&Datum<'_>) -> bool)
    -> bool;
}

/// Joins that were answered before, such as those with events: by the number of the alternative and
/// the joined object, the ids of the searched objects that have a fitting counterpart.
pub type Joined = HashMap<(usize, Object), HashSet<Uuid>>;

/// Which part of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Objects that are left out at the beginning.
    pub skip: usize,
    /// At most so many.
    pub take: usize,
}

impl Window {
    /// All of it.
    pub const ALL: Window = Window {
        skip: 0,
        take: usize::MAX,
    };
}

/// The objects that fit a question, in its order; only of `among`, where that is given.
pub fn select<W: World>(
    world: &W,
    query: &Query,
    now: Timestamp,
    joined: &Joined,
    among: Option<Vec<W::Item>>,
    window: Window,
) -> Vec<W::Item> {
    let alternatives = prepare(query, now, joined);
    let found = among.or_else(|| candidates(world, query.object, &alternatives));
    let fits = |item: &W::Item| {
        alternatives.is_empty() || alternatives.iter().any(|a| a.fits(world, *item))
    };
    let Some(sort) = query.sort else {
        return match found {
            Some(found) => cut(found.into_iter().filter(fits), window),
            None => cut(world.all(query.object).filter(fits), window),
        };
    };
    if found.is_none()
        && is_name(query.object, sort.def.field)
        && let Some(all) = world.all_by_fold(query.object, sort.descending)
    {
        return cut(all.filter(fits), window);
    }
    let fitting: Vec<W::Item> = match found {
        Some(found) => found.into_iter().filter(fits).collect(),
        None => world.all(query.object).filter(fits).collect(),
    };
    let keyed: Vec<(SortKey<'_>, usize, W::Item)> = fitting
        .into_iter()
        .enumerate()
        .map(|(n, item)| (SortKey::of(world.value(item, sort.def.field)), n, item))
        .collect();
    sorted(keyed, sort.descending, window)
}

fn cut<I>(items: impl Iterator<Item = I>, window: Window) -> Vec<I> {
    items.skip(window.skip).take(window.take).collect()
}

/// Only the part that is asked for is sorted to the end.
fn sorted<I>(mut keyed: Vec<(SortKey<'_>, usize, I)>, descending: bool, window: Window) -> Vec<I> {
    let order = |a: &(SortKey<'_>, usize, I), b: &(SortKey<'_>, usize, I)| {
        let by_key = match descending {
            true => b.0.cmp(&a.0),
            false => a.0.cmp(&b.0),
        };
        // Equal ones stay in the order of all lists.
        by_key.then(a.1.cmp(&b.1))
    };
    let most = window.skip.saturating_add(window.take);
    if most < keyed.len() {
        keyed.select_nth_unstable_by(most, order);
        keyed.truncate(most);
    }
    keyed.sort_unstable_by(order);
    cut(keyed.into_iter().map(|(_, _, item)| item), window)
}

fn is_name(object: Object, field: Field) -> bool {
    field == Field::Name || (field == Field::Alias && object == Object::Disk)
}

/// What objects are sorted by: those without a value first.
enum SortKey<'a> {
    Nothing,
    Number(f64),
    Text(Cow<'a, str>),
}

impl<'a> SortKey<'a> {
    fn of(datum: Datum<'a>) -> Self {
        match datum {
            Datum::Nothing => SortKey::Nothing,
            Datum::Text(text) if text.is_empty() => SortKey::Nothing,
            Datum::Text(text) if text.is_ascii() => SortKey::Text(text),
            Datum::Text(text) => SortKey::Text(Cow::Owned(fold(&text))),
            Datum::Number(n) => SortKey::Number(n),
            Datum::Truth(yes) => SortKey::Number(f64::from(u8::from(yes))),
            Datum::Word(word) => SortKey::Text(Cow::Borrowed(word)),
            // Exact for the next two hundred years.
            #[allow(clippy::cast_precision_loss)]
            Datum::Moment(at) => SortKey::Number(at.0 as f64),
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (SortKey::Nothing, SortKey::Nothing) => Ordering::Equal,
            (SortKey::Number(a), SortKey::Number(b)) => a.total_cmp(b),
            (SortKey::Text(a), SortKey::Text(b)) => {
                let lower = |b: u8| b.to_ascii_lowercase();
                a.bytes().map(lower).cmp(b.bytes().map(lower))
            }
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            SortKey::Nothing => 0,
            SortKey::Number(_) => 1,
            SortKey::Text(_) => 2,
        }
    }
}

/// A test, ready to be put to many objects.
enum Ready<'q> {
    /// Text in any of the fields, or in none.
    Free(&'q Pattern, bool, &'static [FieldDef]),
    /// A field is empty or not.
    Empty(Field, bool),
    Text(Field, &'q Pattern, bool),
    Number(Field, Operator, f64),
    Truth(Field, bool),
    Word(Field, &'static str, bool),
    Rank(Field, Operator, usize, &'static [&'static str]),
    Moment(Field, Operator, (Timestamp, Timestamp)),
}

/// Conditions on one joined object, which one and the same counterpart must fit.
struct Join<'q> {
    object: Object,
    tests: Vec<Ready<'q>>,
    conditions: Vec<&'q Condition>,
    /// Counterparts that were looked at before. Parts of objects are looked at each time.
    known: RefCell<HashMap<Uuid, bool>>,
    /// Answered before.
    outside: Option<&'q HashSet<Uuid>>,
}

/// Conditions that must all hold.
struct Alternative<'q> {
    own: Vec<Ready<'q>>,
    conditions: Vec<&'q Condition>,
    joins: Vec<Join<'q>>,
    case_sensitive: bool,
}

fn prepare<'q>(query: &'q Query, now: Timestamp, joined: &'q Joined) -> Vec<Alternative<'q>> {
    let objects = query.joined();
    let alternative = |(number, all): (usize, &'q Vec<Condition>)| {
        let of = |object: Option<Object>| -> Vec<&'q Condition> {
            all.iter().filter(|c| c.of == object).collect()
        };
        let conditions = of(None);
        let mut own: Vec<Ready<'q>> = conditions
            .iter()
            .map(|c| Ready::new(c, query.object, now))
            .collect();
        own.sort_by_key(Ready::cost);
        let joins = objects.iter().map(|object| {
            let conditions = of(Some(*object));
            Join {
                object: *object,
                tests: conditions
                    .iter()
                    .map(|c| Ready::new(c, *object, now))
                    .collect(),
                conditions,
                known: RefCell::default(),
                outside: joined.get(&(number, *object)),
            }
        });
        Alternative {
            own,
            conditions,
            joins: joins.collect(),
            case_sensitive: query.case_sensitive,
        }
    };
    query.any.iter().enumerate().map(alternative).collect()
}

impl Alternative<'_> {
    fn fits<W: World>(&self, world: &W, item: W::Item) -> bool {
        let case = self.case_sensitive;
        self.own.iter().all(|test| test.fits(world, item, case))
            && self.joins.iter().all(|join| join.fits(world, item, case))
    }
}

impl Join<'_> {
    fn fits<W: World>(&self, world: &W, item: W::Item, case: bool) -> bool {
        if let Some(outside) = self.outside {
            return outside.contains(&world.id(item));
        }
        let fits = |part: W::Item| self.tests.iter().all(|test| test.fits(world, part, case));
        let mut related = world.related(item, self.object).into_iter();
        if is_part(self.object) || self.tests.is_empty() {
            return related.any(fits);
        }
        related.any(|part| {
            let id = world.id(part);
            if let Some(known) = self.known.borrow().get(&id) {
                return *known;
            }
            let answer = fits(part);
            self.known.borrow_mut().insert(id, answer);
            answer
        })
    }
}

/// Is it a part of other objects, without an id of its own?
fn is_part(object: Object) -> bool {
    matches!(
        object,
        Object::Vnic | Object::Nic | Object::ClusterNetwork | Object::HostNetwork
    )
}

impl<'q> Ready<'q> {
    fn new(condition: &'q Condition, object: Object, now: Timestamp) -> Self {
        let (def, operator, value) = match &condition.test {
            Test::Free { text, negated } => return Ready::Free(text, *negated, object.fields()),
            Test::Field {
                def,
                operator,
                value,
            } => (def, *operator, value),
        };
        let field = def.field;
        let negated = operator == Operator::NotEqual;
        match (value, def.kind) {
            (Value::Nothing, _) => Ready::Empty(field, negated),
            (Value::Text(pattern), _) => Ready::Text(field, pattern, negated),
            (Value::Number(n), _) => Ready::Number(field, operator, *n),
            (Value::Truth(yes), _) => Ready::Truth(field, *yes != negated),
            (Value::Word(word), Kind::Ranks(words)) => {
                let rank = words.iter().position(|w| w == word).unwrap_or(0);
                Ready::Rank(field, operator, rank, words)
            }
            (Value::Word(word), _) => Ready::Word(field, word, negated),
            (Value::Moment(when), _) => Ready::Moment(field, operator, when.range(now)),
            #[allow(clippy::cast_precision_loss)]
            (Value::Span(seconds), _) => Ready::Number(field, operator, *seconds as f64),
        }
    }

    /// What is cheap to look at comes first.
    fn cost(&self) -> u8 {
        match self {
            Ready::Text(Field::Name | Field::Alias | Field::Id, ..) => 0,
            Ready::Text(Field::Tag | Field::Ip, ..) => 3,
            Ready::Text(..) | Ready::Truth(..) | Ready::Empty(..) => 1,
            Ready::Number(..) | Ready::Word(..) | Ready::Rank(..) | Ready::Moment(..) => 2,
            Ready::Free(..) => 4,
        }
    }

    fn fits<W: World>(&self, world: &W, item: W::Item, case: bool) -> bool {
        match self {
            Ready::Free(pattern, negated, fields) => {
                let texts = fields.iter().filter(|def| def.kind == Kind::Text);
                let found = texts.into_iter().any(|def| {
                    world.any(item, def.field, &mut |datum| is_like(datum, pattern, case))
                });
                found != *negated
            }
            Ready::Empty(field, negated) => {
                world.any(item, *field, &mut |datum| !is_nothing(datum)) == *negated
            }
            Ready::Text(field, pattern, negated) => {
                world.any(item, *field, &mut |datum| is_like(datum, pattern, case)) != *negated
            }
            Ready::Number(field, operator, wanted) => match world.value(item, *field) {
                Datum::Number(n) => compare(n.partial_cmp(wanted), *operator),
                _ => *operator == Operator::NotEqual,
            },
            // Nothing is neither true nor false.
            Ready::Truth(field, wanted) => world.value(item, *field) == Datum::Truth(*wanted),
            Ready::Word(field, wanted, negated) => {
                world.any(item, *field, &mut |datum| *datum == Datum::Word(wanted)) != *negated
            }
            Ready::Rank(field, operator, wanted, words) => match world.value(item, *field) {
                Datum::Word(word) => {
                    let rank = words.iter().position(|w| *w == word);
                    compare(rank.map(|r| r.cmp(wanted)), *operator)
                }
                _ => *operator == Operator::NotEqual,
            },
            Ready::Moment(field, operator, (from, to)) => match world.value(item, *field) {
                Datum::Moment(at) => match operator {
                    Operator::Equal => (*from..*to).contains(&at),
                    Operator::NotEqual => !(*from..*to).contains(&at),
                    Operator::Less => at < *from,
                    Operator::LessOrEqual => at < *to,
                    Operator::Greater => at > *from,
                    Operator::GreaterOrEqual => at >= *from,
                },
                _ => *operator == Operator::NotEqual,
            },
        }
    }
}

fn is_nothing(datum: &Datum<'_>) -> bool {
    match datum {
        Datum::Nothing => true,
        Datum::Text(text) => text.is_empty(),
        _ => false,
    }
}

fn is_like(datum: &Datum<'_>, pattern: &Pattern, case: bool) -> bool {
    match datum {
        Datum::Text(text) => !text.is_empty() && pattern.matches(text, case),
        _ => false,
    }
}

fn compare(order: Option<Ordering>, operator: Operator) -> bool {
    match (order, operator) {
        (None, _) => operator == Operator::NotEqual,
        (Some(order), Operator::Equal) => order.is_eq(),
        (Some(order), Operator::NotEqual) => order.is_ne(),
        (Some(order), Operator::Less) => order.is_lt(),
        (Some(order), Operator::LessOrEqual) => order.is_le(),
        (Some(order), Operator::Greater) => order.is_gt(),
        (Some(order), Operator::GreaterOrEqual) => order.is_ge(),
    }
}

/// Objects among which all that fit are, by name, then id; `None`: they may be anywhere.
fn candidates<W: World>(
    world: &W,
    object: Object,
    alternatives: &[Alternative<'_>],
) -> Option<Vec<W::Item>> {
    if alternatives.is_empty() {
        return None;
    }
    let mut found: Vec<W::Item> = Vec::new();
    for alternative in alternatives {
        found.extend(alternative.candidates(world, object)?);
    }
    let key = |item: &W::Item| (world.name(*item), world.id(*item));
    found.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    found.dedup_by(|a, b| world.id(*a) == world.id(*b));
    Some(found)
}

/// Of the objects on the other side of a join, one in so many is few.
const FEW: usize = 20;

impl Alternative<'_> {
    fn candidates<W: World>(&self, world: &W, object: Object) -> Option<Vec<W::Item>> {
        if let Some(found) = by_index(world, object, &self.conditions, self.case_sensitive) {
            return Some(found);
        }
        // Counterparts that are few lead to what fits; many are looked at from this side.
        for join in &self.joins {
            if let Some(outside) = join.outside {
                let ids = outside.iter();
                return Some(ids.filter_map(|id| world.with_id(object, *id)).collect());
            }
            if is_part(join.object) || join.tests.is_empty() {
                continue;
            }
            if let Some(few) = self.few(world, join.object, &join.tests, &join.conditions) {
                return Some(of_all(world, &few, object));
            }
        }
        for condition in &self.conditions {
            let Some((pattern, anchor)) = anchored(object, condition) else {
                continue;
            };
            let named = [Ready::Text(Field::Name, pattern, false)];
            let by_name = world.named(anchor, pattern.prefix(), pattern.exact().is_some());
            let of_name = by_name.unwrap_or_else(|| world.all(anchor).collect());
            let few = self.those(world, of_name, &named);
            if is_few(few.len(), world.count(anchor)) {
                return Some(of_all(world, &few, object));
            }
        }
        None
    }

    /// Those of the other side that fit, if they are few.
    fn few<W: World>(
        &self,
        world: &W,
        object: Object,
        tests: &[Ready<'_>],
        conditions: &[&Condition],
    ) -> Option<Vec<W::Item>> {
        let here = match by_index(world, object, conditions, self.case_sensitive) {
            Some(found) => found,
            // Looking at all of them pays where there are not many.
            None if world.count(object) <= LOOK_AT_ALL => world.all(object).collect(),
            None => return None,
        };
        let few = self.those(world, here, tests);
        is_few(few.len(), world.count(object)).then_some(few)
    }

    fn those<W: World>(&self, world: &W, among: Vec<W::Item>, tests: &[Ready<'_>]) -> Vec<W::Item> {
        let fits = |item: &W::Item| {
            let mut tests = tests.iter();
            tests.all(|test| test.fits(world, *item, self.case_sensitive))
        };
        among.into_iter().filter(fits).collect()
    }
}

/// So many objects of the other side of a join are looked at to find out whether few fit.
const LOOK_AT_ALL: usize = 2000;

fn is_few(some: usize, all: usize) -> bool {
    some.saturating_mul(FEW) <= all || some == 0
}

fn of_all<W: World>(world: &W, items: &[W::Item], object: Object) -> Vec<W::Item> {
    let related = |item: &W::Item| world.related(*item, object);
    items.iter().flat_map(related).collect()
}

/// What an index of names or ids finds for conditions on an object itself.
fn by_index<W: World>(
    world: &W,
    object: Object,
    conditions: &[&Condition],
    case: bool,
) -> Option<Vec<W::Item>> {
    let mut best: Option<Vec<W::Item>> = None;
    for condition in conditions {
        let Test::Field {
            def,
            operator: Operator::Equal,
            value: Value::Text(pattern),
        } = &condition.test
        else {
            continue;
        };
        let found = match (def.field, pattern.exact()) {
            (Field::Id, Some(id)) => {
                let id = Uuid::try_parse(id).ok();
                let found = id.and_then(|id| world.with_id(object, id));
                Some(found.into_iter().collect())
            }
            (field, exact) if is_name(object, field) => match (exact, pattern.prefix()) {
                (Some(name), _) => world.named(object, name, true),
                (None, "") if case => None,
                (None, "") => world.named_like(object, pattern),
                (None, prefix) => world.named(object, prefix, false),
            },
            _ => None,
        };
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| found.len() < best.len())
        {
            best = Some(found);
        }
    }
    best
}

/// Fields that hold the name of something the object belongs to.
fn anchored(object: Object, condition: &Condition) -> Option<(&Pattern, Object)> {
    let Test::Field {
        def,
        operator: Operator::Equal,
        value: Value::Text(pattern),
    } = &condition.test
    else {
        return None;
    };
    let anchor = match (object, def.field) {
        (Object::Vm | Object::Host | Object::Template, Field::Cluster) => Object::Cluster,
        (Object::Vm, Field::Host) => Object::Host,
        (
            Object::Vm | Object::Host | Object::Cluster | Object::Storage | Object::Network,
            Field::DataCenter,
        ) => Object::DataCenter,
        _ => return None,
    };
    Some((pattern, anchor))
}
