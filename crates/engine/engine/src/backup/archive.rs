//! The outer form of a backup file: a line that says how it is sealed, then sealed pieces.
//!
//! ```text
//! VIREO-BACKUP {"format":1,"program":"0.1.0","made":...,"key":null}      one line of text
//! length and "is the last" (4 bytes) | at most 64 KiB | seal (16 bytes)  again and again
//! ```
//!
//! Without a passphrase the seal is a checksum that goes on over all pieces: damage is found, but
//! whoever can read the file has the keys in it. With a passphrase each piece is encrypted and
//! authenticated (ChaCha20-Poly1305; the key by PBKDF2-HMAC-SHA256; the piece's number is the nonce;
//! the first line and the length are authenticated with it). A piece that is changed, missing, moved,
//! or behind the last is found in either form.

use anyhow::{Context as _, anyhow, bail, ensure};
use base::Timestamp;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, Tag, UnboundKey};
use ring::digest::{Context as Digest, SHA256, digest};
use ring::pbkdf2;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read, Write};
use std::num::NonZeroU32;

/// The form that this program writes, and the newest it reads.
const FORMAT: u32 = 1;
const MAGIC: &str = "VIREO-BACKUP ";
/// The first line is no longer.
const HEAD_MAX: u64 = 4096;
const PIECE: usize = 64 * 1024;
const SEAL: usize = 16;
const LAST: u32 = 1 << 31;
/// Rounds of the key's derivation (OWASP's advice for this one).
const ROUNDS: u32 = 600_000;
/// A hostile file must not keep us busy for hours.
const ROUNDS_MAX: u32 = 100_000_000;
/// Shorter passphrases are guessed too soon.
const PASSPHRASE_MIN: usize = 8;

/// What the first line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The file's form.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// When.
    pub made: Timestamp,
    /// How the key comes from the passphrase; nothing when it is not encrypted.
    key: Option<Derivation>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Derivation {
    /// Hexadecimal.
    salt: String,
    rounds: u32,
}

impl Head {
    /// Can it be read only with a passphrase?
    pub fn is_encrypted(&self) -> bool {
        self.key.is_some()
    }
}

/// A passphrase that is long enough, never shown.
#[derive(Clone)]
pub struct Passphrase(String);

impl Passphrase {
    /// # Errors
    /// When it is too short.
    pub fn new(text: &str) -> anyhow::Result<Self> {
        let text = text.trim_end_matches(['\r', '\n']);
        ensure!(
            text.chars().count() >= PASSPHRASE_MIN,
            "a passphrase needs at least {PASSPHRASE_MIN} characters"
        );
        Ok(Passphrase(text.to_owned()))
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// How pieces are sealed.
enum Seal {
    /// The sum of everything before.
    Sum([u8; 32]),
    /// The key, what every piece is bound to, and the next piece's number.
    Key(Box<LessSafeKey>, [u8; 32], u64),
}

impl Seal {
    fn of(
        line: &[u8],
        key: Option<&Derivation>,
        passphrase: Option<&Passphrase>,
    ) -> anyhow::Result<Self> {
        let mut bound = [0; 32];
        bound.copy_from_slice(digest(&SHA256, line).as_ref());
        let Some(derivation) = key else {
            return Ok(Seal::Sum(bound));
        };
        let Passphrase(text) = passphrase
            .context("the backup is encrypted; give its passphrase (--passphrase-file)")?;
        let rounds = NonZeroU32::new(derivation.rounds)
            .filter(|r| r.get() <= ROUNDS_MAX)
            .context("the backup's first line has no good number of rounds")?;
        let salt = unhex(&derivation.salt).context("the backup's first line has no good salt")?;
        let mut bytes = [0; 32];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            rounds,
            &salt,
            text.as_bytes(),
            &mut bytes,
        );
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).map_err(|_| anyhow!("no key"))?;
        Ok(Seal::Key(Box::new(LessSafeKey::new(key)), bound, 0))
    }

    fn associated(bound: &[u8; 32], word: u32) -> Aad<Vec<u8>> {
        Aad::from([&bound[..], &word.to_be_bytes()].concat())
    }

    fn nonce(number: u64) -> Nonce {
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&number.to_be_bytes());
        Nonce::assume_unique_for_key(nonce)
    }

    fn sum(sum: &mut [u8; 32], word: u32, piece: &[u8]) -> [u8; SEAL] {
        let mut digest = Digest::new(&SHA256);
        digest.update(sum);
        digest.update(&word.to_be_bytes());
        digest.update(piece);
        sum.copy_from_slice(digest.finish().as_ref());
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&sum[..SEAL]);
        seal
    }

    /// Seals a piece in place.
    fn close(&mut self, word: u32, piece: &mut [u8]) -> io::Result<[u8; SEAL]> {
        match self {
            Seal::Sum(sum) => Ok(Self::sum(sum, word, piece)),
            Seal::Key(key, bound, number) => {
                let nonce = Self::nonce(*number);
                *number += 1;
                let tag = key
                    .seal_in_place_separate_tag(nonce, Self::associated(bound, word), piece)
                    .map_err(|_| io::Error::other("the piece cannot be encrypted"))?;
                let mut seal = [0; SEAL];
                seal.copy_from_slice(tag.as_ref());
                Ok(seal)
            }
        }
    }

    /// Opens a piece in place; says whether its seal is right.
    fn open(&mut self, word: u32, piece: &mut [u8], seal: [u8; SEAL]) -> bool {
        match self {
            Seal::Sum(sum) => Self::sum(sum, word, piece) == seal,
            Seal::Key(key, bound, number) => {
                let nonce = Self::nonce(*number);
                *number += 1;
                let (aad, tag) = (Self::associated(bound, word), Tag::from(seal));
                key.open_in_place_separate_tag(nonce, aad, tag, piece, 0..)
                    .is_ok()
            }
        }
    }
}

/// Writes a backup file.
pub struct Writer<W: Write> {
    out: W,
    seal: Seal,
    piece: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Writes the first line; `salt` is needed with a passphrase only.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn begin(
        mut out: W,
        made: Timestamp,
        passphrase: Option<&Passphrase>,
        salt: [u8; 16],
    ) -> anyhow::Result<Self> {
        let key = passphrase.map(|_| Derivation {
            salt: salt.iter().map(|b| format!("{b:02x}")).collect(),
            rounds: ROUNDS,
        });
        let head = Head {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made,
            key,
        };
        let line = format!("{MAGIC}{}\n", serde_json::to_string(&head)?);
        let seal = Seal::of(line.as_bytes(), head.key.as_ref(), passphrase)?;
        out.write_all(line.as_bytes())?;
        Ok(Writer {
            out,
            seal,
            piece: Vec::with_capacity(PIECE),
        })
    }

    /// Writes the last piece; nothing may be missing behind it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn end(mut self) -> io::Result<W> {
        self.piece_out(LAST)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn piece_out(&mut self, last: u32) -> io::Result<()> {
        let length = u32::try_from(self.piece.len()).map_err(io::Error::other)?;
        let word = length | last;
        let seal = self.seal.close(word, &mut self.piece)?;
        self.out.write_all(&word.to_be_bytes())?;
        self.out.write_all(&self.piece)?;
        self.out.write_all(&seal)?;
        self.piece.clear();
        Ok(())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.piece_out(0)?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a backup file; every byte it hands out was under a good seal.
pub struct Reader<R: BufRead> {
    from: R,
    head: Head,
    seal: Seal,
    piece: Vec<u8>,
    at: usize,
    pieces: u64,
    ended: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// When it is no backup, of a newer form, or encrypted and there is no passphrase.
    pub fn begin(mut from: R, passphrase: Option<&Passphrase>) -> anyhow::Result<Self> {
        let mut line = Vec::new();
        (&mut from)
            .take(HEAD_MAX)
            .read_until(b'\n', &mut line)
            .context("cannot read the backup")?;
        let text = line
            .strip_prefix(MAGIC.as_bytes())
            .filter(|_| line.ends_with(b"\n"))
            .context("this file is not a backup of Vireo")?;
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let damaged = "the backup is damaged in its first line";
        let form: Form = serde_json::from_slice(text).context(damaged)?;
        if form.format > FORMAT {
            bail!(
                "the backup has form {}, this program reads forms up to {FORMAT}; use the newer program",
                form.format
            );
        }
        let head: Head = serde_json::from_slice(text).context(damaged)?;
        let seal = Seal::of(&line, head.key.as_ref(), passphrase)?;
        Ok(Reader {
            from,
            head,
            seal,
            piece: Vec::new(),
            at: 0,
            pieces: 0,
            ended: false,
        })
    }

    /// What the first line says.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Nothing may stand behind the last piece.
    ///
    /// # Errors
    /// When something is left, inside or behind.
    pub fn end(mut self) -> anyhow::Result<()> {
        let mut byte = [0];
        ensure!(
            self.read(&mut byte)? == 0,
            "the backup holds more than its list says"
        );
        ensure!(
            self.from.read(&mut byte)? == 0,
            "the backup is damaged: there is more behind its end"
        );
        Ok(())
    }

    fn piece_in(&mut self) -> io::Result<()> {
        self.pieces += 1;
        let number = self.pieces;
        let bad = |why: &str| {
            let words = format!("the backup is damaged in piece {number}: {why}");
            io::Error::new(io::ErrorKind::InvalidData, words)
        };
        let short = |e: io::Error| match e.kind() {
            io::ErrorKind::UnexpectedEof => bad("its end is missing"),
            _ => e,
        };
        let mut word = [0; 4];
        self.from.read_exact(&mut word).map_err(short)?;
        let word = u32::from_be_bytes(word);
        let length = (word & !LAST) as usize;
        if length > PIECE {
            return Err(bad("it can't be that long"));
        }
        self.piece.resize(length, 0);
        self.from.read_exact(&mut self.piece).map_err(short)?;
        let mut seal = [0; SEAL];
        self.from.read_exact(&mut seal).map_err(short)?;
        if !self.seal.open(word, &mut self.piece, seal) {
            self.piece.clear();
            return Err(match (&self.seal, number) {
                (Seal::Key(..), 1) => bad("the passphrase is wrong, or bytes are changed"),
                _ => bad("its seal is wrong"),
            });
        }
        self.at = 0;
        self.ended = word & LAST != 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Reader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            if self.ended {
                return Ok(0);
            }
            self.piece_in()?;
        }
        let rest = &self.piece[self.at..];
        let taken = rest.len().min(into.len());
        into[..taken].copy_from_slice(&rest[..taken]);
        self.at += taken;
        Ok(taken)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(content: &[u8], passphrase: Option<&Passphrase>) -> Vec<u8> {
        let mut writer = Writer::begin(Vec::new(), Timestamp(1), passphrase, [7; 16]).unwrap();
        writer.write_all(content).unwrap();
        writer.end().unwrap()
    }

    fn read(file: &[u8], passphrase: Option<&Passphrase>) -> anyhow::Result<Vec<u8>> {
        let mut reader = Reader::begin(file, passphrase)?;
        let mut content = Vec::new();
        reader.read_to_end(&mut content)?;
        reader.end()?;
        Ok(content)
    }

    #[test]
    fn content_comes_back_at_every_border() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let content: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            assert_eq!(
                read(&written(&content, None), None).unwrap(),
                content,
                "{length}"
            );
        }
    }

    #[test]
    fn any_damage_is_found() {
        let content = vec![5; PIECE + 100];
        let file = written(&content, None);
        for at in (0..file.len()).step_by(997).chain([file.len() - 1]) {
            let mut bad = file.clone();
            bad[at] ^= 1;
            assert!(read(&bad, None).is_err(), "byte {at}");
        }
        for cut in [0, 5, 100, PIECE, file.len() - 1] {
            assert!(read(&file[..cut], None).is_err(), "cut at {cut}");
        }
        let longer = [&file[..], b"x"].concat();
        let e = read(&longer, None).unwrap_err().to_string();
        assert!(e.contains("behind its end"), "{e}");
        let e = read(b"PK\x03\x04 something else", None).unwrap_err();
        assert!(e.to_string().contains("not a backup"), "{e}");
    }

    #[test]
    fn with_a_passphrase_nothing_is_read_without_it_and_nothing_changed() {
        let passphrase = Passphrase::new("correct horse\n").unwrap();
        let file = written(b"-----BEGIN PRIVATE KEY-----", Some(&passphrase));
        assert!(!file.windows(11).any(|w| w == b"PRIVATE KEY"));
        assert_eq!(
            read(&file, Some(&passphrase)).unwrap(),
            b"-----BEGIN PRIVATE KEY-----"
        );
        let e = read(&file, None).unwrap_err().to_string();
        assert!(e.contains("--passphrase-file"), "{e}");
        let wrong = Passphrase::new("wrong horse").unwrap();
        let e = read(&file, Some(&wrong)).unwrap_err().to_string();
        assert!(e.contains("passphrase is wrong"), "{e}");
        let mut bad = file.clone();
        let last = bad.len() - 1;
        bad[last] ^= 1;
        assert!(read(&bad, Some(&passphrase)).is_err());
        assert!(Passphrase::new("short\n").is_err());
    }

    #[test]
    fn a_newer_form_is_named() {
        let file =
            String::from_utf8_lossy(&written(b"", None)).replace("\"format\":1", "\"format\":9");
        let e = read(file.as_bytes(), None).unwrap_err().to_string();
        assert!(e.contains("form 9") && e.contains("newer program"), "{e}");
    }
}
