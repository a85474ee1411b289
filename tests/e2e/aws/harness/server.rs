//! One server: a process that ends with its handle.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::NamedTempFile;

/// A running server. It has no children of its own, and it leaves by itself when the test process is gone, because its standard
/// input closes (see `tests/aws/lifeline.py`).
pub(super) struct Server {
    process: Child,
    endpoint: String,
    said: NamedTempFile,
}

impl Server {
    /// Starts it and reads from its first line where it listens; `Err` is that line where it is something else.
    pub(super) fn start(mut command: Command) -> Result<Self, String> {
        let said = NamedTempFile::new().unwrap();
        let mut process = command
            .env("FINOPS_LIFELINE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(said.reopen().unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if let Some(endpoint) = line.trim().strip_prefix("listening on ") {
            return Ok(Self { process, endpoint: endpoint.to_owned(), said });
        }
        process.wait().unwrap();
        Err(format!("{line}{}", std::fs::read_to_string(said.path()).unwrap()).trim().to_owned())
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What it wrote to standard error.
    pub(super) fn said(&self) -> String {
        std::fs::read_to_string(self.said.path()).unwrap()
    }

    /// Asks the server itself, not the AWS that it plays.
    #[track_caller]
    pub(super) fn ask(&self, path: &str) -> Value {
        self.exchange("GET", path, "")
    }

    #[track_caller]
    pub(super) fn tell(&self, path: &str, body: &Value) -> Value {
        self.exchange("POST", path, &body.to_string())
    }

    #[track_caller]
    fn exchange(&self, method: &str, path: &str, body: &str) -> Value {
        let address = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let length = body.len();
        let request = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{path}: {answer:?}\n{}", self.said()));
        assert!(head.contains(" 200 "), "{path}: {answer}\n{}", self.said());
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A text member of an answer, empty where it is absent.
pub(super) fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

/// The items of an answer that is a list.
pub(super) fn items<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().unwrap().iter().map(read).collect()
}
