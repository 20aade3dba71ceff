//! Requests to a server on this machine: HTTP/1.1, kept open, nothing more than the oracle and the bench need.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::failure::{Failure, Outcome, fail};

/// A connection to `127.0.0.1:PORT`.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    port: u16,
    bearer: Option<String>,
    used: Instant,
}

/// A connection on which nothing is asked for 10 s is closed by the server; before that a new one takes its place.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// From sending the request to the first byte of the answer.
    pub first_byte: Duration,
}

impl Connection {
    /// Connects; `bearer` is sent with every request.
    pub fn open(port: u16, bearer: Option<&str>) -> Outcome<Self> {
        Ok(Self {
            stream: connect(port)?,
            port,
            bearer: bearer.map(str::to_owned),
            used: Instant::now(),
        })
    }

    /// Sends a request without a body.
    pub fn get(&mut self, path: &str) -> Outcome<Answer> {
        self.send("GET", path, "text/html, application/json", "application/json", &[])
    }

    /// Sends JSON and reads JSON; a status other than 2xx is a failure.
    pub fn post(&mut self, path: &str, body: &Value) -> Outcome<Value> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::new(error.to_string()))?;
        self.send("POST", path, "application/json", "application/json", &body)?
            .json(path)
    }

    /// Sends JSON and counts the lines of the answer; a status other than 2xx is a failure.
    pub fn lines(&mut self, path: &str, body: &Value) -> Outcome<usize> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::new(error.to_string()))?;
        let answer = self.send("POST", path, "application/x-ndjson", "application/json", &body)?;
        if !(200..300).contains(&answer.status) {
            fail!("{path}: status {}", answer.status);
        }
        Ok(answer.body.iter().filter(|byte| **byte == b'\n').count())
    }

    /// The same with PUT.
    pub fn put(&mut self, path: &str, body: &Value) -> Outcome<Value> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::new(error.to_string()))?;
        self.send("PUT", path, "application/json", "application/json", &body)?
            .json(path)
    }

    /// Sends DELETE; a status other than 2xx is a failure.
    pub fn delete(&mut self, path: &str) -> Outcome {
        let answer = self.send("DELETE", path, "application/json", "application/json", &[])?;
        if !(200..300).contains(&answer.status) {
            fail!("{path}: status {}", answer.status);
        }
        Ok(())
    }

    /// Sends one file as a form and reads JSON.
    pub fn upload(&mut self, path: &str, file_name: &str, content: &[u8]) -> Outcome<Value> {
        const EDGE: &str = "sightline-xtask-edge";
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        let mut body = head.into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        self.send("POST", path, "application/json", &kind, &body)?.json(path)
    }

    fn send(&mut self, method: &str, path: &str, accept: &str, kind: &str, body: &[u8]) -> Outcome<Answer> {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAccept: {accept}\r\n",
            self.port
        );
        if let Some(bearer) = &self.bearer {
            head.push_str(&format!("Authorization: Bearer {bearer}\r\n"));
        }
        if method != "GET" && self.bearer.is_none() {
            // As browsers say that the page is the server's own.
            head.push_str(&format!("Origin: http://127.0.0.1:{}\r\n", self.port));
        }
        if method != "GET" {
            head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        if self.used.elapsed() > LONGEST_PAUSE {
            self.stream = connect(self.port)?;
        }
        let start = Instant::now();
        let stream = self.stream.get_mut();
        stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(body))
            .map_err(|error| broken(&error))?;
        let answer = self.receive(start);
        self.used = Instant::now();
        answer
    }

    fn receive(&mut self, start: Instant) -> Outcome<Answer> {
        let first = self.line()?;
        let first_byte = start.elapsed();
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let Some(status) = status else {
            fail!("not an HTTP answer: {first}")
        };
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().unwrap_or(0),
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                _ => {}
            }
        }
        let body = if chunked { self.chunks()? } else { self.exactly(length)? };
        Ok(Answer {
            status,
            body,
            first_byte,
        })
    }

    fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).map_err(|error| broken(&error))?;
        if read == 0 {
            fail!("the server closed the connection");
        }
        Ok(line.trim_end().to_owned())
    }

    fn exactly(&mut self, length: usize) -> Outcome<Vec<u8>> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).map_err(|error| broken(&error))?;
        Ok(body)
    }

    fn chunks(&mut self) -> Outcome<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = line
                .split(';')
                .next()
                .and_then(|size| usize::from_str_radix(size, 16).ok());
            let Some(size) = size else { fail!("not a chunk: {line}") };
            body.extend(self.exactly(size)?);
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

impl Answer {
    /// The body as JSON; a status other than 2xx is a failure.
    pub fn json(&self, path: &str) -> Outcome<Value> {
        if !(200..300).contains(&self.status) {
            let text: String = String::from_utf8_lossy(&self.body).chars().take(600).collect();
            fail!("{path}: status {}: {text}", self.status);
        }
        serde_json::from_slice(&self.body).map_err(|error| Failure::new(format!("{path}: not JSON: {error}")))
    }
}

fn connect(port: u16) -> Outcome<BufReader<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| broken(&error))?;
    stream.set_nodelay(true).map_err(|error| broken(&error))?;
    stream
        .set_read_timeout(Some(Duration::from_secs(120)))
        .map_err(|error| broken(&error))?;
    Ok(BufReader::new(stream))
}

fn broken(error: &std::io::Error) -> Failure {
    Failure::new(format!("the connection to the server broke: {error}"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn fixed_and_chunked_answers_are_read_from_one_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            for answer in [
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
            ] {
                let _ = stream.read(&mut request).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        let mut connection = Connection::open(port, Some("token")).unwrap();
        assert_eq!(connection.get("/").unwrap().body, b"hi");
        assert_eq!(connection.post("/", &serde_json::json!({})).unwrap()["a"], 1);
        server.join().unwrap();
    }
}
