//! The lines of a backup. Each is a JSON object whose last member `sum` seals it together with all
//! lines before it, so that the first line that is wrong, missing or moved is known.

use super::{Backup, BackupError, at};
use crate::connection::Value;
use base::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::{
    AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, BufWriter,
};

/// `,"sum":"` and 16 hexadecimal digits and `"}`.
const SEAL: usize = 8 + 16 + 2;
/// No line of ours is longer; a file without ends of lines is none of ours.
const LONGEST: u64 = 64 << 20;
const BUFFER: usize = 256 << 10;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Line {
    /// The first line.
    Vireo {
        format: i64,
        schema: i64,
        program: String,
        made: Timestamp,
    },
    /// The rows that follow are of this table.
    Table { name: String, columns: Vec<String> },
    /// A row, in the order of the columns.
    Row(Vec<Value>),
    /// The last line, with the number of rows.
    End(u64),
}

/// The seals so far.
#[derive(Default)]
struct Chain([u8; 32]);

impl Chain {
    fn next(&mut self, body: &[u8]) -> String {
        let sum = Sha256::new().chain_update(self.0).chain_update(body);
        self.0 = sum.finalize().into();
        let seal = &self.0[..8];
        let digits: String = seal.iter().map(|b| format!("{b:02x}")).collect();
        format!(",\"sum\":\"{digits}\"}}")
    }
}

/// Writes lines.
pub(super) struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
    chain: Chain,
}

impl Lines {
    pub fn new(path: &Path, file: std::fs::File) -> Self {
        Lines {
            path: path.to_owned(),
            out: BufWriter::with_capacity(BUFFER, File::from_std(file)),
            chain: Chain::default(),
        }
    }

    pub async fn write(&mut self, line: &Line) -> Result<(), BackupError> {
        let written = at("write", &self.path);
        let mut text = serde_json::to_string(line).map_err(|e| written(e.into()))?;
        // The object's end comes behind its seal.
        text.pop();
        let seal = self.chain.next(text.as_bytes());
        text.push_str(&seal);
        text.push('\n');
        self.out.write_all(text.as_bytes()).await.map_err(written)
    }

    /// Returns when everything is on the disk.
    pub async fn finish(mut self) -> Result<(), BackupError> {
        let written = at("write", &self.path);
        self.out.flush().await.map_err(&written)?;
        self.out.get_ref().sync_all().await.map_err(&written)
    }
}

/// Reads lines and checks their seals.
pub(super) struct Reader {
    path: PathBuf,
    from: BufReader<File>,
    chain: Chain,
    line: u64,
    offset: u64,
    next: u64,
}

impl Reader {
    pub async fn open(path: &Path) -> Result<Self, BackupError> {
        let file = File::open(path).await.map_err(at("open", path))?;
        Ok(Reader {
            path: path.to_owned(),
            from: BufReader::with_capacity(BUFFER, file),
            chain: Chain::default(),
            line: 0,
            offset: 0,
            next: 0,
        })
    }

    /// The error that the line read last is.
    pub fn damaged(&self, why: impl Into<String>) -> BackupError {
        BackupError::Damaged {
            path: self.path.clone(),
            line: self.line,
            offset: self.offset,
            why: why.into(),
        }
    }

    pub fn newer(&self, found: i64, known: i64) -> BackupError {
        BackupError::Newer {
            path: self.path.clone(),
            found,
            known,
        }
    }

    /// The next line, `None` behind the last.
    pub async fn next(&mut self) -> Result<Option<Line>, BackupError> {
        self.line += 1;
        self.offset = self.next;
        let mut text = Vec::new();
        let mut limited = (&mut self.from).take(LONGEST);
        let read = limited.read_until(b'\n', &mut text).await;
        self.next += read.map_err(at("read", &self.path))? as u64;
        if text.is_empty() {
            return Ok(None);
        }
        if text.pop() != Some(b'\n') {
            return Err(self.damaged("it has no end"));
        }
        let Some(body) = text.len().checked_sub(SEAL) else {
            return Err(self.damaged("it is not of a backup"));
        };
        let seal = text.split_off(body);
        if self.chain.next(&text).as_bytes() != seal {
            return Err(self.damaged("its checksum is wrong"));
        }
        text.push(b'}');
        match serde_json::from_slice(&text) {
            Ok(line) => Ok(Some(line)),
            Err(e) => Err(self.damaged(e.to_string())),
        }
    }

    /// What the first line says.
    pub async fn head(&mut self) -> Result<Backup, BackupError> {
        match self.next().await? {
            Some(Line::Vireo {
                format,
                schema,
                made,
                ..
            }) => {
                if format != super::FORMAT {
                    return Err(self.newer(format, super::FORMAT));
                }
                Ok(Backup {
                    schema,
                    made,
                    seq: 0,
                    rows: 0,
                })
            }
            _ => Err(self.damaged("it is not the first line of a backup")),
        }
    }
}
