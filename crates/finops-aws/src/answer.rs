//! Answers as they are kept: which request one belongs to, and how it is written down.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use finops_resilience::CacheKey;

use crate::label::Label;

/// What makes two requests the same: who asks, where, which operation, and every word of it but its headers, which hold time
/// and signature. `None` for a body that cannot be read without sending it.
pub(crate) fn key(label: &Label, identity: &str, request: &HttpRequest) -> Option<CacheKey> {
    let body = request.body().bytes()?;
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    Some(CacheKey::of(&[
        identity.as_bytes(),
        label.account.as_str().as_bytes(),
        label.region.as_str().as_bytes(),
        label.operation.action.as_bytes(),
        request.method().as_bytes(),
        request.uri().as_bytes(),
        target.as_bytes(),
        body,
    ]))
}

/// A successful answer as bytes: its content type on the first line, then its body. Its date is left out: the SDK would take an
/// old one for a clock that is wrong.
pub(crate) fn write(response: &Response) -> Vec<u8> {
    let content_type = response.headers().get("content-type").unwrap_or_default();
    let mut bytes = content_type.as_bytes().to_vec();
    bytes.push(b'\n');
    bytes.extend_from_slice(response.body().bytes().unwrap_or_default());
    bytes
}

/// The answer of [`write`]; `None` where the bytes are something else.
pub(crate) fn read(bytes: &[u8]) -> Option<Response> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, body) = (bytes.get(..end)?, bytes.get(end + 1..)?);
    let content_type = std::str::from_utf8(head).ok()?.to_owned();
    let mut response = Response::new(StatusCode::try_from(200).ok()?, SdkBody::from(body.to_vec()));
    if !content_type.is_empty() {
        response.headers_mut().try_insert("content-type", content_type).ok()?;
    }
    Some(response)
}

/// Whether XML ends with the element that it begins with.
pub(crate) fn is_whole_xml(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix("<?").or_else(|| rest.strip_prefix("<!")) {
        rest = after.split_once('>').map_or("", |(_, rest)| rest.trim_start());
    }
    let Some(begin) = rest.strip_prefix('<') else { return text.is_empty() };
    let name = begin.split(|letter: char| letter.is_whitespace() || letter == '>' || letter == '/').next().unwrap_or_default();
    text.ends_with(&format!("</{name}>")) || (!begin.contains('<') && text.ends_with("/>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_that_breaks_off_is_not_whole() {
        let whole = "<?xml version=\"1.0\"?>\n<DescribeVolumesResponse xmlns=\"x\"><volumeSet/></DescribeVolumesResponse>\n";
        assert!(is_whole_xml(whole.as_bytes()));
        assert!(is_whole_xml(b"<Empty/>") && is_whole_xml(b"") && is_whole_xml(b"<LocationConstraint xmlns=\"x\"/>"));
        assert!(!is_whole_xml(whole.get(..60).unwrap().as_bytes()));
        assert!(!is_whole_xml(b"not XML"));
    }

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        let mut response = Response::new(StatusCode::try_from(200).unwrap(), SdkBody::from("{\"a\":\n1}"));
        response.headers_mut().insert("content-type", "application/x-amz-json-1.1");
        response.headers_mut().insert("date", "Tue, 24 Nov 2026 14:00:00 GMT");
        let again = read(&write(&response)).unwrap();
        assert_eq!(again.body().bytes(), response.body().bytes());
        assert_eq!(again.headers().get("content-type"), Some("application/x-amz-json-1.1"));
        assert_eq!(again.headers().get("date"), None);
        assert!(read(b"no line").is_none());
    }
}
