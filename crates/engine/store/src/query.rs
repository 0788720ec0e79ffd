//! Questions about events: the only objects that are read from the database while it runs.

use crate::batch::StoreError;
use crate::connection::{Readers, Row, Value, query};
use crate::database::failed;
use base::{
    ClusterId, DataCenterId, DiskId, HostId, StorageDomainId, TemplateId, Timestamp, TokenId,
    UserId, VmId,
};
use domain::events::{About, Event, ExternalSource, NewEvent, Severity};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// Most events one query answers, whatever it asks for.
pub const EVENTS_MAX: u32 = 10_000;

/// Which events. Every condition that is set must hold; the default asks for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventQuery {
    /// Part of the message; ASCII letters in any case.
    pub text: Option<String>,
    /// Exactly that bad.
    pub severity: Option<Severity>,
    /// oVirt's code.
    pub code: Option<i32>,
    /// Of calls with that correlation id.
    pub correlation_id: Option<String>,
    /// About these objects; each one that is set must be the event's.
    pub about: About,
    /// Only with greater ids.
    pub from: Option<i64>,
    /// Only with smaller ids.
    pub before: Option<i64>,
    /// Not earlier than.
    pub since: Option<Timestamp>,
    /// Earlier than.
    pub until: Option<Timestamp>,
    /// How many at most; never more than [`EVENTS_MAX`].
    pub max: Option<u32>,
    /// Descending ids; `max` then keeps the newest ones.
    pub newest_first: bool,
}

/// In the order in which `event_of` reads them.
pub(crate) const EVENT_COLUMNS: &str = "id, code, severity, at, message, correlation_id, app_user, app_user_name, vm, host, cluster, \
     data_center, storage_domain, template, disk, origin, custom_id, source, token";

/// Conditions with their values, numbered as they come.
#[derive(Default)]
struct Conditions {
    text: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, condition: &'static str, value: Value) {
        self.values.push(value);
        self.text
            .push(condition.replace("{}", &format!("${}", self.values.len())));
    }
    fn number(&mut self, condition: &'static str, value: Option<i64>) {
        if let Some(value) = value {
            self.add(condition, Value::Number(value));
        }
    }
    fn id<T: ToString>(&mut self, condition: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.add(condition, Value::Text(value.to_string()));
        }
    }
}

impl EventQuery {
    fn conditions(&self, pg: bool) -> Conditions {
        let mut c = Conditions::default();
        c.number("id > {}", self.from);
        c.number("id < {}", self.before);
        c.number("at >= {}", self.since.map(|t| t.0));
        c.number("at < {}", self.until.map(|t| t.0));
        c.number("code = {}", self.code.map(i64::from));
        c.number("severity = {}", self.severity.map(|s| i64::from(s as u8)));
        c.id("correlation_id = {}", self.correlation_id.as_ref());
        c.id("app_user = {}", self.about.user);
        c.id("app_user_name = {}", self.about.user_name.as_ref());
        c.id("vm = {}", self.about.vm);
        c.id("host = {}", self.about.host);
        c.id("cluster = {}", self.about.cluster);
        c.id("data_center = {}", self.about.data_center);
        c.id("storage_domain = {}", self.about.storage_domain);
        c.id("template = {}", self.about.template);
        c.id("disk = {}", self.about.disk);
        c.id("source = {}", self.about.address.as_ref());
        c.id("token = {}", self.about.token);
        if let Some(text) = &self.text {
            // SQLite lowers ASCII only; PostgreSQL does so in its collation C.
            let contains = if pg {
                "lower(message COLLATE \"C\") LIKE {} ESCAPE '\\'"
            } else {
                "lower(message) LIKE {} ESCAPE '\\'"
            };
            c.add(contains, Value::Text(part_of(text)));
        }
        c
    }
}

/// A LIKE pattern for "contains".
fn part_of(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// Runs a query.
pub(crate) async fn events(db: &Readers, wanted: &EventQuery) -> Result<Vec<Event>, StoreError> {
    let conditions = wanted.conditions(matches!(db, Readers::Pg(_)));
    let mut sql = format!("SELECT {EVENT_COLUMNS} FROM event");
    if !conditions.text.is_empty() {
        sql.push_str(" WHERE ");
        sql.push_str(&conditions.text.join(" AND "));
    }
    let order = if wanted.newest_first { "DESC" } else { "ASC" };
    let max = wanted.max.unwrap_or(EVENTS_MAX).min(EVENTS_MAX);
    sql.push_str(&format!(" ORDER BY id {order} LIMIT {max}"));
    // Values are bound; the text holds only constants of this file and a number.
    let mut statement = query(AssertSqlSafe(sql));
    for value in conditions.values {
        statement = statement.bind(value);
    }
    let rows = statement.read(db).await.map_err(failed("read events"))?;
    rows.iter().map(event_of).collect()
}

/// Reads a row of `EVENT_COLUMNS`.
pub(crate) fn event_of(row: &Row) -> Result<Event, StoreError> {
    let read = failed("read an event");
    let id = row.number(0).map_err(&read)?;
    let corrupt = |what: String| StoreError::Corrupt {
        table: "event",
        id: id.to_string(),
        cause: serde::de::Error::custom(what),
    };
    let number = row.number(1).map_err(&read)?;
    let code = i32::try_from(number).map_err(|_| corrupt(format!("there is no code {number}")))?;
    let number = row.number(2).map_err(&read)?;
    let severity = match number {
        0 => Severity::Normal,
        1 => Severity::Warning,
        2 => Severity::Error,
        10 => Severity::Alert,
        _ => return Err(corrupt(format!("there is no severity {number}"))),
    };
    let text = |column: usize| row.text_or_none(column).map_err(&read);
    let id_at = |column: usize| match text(column)? {
        None => Ok(None),
        Some(id) => match Uuid::try_parse(&id) {
            Ok(id) => Ok(Some(id)),
            Err(_) => Err(corrupt(format!("`{id}` is no id"))),
        },
    };
    Ok(Event {
        id,
        event: NewEvent {
            code,
            severity,
            at: Timestamp(row.number(3).map_err(&read)?),
            message: row.text(4).map_err(&read)?,
            correlation_id: row.text(5).map_err(&read)?,
            about: About {
                user: id_at(6)?.map(UserId),
                user_name: text(7)?,
                vm: id_at(8)?.map(VmId),
                host: id_at(9)?.map(HostId),
                cluster: id_at(10)?.map(ClusterId),
                data_center: id_at(11)?.map(DataCenterId),
                storage_domain: id_at(12)?.map(StorageDomainId),
                template: id_at(13)?.map(TemplateId),
                disk: id_at(14)?.map(DiskId),
                address: text(17)?,
                token: id_at(18)?.map(TokenId),
            },
            external: match text(15)? {
                Some(origin) => Some(ExternalSource {
                    origin,
                    custom_id: row.number(16).map_err(&read)?,
                }),
                None => None,
            },
        },
    })
}
