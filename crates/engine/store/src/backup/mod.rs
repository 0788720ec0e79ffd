//! Backups: one neutral file that is written from either database while it runs, and read back into
//! either. Which tables it holds, what can go wrong, and what is told of it.
//!
//! The file is not encrypted and holds everything the database holds, hashes of passwords included.

mod lines;
mod read;
mod write;

pub(crate) use read::restore;
pub(crate) use write::write;

use crate::batch::StoreError;
use crate::query::EVENT_COLUMNS;
use base::Timestamp;
use domain::Noun;
use std::io;
use std::path::{Path, PathBuf};

/// The form of the file; another number is another form.
const FORMAT: i64 = 1;
/// The first version of the tables that a backup was made of.
const FIRST_SCHEMA: i64 = 2;

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Version of its tables.
    pub schema: i64,
    /// When it was made.
    pub made: Timestamp,
    /// Number of the last change in the feed, 0 for an empty database.
    pub seq: i64,
    /// Rows of all tables.
    pub rows: u64,
}

/// Why a backup was not made or not restored. Nothing is there then, and nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file can't be read or written.
    #[error("cannot {doing} the backup {}", path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's word.
        #[source]
        cause: io::Error,
    },
    /// There is a file of that name already.
    #[error("{} is there already; a backup is never written over", .0.display())]
    Exists(PathBuf),
    /// The file is not as it was written.
    #[error("the backup {} is damaged at line {line} (byte {offset}): {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first line that is wrong, from 1.
        line: u64,
        /// Where that line begins.
        offset: u64,
        /// What is wrong.
        why: String,
    },
    /// The file was written by a newer program.
    #[error(
        "the backup {} has version {found}, this program reads versions up to {known}; use the newer program",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version of its form or its tables.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// There is something in the database, or its tables are newer than the backup's.
    #[error("{database} is not empty; a backup is restored only into a new database")]
    NotEmpty {
        /// The database.
        database: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn at(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> BackupError {
    move |cause| BackupError::File {
        doing,
        path: path.to_owned(),
        cause,
    }
}

/// A table with its columns as this version has them.
struct Table {
    name: &'static str,
    /// The version of the tables that brought it.
    since: i64,
    columns: Vec<String>,
    /// Which rows and in what order; behind `FROM name`.
    rows: &'static str,
}

/// Which version of the tables brought a noun's.
fn since(noun: Noun) -> i64 {
    match noun {
        Noun::Tag
        | Noun::Bookmark
        | Noun::AffinityGroup
        | Noun::AffinityLabel
        | Noun::SchedulingPolicy
        | Noun::InstanceType
        | Noun::Membership => 3,
        Noun::Role | Noun::Permission | Noun::Group => 5,
        _ => FIRST_SCHEMA,
    }
}

/// All that a backup holds. Of the feed only its last number: readers of a restored database begin
/// anew.
fn tables() -> Vec<Table> {
    let table = |name, columns: &str, rows| Table {
        name,
        since: FIRST_SCHEMA,
        columns: columns.split(',').map(|c| c.trim().to_owned()).collect(),
        rows,
    };
    let nouns = Noun::ALL.iter();
    let mut all: Vec<Table> = nouns
        .map(|noun| Table {
            since: since(*noun),
            ..table(noun.table(), "id, generation, name, detail", "ORDER BY id")
        })
        .collect();
    all.push(table(
        "claim",
        "space, value, owner_noun, owner_id",
        "ORDER BY owner_id, space, value",
    ));
    all.push(table(
        "workflow",
        "id, revision, kind, is_over, started, detail",
        "ORDER BY id",
    ));
    all.push(table("event", EVENT_COLUMNS, "ORDER BY id"));
    all.push(table(
        "change",
        "seq, noun, id, op",
        "ORDER BY seq DESC LIMIT 1",
    ));
    all
}
