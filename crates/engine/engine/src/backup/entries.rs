//! What stands inside a backup file: one file after the other, each behind a line that names it.

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};

/// The database's rows, in the store's own form.
pub const DATABASE: &str = "database";
/// The engine's settings.
pub const SETTINGS: &str = "engine.toml";
/// The generated password.
pub const PASSWORD: &str = "admin.password";
/// Keys and certificates stand below this.
pub const PKI: &str = "pki/";
/// No line is longer.
const LINE_MAX: usize = 4096;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Line {
    File { name: String, bytes: u64 },
    End { files: u64 },
}

/// Writes entries.
pub struct EntryWriter<W: Write> {
    out: W,
    files: u64,
}

impl<W: Write> EntryWriter<W> {
    /// Entries go to `out`.
    pub fn new(out: W) -> Self {
        EntryWriter { out, files: 0 }
    }

    /// One file of exactly so many bytes.
    ///
    /// # Errors
    /// When it can't be read or written, or has another length.
    pub fn add(&mut self, name: &str, bytes: u64, from: impl Read) -> anyhow::Result<()> {
        ensure!(is_name(name), "`{name}` can't be in a backup");
        self.line(&Line::File {
            name: name.to_owned(),
            bytes,
        })?;
        let copied = std::io::copy(&mut from.take(bytes), &mut self.out)
            .with_context(|| format!("cannot copy {name}"))?;
        ensure!(copied == bytes, "{name} became shorter while it was copied");
        self.files += 1;
        Ok(())
    }

    /// The end of the list.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn end(mut self) -> anyhow::Result<W> {
        self.line(&Line::End { files: self.files })?;
        Ok(self.out)
    }

    fn line(&mut self, line: &Line) -> anyhow::Result<()> {
        let text = serde_json::to_string(line)?;
        writeln!(self.out, "{text}").context("cannot write the backup")
    }
}

/// Reads all entries; `take` gets the name and the bytes of each.
///
/// # Errors
/// When the list is not as it was written, lacks the database or the keys, or `take` fails.
pub fn each(
    from: &mut impl Read,
    mut take: impl FnMut(&str, &mut dyn Read) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut seen: Vec<String> = Vec::new();
    loop {
        match line(from)? {
            Line::File { name, bytes } => {
                ensure!(
                    is_name(&name),
                    "the backup holds a file that is none of ours: {name:?}"
                );
                ensure!(!seen.contains(&name), "the backup holds {name} twice");
                let mut content = from.take(bytes);
                take(&name, &mut content)?;
                // What was not wanted is passed over, under its seals as well.
                std::io::copy(&mut content, &mut std::io::sink())?;
                ensure!(content.limit() == 0, "{name} is cut off in the backup");
                seen.push(name);
            }
            Line::End { files } if files == seen.len() as u64 => break,
            Line::End { files } => bail!(
                "the backup should hold {files} files, it holds {}",
                seen.len()
            ),
        }
    }
    for needed in [DATABASE, "pki/ca.pem"] {
        ensure!(
            seen.iter().any(|s| s == needed),
            "the backup lacks {needed}"
        );
    }
    Ok(())
}

fn line(from: &mut impl Read) -> anyhow::Result<Line> {
    let mut text = Vec::new();
    let mut byte = [0];
    loop {
        from.read_exact(&mut byte)
            .context("the backup's list has no end")?;
        match byte[0] {
            b'\n' => break,
            _ if text.len() == LINE_MAX => bail!("a line of the backup's list is too long"),
            other => text.push(other),
        }
    }
    serde_json::from_slice(&text).context("a line of the backup's list can't be read")
}

/// Only what we put in ourselves: nothing that could leave the home.
fn is_name(name: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.len() <= 100
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    match name.strip_prefix(PKI) {
        Some(below) => below.split('/').count() <= 3 && below.split('/').all(plain),
        None => [DATABASE, SETTINGS, PASSWORD].contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_home_are_refused() {
        for good in ["database", "engine.toml", "pki/ca.pem", "pki/old/api.pem"] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "pki/",
            "pki/../x",
            "/etc/passwd",
            "pki//x",
            "other",
            "pki/.x",
            "pki/a/b/c/d",
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn files_come_back_and_a_list_without_the_keys_is_refused() {
        let list = |names: &[&str]| {
            let mut writer = EntryWriter::new(Vec::new());
            for name in names {
                writer
                    .add(name, name.len() as u64, name.as_bytes())
                    .unwrap();
            }
            writer.end().unwrap()
        };
        let whole = list(&["database", "pki/api.pem", "pki/ca.pem"]);
        let mut seen = Vec::new();
        each(&mut &whole[..], |name, content| {
            let mut text = String::new();
            content.read_to_string(&mut text)?;
            assert_eq!(text, name);
            seen.push(text);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen.len(), 3);
        let e = each(&mut &list(&["database"])[..], |_, _| Ok(())).unwrap_err();
        assert!(e.to_string().contains("pki/ca.pem"), "{e}");
        assert!(each(&mut &whole[..whole.len() - 3], |_, _| Ok(())).is_err());
        let mut short = EntryWriter::new(Vec::new());
        assert!(short.add("database", 5, &b"abc"[..]).is_err());
    }
}
