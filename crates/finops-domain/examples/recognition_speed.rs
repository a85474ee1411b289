//! How many ARNs and usage types are recognised in a second, on one core: run by `cargo xtask bench catalog`.
#![expect(clippy::print_stdout, reason = "it measures time")]

use std::hint::black_box;
use std::time::Instant;

use finops_domain::catalog::{Arn, Catalog};

const ROUNDS: usize = 200;

fn main() {
    let catalog = Catalog::embedded();
    let shapes = catalog.services().iter().flat_map(|service| service.resources).filter_map(|kind| kind.arn);
    let arns: Vec<String> = shapes.map(filled).collect();
    let usage = catalog.services().iter().flat_map(|service| service.billing).flat_map(|dimension| {
        dimension.usage_types.iter().map(|text| (dimension.product_code.unwrap_or_default(), format!("EUC1-{}", text.replace('*', "x"))))
    });
    let usage: Vec<(&str, String)> = usage.collect();

    let start = Instant::now();
    for _ in 0..ROUNDS {
        for arn in &arns {
            black_box(Arn::parse(black_box(arn)).ok().and_then(|arn| catalog.recognize_arn(&arn)));
        }
    }
    println!("ARNs:        {:>12.0} a second ({} kinds)", rate(arns.len(), start), arns.len());
    let start = Instant::now();
    for _ in 0..ROUNDS {
        for (code, usage_type) in &usage {
            black_box(catalog.recognize_usage(black_box(code), black_box(usage_type)));
        }
    }
    println!("usage types: {:>12.0} a second ({} of them)", rate(usage.len(), start), usage.len());
}

fn rate(count: usize, start: Instant) -> f64 {
    (count * ROUNDS) as f64 / start.elapsed().as_secs_f64()
}

fn filled(shape: &str) -> String {
    let parts = shape.split('{').enumerate();
    parts
        .map(
            |(number, part)| {
                if number == 0 { part.to_owned() } else { format!("x-{number}{}", part.split_once('}').map_or("", |(_, rest)| rest)) }
            },
        )
        .collect::<String>()
        .replacen("x-1", "aws", 1)
}
