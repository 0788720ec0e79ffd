//! What an engine does once in its life: first objects, and a password for `admin@internal`.

use crate::home::{Home, write_file};
use access::Access;
use anyhow::Context as _;
use base::Random;
use operations::Rooms;
use std::io::ErrorKind;
use tracing::info;

/// Characters of a generated password: no two that look alike.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// 20 of 56 characters are 116 bits.
const LENGTH: usize = 20;

/// Makes the first objects if the database has none. The password stands in its file before anybody
/// could need it; after a crash in between the same one is used.
///
/// # Errors
/// When the file can't be written or the database fails.
pub async fn bootstrap(rooms: &Rooms, access: &Access, home: &Home) -> anyhow::Result<()> {
    let snapshot = rooms.projection.snapshot();
    if snapshot.data_center_count() > 0 || snapshot.user_count() > 0 {
        return Ok(());
    }
    let password = password(&*rooms.random, home)?;
    let hash = access
        .password_hash(&password)
        .await
        .context("cannot hash the first password")?;
    let made = operations::bootstrap::bootstrap(rooms, &hash)
        .await
        .context("cannot make the first objects")?;
    if made {
        info!(
            "made the data center and cluster `Default`; the password of admin@internal is in {}",
            home.password_file().display()
        );
    }
    Ok(())
}

fn password(random: &dyn Random, home: &Home) -> anyhow::Result<String> {
    let file = home.password_file();
    match std::fs::read_to_string(&file) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned()),
        Ok(_) => {}
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(e).with_context(|| format!("cannot read {}", file.display())),
    }
    let password = generate(random);
    write_file(&file, format!("{password}\n").as_bytes(), 0o600)?;
    Ok(password)
}

fn generate(random: &dyn Random) -> String {
    let mut password = String::with_capacity(LENGTH);
    while password.len() < LENGTH {
        let mut byte = [0u8; 1];
        random.fill(&mut byte);
        // Bytes beyond the last whole run of the alphabet would make its first characters likelier.
        let whole = 256 - 256 % ALPHABET.len();
        if usize::from(byte[0]) < whole {
            password.push(char::from(ALPHABET[usize::from(byte[0]) % ALPHABET.len()]));
        }
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::{SeededRandom, TestDir};

    #[test]
    fn a_password_is_made_once_and_kept_from_others() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = TestDir::new();
        let home = Home::take(dir.path()).unwrap();
        let random = SeededRandom::new(1);
        let first = password(&random, &home).unwrap();
        assert_eq!(first.len(), LENGTH);
        assert_eq!(password(&random, &home).unwrap(), first);
        let mode = std::fs::metadata(home.password_file())
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_ne!(generate(&random), first);
    }
}
