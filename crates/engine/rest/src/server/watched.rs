//! A stream with the two time limits that HTTP's own machinery does not keep: for the first bytes, and
//! for a peer that does not take what it asked for. The stream outlives the connection that uses it, so
//! that a peer can still be told why it is sent away.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::time::Sleep;

/// What HTTP/2 begins with. Until it is known whether a peer speaks it, nobody else counts the time.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The stream, shared with whoever says goodbye.
pub(super) struct Watched<S>(Arc<Mutex<Inner<S>>>);

struct Inner<S> {
    stream: S,
    stall: Duration,
    /// Bytes of the preface that came, and when patience ends.
    greeting: Option<(usize, Pin<Box<Sleep>>)>,
    stalled: Option<Pin<Box<Sleep>>>,
    /// Something came since we last said something.
    begun: bool,
    http2: bool,
}

impl<S> Clone for Watched<S> {
    fn clone(&self) -> Self {
        Watched(Arc::clone(&self.0))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Watched<S> {
    /// First bytes within `first`; a peer that takes nothing for `stall` is given up.
    pub(super) fn new(stream: S, first: Duration, stall: Duration) -> Self {
        Watched(Arc::new(Mutex::new(Inner {
            stream,
            stall,
            greeting: Some((0, Box::pin(tokio::time::sleep(first)))),
            stalled: None,
            begun: false,
            http2: false,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the peer began a request in HTTP/1.1 that nobody answered.
    pub(super) fn waits(&self) -> bool {
        let inner = self.lock();
        inner.begun && !inner.http2
    }

    /// Last words, when nobody else uses the stream any more.
    pub(super) async fn say(&mut self, words: &str) -> io::Result<()> {
        self.write_all(words.as_bytes()).await?;
        self.shutdown().await
    }
}

impl<S> Inner<S> {
    fn came(&mut self, bytes: &[u8]) {
        self.begun = true;
        let Some((seen, _)) = &mut self.greeting else {
            return;
        };
        let wanted = &PREFACE[*seen..];
        let length = bytes.len().min(wanted.len());
        if bytes[..length] != wanted[..length] {
            self.greeting = None;
        } else if length == wanted.len() {
            self.http2 = true;
            self.greeting = None;
        } else {
            *seen += length;
        }
    }

    /// After a write: the clock runs while nothing is taken.
    fn wrote<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stall = self.stall;
        let patience = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        match patience.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(slow("the peer takes nothing"))),
            Poll::Pending => Poll::Pending,
        }
    }
}

fn slow(words: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, words)
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &mut *inner;
        let before = buffer.filled().len();
        let read = Pin::new(&mut inner.stream).poll_read(cx, buffer);
        if read.is_ready() {
            let bytes = &buffer.filled()[before..];
            if !bytes.is_empty() {
                inner.came(bytes);
            }
            return read;
        }
        match &mut inner.greeting {
            Some((_, patience)) => patience
                .as_mut()
                .poll(cx)
                .map(|()| Err(slow("the first bytes did not come"))),
            None => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.begun = false;
        let written = Pin::new(&mut inner.stream).poll_write(cx, bytes);
        inner.wrote(cx, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.begun = false;
        let written = Pin::new(&mut inner.stream).poll_write_vectored(cx, bytes);
        inner.wrote(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let flushed = Pin::new(&mut inner.stream).poll_flush(cx);
        inner.wrote(cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shut = Pin::new(&mut inner.stream).poll_shutdown(cx);
        inner.wrote(cx, shut)
    }
}
