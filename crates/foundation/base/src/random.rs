//! Randomness as a port, so that a simulation can be replayed from a seed.

use uuid::Uuid;

/// Where random bytes come from.
pub trait Random: Send + Sync + 'static {
    /// Fills `buffer` with random bytes fit for keys and tokens.
    fn fill(&self, buffer: &mut [u8]);

    /// A random (version 4) UUID.
    fn uuid(&self) -> Uuid {
        let mut bytes = [0u8; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    /// # Panics
    /// When the kernel has no randomness: nothing safe can be done without it.
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the kernel's getrandom works on every supported Linux");
    }
}
