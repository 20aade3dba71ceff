use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy, rt::TokioExecutor};
use serde_json::Value;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: no JSON: {:?}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Checks the status and gives the body; a failure shows what the server said.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// Checks that this is an error in its one shape.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let error = self.expect(status)["error"].clone();
        assert_eq!(error["code"], code, "{error}");
        assert!(
            error["message"].as_str().is_some_and(|message| !message.is_empty()),
            "{error}"
        );
        assert!(error["request_id"].is_string(), "{error}");
        error
    }
}

/// One caller with its credentials.
#[derive(Clone)]
pub struct Client {
    http: legacy::Client<legacy::connect::HttpConnector, Full<Bytes>>,
    pub address: SocketAddr,
    pub headers: Vec<(String, String)>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            http: legacy::Client::builder(TokioExecutor::new()).build_http(),
            address,
            headers: Vec::new(),
        }
    }

    /// From another address of this machine, as another client.
    #[must_use]
    pub fn sent_from(self, own: IpAddr) -> Self {
        let mut connector = legacy::connect::HttpConnector::new();
        connector.set_local_address(Some(own));
        Self {
            http: legacy::Client::builder(TokioExecutor::new()).build(connector),
            ..self
        }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without credentials and other headers.
    pub fn anonymous(&self) -> Self {
        Self {
            headers: Vec::new(),
            ..self.clone()
        }
    }

    pub async fn send(&self, method: Method, path: &str, kind: Option<&str>, body: impl Into<Bytes>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let response = self
            .http
            .request(request.body(Full::new(body.into())).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some("application/json"), body.to_string())
            .await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PUT, path, Some("application/json"), body.to_string())
            .await
    }

    pub async fn upload(&self, path: &str, file_name: &str, content: &[u8], options: Option<&Value>) -> Reply {
        self.send(
            Method::POST,
            path,
            Some("multipart/form-data; boundary=edge"),
            form(file_name, content, options),
        )
        .await
    }
}

/// A form with a file, and `options` after it: the order is the sender's choice.
pub fn form(file_name: &str, content: &[u8], options: Option<&Value>) -> Vec<u8> {
    let mut form = format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\r\n")
        .into_bytes();
    form.extend_from_slice(content);
    if let Some(options) = options {
        form.extend_from_slice(
            format!("\r\n--edge\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{options}").as_bytes(),
        );
    }
    form.extend_from_slice(b"\r\n--edge--\r\n");
    form
}
