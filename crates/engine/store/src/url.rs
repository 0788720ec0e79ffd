//! Where the database is, as one line of configuration.

use sqlx::postgres::PgConnectOptions;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE?...`. Shown and debugged without
/// its password and options.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    place: Place,
    shown: String,
}

#[derive(Clone, PartialEq, Eq)]
enum Place {
    File(PathBuf),
    Server(String),
}

/// The same, taken apart for the adapters.
pub(crate) enum Target {
    Lite(PathBuf),
    Pg(Box<PgConnectOptions>),
}

/// Why a line names no database. Never repeats the line: there may be a password in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Neither of the two kinds.
    #[error("a database URL begins with `sqlite://` or `postgres://`")]
    Scheme,
    /// `sqlite://` and nothing behind it.
    #[error("`sqlite://` must be followed by the path of a file")]
    NoPath,
    /// A `postgres://` URL without the database's name.
    #[error("the database URL names no database: `postgres://USER@HOST/DATABASE`")]
    NoDatabase,
    /// An option that is not known.
    #[error("the database URL has an option that is not known; there are {}", OPTIONS.join(", "))]
    Option,
    /// Anything else.
    #[error(
        "the database URL can't be read; it has the form `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, \
         with special letters written as %XX"
    )]
    Form,
}

/// What may stand behind the question mark. The driver would log others with their values.
const OPTIONS: &[&str] = &[
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
];

impl DatabaseUrl {
    /// The SQLite file at `path`.
    #[must_use]
    pub fn file(path: &Path) -> Self {
        DatabaseUrl {
            place: Place::File(path.to_owned()),
            shown: path.display().to_string(),
        }
    }

    pub(crate) fn target(&self) -> Result<Target, DatabaseUrlError> {
        match &self.place {
            Place::File(path) => Ok(Target::Lite(path.clone())),
            Place::Server(url) => Ok(Target::Pg(Box::new(server(url)?))),
        }
    }
}

fn server(url: &str) -> Result<PgConnectOptions, DatabaseUrlError> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let keys = query.split('&').filter(|o| !o.is_empty());
    for key in keys.map(|o| o.split_once('=').map_or(o, |(key, _)| key)) {
        if !OPTIONS.contains(&key) {
            return Err(DatabaseUrlError::Option);
        }
    }
    let options = PgConnectOptions::from_str(url).map_err(|_| DatabaseUrlError::Form)?;
    match options.get_database() {
        Some(name) if !name.is_empty() => Ok(options),
        _ => Err(DatabaseUrlError::NoDatabase),
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    /// Behind `sqlite://` stands a path as the system writes it, absolute or not, without escapes.
    fn from_str(line: &str) -> Result<Self, DatabaseUrlError> {
        if let Some(path) = line.strip_prefix("sqlite://") {
            if path.is_empty() {
                return Err(DatabaseUrlError::NoPath);
            }
            return Ok(Self::file(Path::new(path)));
        }
        if !line.starts_with("postgres://") && !line.starts_with("postgresql://") {
            return Err(DatabaseUrlError::Scheme);
        }
        let options = server(line)?;
        let host = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let database = options.get_database().unwrap_or_default();
        let shown = format!("{database} on PostgreSQL at {host}");
        Ok(DatabaseUrl {
            place: Place::Server(line.to_owned()),
            shown,
        })
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_servers_are_told_apart() {
        let file: DatabaseUrl = "sqlite:///var/lib/vireo/100%.db".parse().unwrap();
        assert_eq!(file, DatabaseUrl::file(Path::new("/var/lib/vireo/100%.db")));
        let server: DatabaseUrl = "postgres://vireo:se%40cret@db.example/engine?sslmode=require"
            .parse()
            .unwrap();
        assert_eq!(
            server.to_string(),
            "engine on PostgreSQL at db.example:5432"
        );
        let socket: DatabaseUrl = "postgresql://localhost/engine?host=/run/pg&user=u"
            .parse()
            .unwrap();
        assert_eq!(socket.to_string(), "engine on PostgreSQL at /run/pg");
    }

    #[test]
    fn a_password_is_never_shown() {
        for line in [
            "postgres://vireo:s3cret@db/engine",
            "postgres://db/engine?user=vireo&password=s3cret",
        ] {
            let url: DatabaseUrl = line.parse().unwrap();
            assert!(!format!("{url} {url:?}").contains("s3cret"));
        }
        for line in [
            "s3cret",
            "mysql://vireo:s3cret@db/engine",
            "postgres://vireo:s3cret@db:port/engine",
            "postgres://vireo:s3cret@/engine",
            "postgres://vireo:s3cret@db",
            "postgres://db/engine?passwort=s3cret",
            "postgres://db/engine?sslmode=s3cret",
            "sqlite://",
        ] {
            if let Err(e) = line.parse::<DatabaseUrl>() {
                assert!(!format!("{e} {e:?}").contains("s3cret"), "{line}: {e}");
            }
        }
    }
}
