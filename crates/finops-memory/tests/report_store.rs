//! The store in memory keeps the port's promises.

use finops_domain::conformance::report_store::{all, sample_report};
use finops_memory::MemoryReportStore;

#[tokio::test]
async fn keeps_the_port_s_promises() {
    all(&|| Box::new(MemoryReportStore::new()), &sample_report).await;
}
