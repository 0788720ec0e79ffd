//! A network between the store and the server that loses what it is told to lose.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// What happens to the next commit; once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The connection breaks before the server hears of it.
    Request,
    /// The server commits, and the connection breaks before the answer.
    Answer,
    /// The engine's side breaks; the server still holds the open transaction.
    Silence,
}

/// Listens on loopback and carries everything to a server's socket.
pub struct Proxy {
    pub address: SocketAddr,
    next: Arc<Mutex<Option<Loss>>>,
}

impl Proxy {
    pub async fn new(directory: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let next = Arc::new(Mutex::new(None));
        let (server, loss) = (directory.join(".s.PGSQL.5432"), next.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server.clone(), loss.clone()));
            }
        });
        Proxy { address, next }
    }

    pub fn lose(&self, loss: Loss) {
        *self.next.lock().unwrap() = Some(loss);
    }

    /// Has the loss happened?
    pub fn lost(&self) -> bool {
        self.next.lock().unwrap().is_none()
    }
}

async fn carry(mut client: TcpStream, server: PathBuf, next: Arc<Mutex<Option<Loss>>>) {
    let mut server = UnixStream::connect(server).await.unwrap();
    let (mut up, mut down) = ([0; 8192], [0; 8192]);
    loop {
        tokio::select! {
            Ok(count) = client.read(&mut up) => {
                let said = &up[..count];
                if count == 0 {
                    return;
                }
                // A simple query: its text ends with a zero.
                if said.windows(7).any(|w| w == b"COMMIT\0") {
                    let loss = next.lock().unwrap().take();
                    match loss {
                        Some(Loss::Request) => return,
                        Some(Loss::Answer) => {
                            server.write_all(said).await.unwrap();
                            assert_ne!(server.read(&mut down).await.unwrap(), 0);
                            return;
                        }
                        Some(Loss::Silence) => {
                            drop(client);
                            // Ends when the server ends the session.
                            let _ = server.read(&mut down).await;
                            return;
                        }
                        None => {}
                    }
                }
                server.write_all(said).await.unwrap();
            }
            Ok(count) = server.read(&mut down) => {
                if count == 0 || client.write_all(&down[..count]).await.is_err() {
                    return;
                }
            }
            else => return,
        }
    }
}
