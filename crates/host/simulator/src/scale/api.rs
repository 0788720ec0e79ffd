//! A small client of the public API: one connection that stays open.

use anyhow::{Context as _, anyhow, ensure};
use base64::Engine as _;
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Where an engine answers, and as whom it is asked.
#[derive(Clone)]
pub struct Place {
    address: SocketAddr,
    tls: Arc<ClientConfig>,
    login: String,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Xml,
}

/// A connection.
pub struct Api {
    sender: SendRequest<Full<Bytes>>,
    login: String,
    host: String,
}

impl Place {
    /// The engine whose home this is.
    pub fn of(home: &Path, address: SocketAddr) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(home.join("ca.pem"))? {
            roots.add(certificate?)?;
        }
        let tls = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let password = std::fs::read_to_string(home.join("admin.password"))
            .context("the engine has no password for admin@internal")?;
        let words = format!("admin@internal:{}", password.trim());
        let login = base64::engine::general_purpose::STANDARD.encode(words);
        Ok(Place {
            address,
            tls: Arc::new(tls),
            login: format!("Basic {login}"),
        })
    }

    /// Opens a session: every later connection uses it.
    pub async fn login(&mut self, home: &Path) -> anyhow::Result<()> {
        let password = std::fs::read_to_string(home.join("admin.password"))?;
        *self = self.session("admin@internal", password.trim()).await?;
        Ok(())
    }

    /// The same engine as somebody else is asked, in a session of his.
    pub async fn session(&self, login: &str, password: &str) -> anyhow::Result<Place> {
        let form = format!(
            "grant_type=password&scope=ovirt-app-api&username={}&password={}",
            login.replace('@', "%40"),
            password.replace(' ', "+")
        );
        let mut api = self.connect().await?;
        let request = Request::post("/ovirt-engine/sso/oauth/token")
            .header(header::HOST, &api.host)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form)))?;
        let answer = api.sender.send_request(request).await?;
        let body = answer.into_body().collect().await?.to_bytes();
        let answer: Value = serde_json::from_slice(&body)?;
        let token = answer.get("access_token").and_then(Value::as_str);
        Ok(Place {
            login: format!("Bearer {}", token.context("the engine gives no token")?),
            ..self.clone()
        })
    }

    /// A connection with nothing on it yet.
    pub async fn stream(&self) -> anyhow::Result<TlsStream<TcpStream>> {
        let tcp = TcpStream::connect(self.address).await?;
        tcp.set_nodelay(true)?;
        let name = ServerName::IpAddress(self.address.ip().into());
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        Ok(connector.connect(name, tcp).await?)
    }

    /// Asks on it how the engine is, and reads the whole answer.
    pub async fn health(&self, stream: &mut TlsStream<TcpStream>) -> anyhow::Result<()> {
        let host = self.address;
        let request = format!("GET /ovirt-engine/services/health HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"Health Status!") {
            ensure!(stream.read_buf(&mut answer).await? > 0, "it was closed");
        }
        Ok(())
    }

    /// A new connection.
    pub async fn connect(&self) -> anyhow::Result<Api> {
        let stream = self.stream().await?;
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Api {
            sender,
            login: self.login.clone(),
            host: self.address.to_string(),
        })
    }
}

impl Api {
    /// Asks and reads the whole answer.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        form: Form,
        body: Option<String>,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let form = match form {
            Form::Json => "application/json",
            Form::Xml => "application/xml",
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("/ovirt-engine/api/{path}"))
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, &self.login)
            .header(header::ACCEPT, form)
            .header(header::CONTENT_TYPE, form)
            .body(Full::new(Bytes::from(body.unwrap_or_default())))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }

    /// Reads something that must be there.
    pub async fn get(&mut self, path: &str, form: Form) -> anyhow::Result<Bytes> {
        let (status, body) = self.send(Method::GET, path, form, None).await?;
        ensure!(
            status == StatusCode::OK,
            "GET {path} answers {status}: {}",
            String::from_utf8_lossy(&body)
                .chars()
                .take(300)
                .collect::<String>()
        );
        Ok(body)
    }

    /// Reads something that must be there and lets go of it as it comes; answers its bytes.
    pub async fn drain(&mut self, path: &str, form: Form, gzip: bool) -> anyhow::Result<usize> {
        let form = match form {
            Form::Json => "application/json",
            Form::Xml => "application/xml",
        };
        let mut request = Request::get(format!("/ovirt-engine/api/{path}"))
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, &self.login)
            .header(header::ACCEPT, form);
        if gzip {
            request = request.header(header::ACCEPT_ENCODING, "gzip");
        }
        self.sender.ready().await?;
        let answer = self.sender.send_request(request.body(Full::default())?);
        let answer = answer.await?;
        ensure!(
            answer.status() == StatusCode::OK,
            "GET {path} answers {}",
            answer.status()
        );
        let mut body = answer.into_body();
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            bytes += frame?.data_ref().map_or(0, Bytes::len);
        }
        Ok(bytes)
    }

    /// Reads a JSON document.
    pub async fn json(&mut self, path: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(&self.get(path, Form::Json).await?)?)
    }

    /// Makes something; answers its id.
    pub async fn post(&mut self, path: &str, body: &Value) -> anyhow::Result<String> {
        let sent = self.send(Method::POST, path, Form::Json, Some(body.to_string()));
        let (status, answer) = sent.await?;
        ensure!(
            status.is_success(),
            "POST {path} answers {status}: {}",
            String::from_utf8_lossy(&answer)
                .chars()
                .take(300)
                .collect::<String>()
        );
        let answer: Value = serde_json::from_slice(&answer)?;
        let id = answer.get("id").and_then(Value::as_str);
        id.map(str::to_owned)
            .ok_or_else(|| anyhow!("POST {path} answers no id"))
    }
}
