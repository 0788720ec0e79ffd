//! One way to speak to both databases: a statement with its values, and rows of numbers and texts.
//!
//! The text of a statement is the same for both. Each driver stays typed: the dispatch is by hand,
//! for the four things that are asked of a connection.

use crate::pg::too_late;
use futures::stream::{BoxStream, StreamExt as _};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgConnection, PgPool, PgRow};
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{
    Column as _, Connection as _, Row as _, SqlSafeStr, SqlStr, TypeInfo as _, ValueRef as _,
};
use std::time::Duration;

/// A server that has not answered a statement by then is taken for lost.
const SILENCE: Duration = Duration::from_secs(60);

/// A connection of one's own.
pub(crate) enum Connection {
    Lite(SqliteConnection),
    Pg(PgConnection),
}

/// Connections for reading that are shared.
pub(crate) enum Readers {
    Lite(SqlitePool),
    Pg(PgPool),
}

/// What a column holds; in JSON a number, a string or null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Value {
    Number(i64),
    Text(String),
    Nothing,
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(number)
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}
impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Text(text.clone())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}
impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Value::Nothing, Value::Text)
    }
}

/// A statement and the values of its placeholders.
pub(crate) struct Query {
    sql: SqlStr,
    values: Vec<Value>,
}

/// A statement with `$1`, `$2`, ... for values.
pub(crate) fn query(sql: impl SqlSafeStr) -> Query {
    Query {
        sql: sql.into_sql_str(),
        values: Vec::new(),
    }
}

/// The driver's own query: the only generic code is a macro, since bounds over both would be longer.
macro_rules! bound {
    ($query:expr, $text:expr) => {{
        let mut statement = sqlx::query($query.sql);
        for value in $query.values {
            statement = match value {
                Value::Number(number) => statement.bind(number),
                Value::Text(text) => statement.bind($text(text)),
                Value::Nothing => statement.bind(None::<String>),
            };
        }
        statement
    }};
}

/// PostgreSQL's text has no character 0; the replacement character stands for it. JSON text is not
/// touched: there it is an escape.
fn without_zero(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text
    }
}

/// After the error the connection is in the middle of something and good for nothing.
async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let done = tokio::time::timeout(SILENCE, work).await;
    done.unwrap_or_else(|_| Err(too_late()))
}

impl Query {
    /// The value of the next placeholder.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Runs it; answers how many rows it changed.
    pub async fn execute(self, db: &mut Connection) -> Result<u64, sqlx::Error> {
        Ok(match db {
            Connection::Lite(db) => bound!(self, |t| t).execute(db).await?.rows_affected(),
            Connection::Pg(db) => {
                let work = bound!(self, without_zero).execute(db);
                in_time(work).await?.rows_affected()
            }
        })
    }

    /// All rows.
    pub async fn rows(self, db: &mut Connection) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match db {
            Connection::Lite(db) => {
                let rows = bound!(self, |t| t).fetch_all(db).await?;
                rows.into_iter().map(Row::Lite).collect()
            }
            Connection::Pg(db) => {
                let rows = in_time(bound!(self, without_zero).fetch_all(db)).await?;
                rows.into_iter().map(Row::Pg).collect()
            }
        })
    }

    /// The first row, if there is one.
    pub async fn first(self, db: &mut Connection) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.rows(db).await?.into_iter().next())
    }

    /// Row after row, for what may be too much to hold.
    pub fn stream(self, db: &mut Connection) -> BoxStream<'_, Result<Row, sqlx::Error>> {
        match db {
            Connection::Lite(db) => bound!(self, |t| t)
                .fetch(db)
                .map(|row| row.map(Row::Lite))
                .boxed(),
            Connection::Pg(db) => bound!(self, without_zero)
                .fetch(db)
                .map(|row| row.map(Row::Pg))
                .boxed(),
        }
    }

    /// All rows, through a shared connection.
    pub async fn read(self, db: &Readers) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match db {
            Readers::Lite(db) => {
                let rows = bound!(self, |t| t).fetch_all(db).await?;
                rows.into_iter().map(Row::Lite).collect()
            }
            Readers::Pg(db) => {
                let rows = bound!(self, without_zero).fetch_all(db).await?;
                rows.into_iter().map(Row::Pg).collect()
            }
        })
    }
}

impl Connection {
    /// Runs text that has no values and is not worth preparing: `BEGIN`, a savepoint, a setting.
    pub async fn say(&mut self, sql: impl SqlSafeStr) -> Result<(), sqlx::Error> {
        match self {
            Connection::Lite(db) => sqlx::raw_sql(sql).execute(db).await.map(drop),
            Connection::Pg(db) => in_time(sqlx::raw_sql(sql).execute(db)).await.map(drop),
        }
    }

    pub async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Connection::Lite(db) => db.close().await,
            Connection::Pg(db) => db.close().await,
        }
    }
}

impl Readers {
    pub async fn close(&self) {
        match self {
            Readers::Lite(db) => db.close().await,
            Readers::Pg(db) => db.close().await,
        }
    }
}

/// A row of either database.
pub(crate) enum Row {
    Lite(SqliteRow),
    Pg(PgRow),
}

impl Row {
    /// A whole number, however wide its column is.
    pub fn number(&self, column: usize) -> Result<i64, sqlx::Error> {
        match self {
            Row::Lite(row) => row.try_get(column),
            Row::Pg(row) => match row.try_column(column)?.type_info().name() {
                "INT2" => row.try_get::<i16, _>(column).map(i64::from),
                "INT4" => row.try_get::<i32, _>(column).map(i64::from),
                _ => row.try_get(column),
            },
        }
    }

    /// A text that is there.
    pub fn text(&self, column: usize) -> Result<String, sqlx::Error> {
        match self {
            Row::Lite(row) => row.try_get(column),
            Row::Pg(row) => row.try_get(column),
        }
    }

    /// A text that may be missing.
    pub fn text_or_none(&self, column: usize) -> Result<Option<String>, sqlx::Error> {
        match self {
            Row::Lite(row) => row.try_get(column),
            Row::Pg(row) => row.try_get(column),
        }
    }

    /// Whatever it is.
    pub fn value(&self, column: usize) -> Result<Value, sqlx::Error> {
        let (missing, number) = match self {
            Row::Lite(row) => {
                let raw = row.try_get_raw(column)?;
                (raw.is_null(), raw.type_info().name() == "INTEGER")
            }
            Row::Pg(row) => {
                let raw = row.try_get_raw(column)?;
                (raw.is_null(), raw.type_info().name().starts_with("INT"))
            }
        };
        Ok(match (missing, number) {
            (true, _) => Value::Nothing,
            (false, true) => Value::Number(self.number(column)?),
            (false, false) => Value::Text(self.text(column)?),
        })
    }
}
