//! Recognising: which service and kind of resource an ARN, an id, or a row of a bill is about.

use std::collections::BTreeMap;

use super::{Arn, BillingDimension, Catalog, EntryKind, ResourceKindFacts, Service};
use crate::region::region_of_billing_code;
use crate::usage_type;

/// What an ARN or id names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecognizedResource {
    /// The entry that the kind belongs to, else the owner of the ARN's namespace.
    pub service: &'static Service,
    /// The kind, where the catalog has it.
    pub kind: Option<&'static ResourceKindFacts>,
}

/// What a row of a bill is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecognizedUsage {
    /// The entry that the billing dimension belongs to, else that of the product code.
    pub service: &'static Service,
    /// What is charged for, where the catalog has the usage type.
    pub dimension: Option<&'static BillingDimension>,
    /// The region that the usage type names.
    pub region: Option<&'static str>,
}

/// A kind by the shape of its ARN's resource part.
#[derive(Debug)]
struct Shape {
    service: &'static Service,
    kind: &'static ResourceKindFacts,
    /// The parts between slashes and colons; `None` where anything may stand.
    parts: Vec<Option<&'static str>>,
}

impl Shape {
    fn of(service: &'static Service, kind: &'static ResourceKindFacts) -> Option<Self> {
        let arn = kind.arn?.splitn(6, ':').nth(5)?;
        let is_variable = |part: &str| part.contains('{');
        let parts = arn.split(['/', ':']).filter(|part| !part.is_empty());
        Some(Self { service, kind, parts: parts.map(|part| (!is_variable(part)).then_some(part)).collect() })
    }

    fn literals(&self) -> usize {
        self.parts.iter().flatten().count()
    }

    /// Whether a resource part has this shape. What stands for the last part may be long: names hold slashes.
    fn matches(&self, resource: &Arn<'_>) -> bool {
        let mut found = resource.resource_parts();
        let all = self.parts.iter().all(|part| found.next().is_some_and(|found| part.is_none_or(|literal| literal == found)));
        all && (self.parts.last().is_some_and(Option::is_none) || found.next().is_none())
    }
}

/// The kinds of one ARN namespace.
#[derive(Debug, Default)]
struct Namespace {
    owner: Option<&'static Service>,
    /// By the first part, where that is fixed; those with the most fixed parts first.
    by_first: BTreeMap<&'static str, Vec<Shape>>,
    /// The others, likewise.
    others: Vec<Shape>,
}

/// A usage type as the catalog writes it.
#[derive(Debug)]
struct Pattern {
    service: &'static Service,
    dimension: &'static BillingDimension,
    text: &'static str,
}

impl Pattern {
    fn matches(&self, measure: &str) -> bool {
        match (self.text.strip_prefix('*'), self.text.strip_suffix('*')) {
            (Some(_), Some(_)) => measure.contains(self.text.trim_matches('*')),
            (Some(end), None) => measure.ends_with(end),
            (None, Some(start)) => measure.starts_with(start),
            (None, None) => measure == self.text,
        }
    }
}

/// The usage types of one product code.
#[derive(Debug, Default)]
struct Product {
    exact: BTreeMap<&'static str, (&'static Service, &'static BillingDimension)>,
    /// Those with a `*`, the longest first.
    patterns: Vec<Pattern>,
}

/// What recognition looks things up in.
#[derive(Debug, Default)]
pub(super) struct Index {
    namespaces: BTreeMap<&'static str, Namespace>,
    id_prefixes: BTreeMap<&'static str, (&'static Service, &'static ResourceKindFacts)>,
    by_product_code: BTreeMap<String, &'static Service>,
    by_name: BTreeMap<String, &'static Service>,
    products: BTreeMap<String, Product>,
}

impl Index {
    pub(super) fn of(services: &'static [Service]) -> Self {
        let mut index = Self::default();
        for service in services {
            index.add_names(service);
            index.add_resources(service);
            for dimension in service.billing {
                let Some(code) = dimension.product_code else { continue };
                let product = index.products.entry(code.to_lowercase()).or_default();
                for &text in dimension.usage_types {
                    if text.contains('*') {
                        product.patterns.push(Pattern { service, dimension, text });
                    } else {
                        product.exact.insert(text, (service, dimension));
                    }
                }
            }
        }
        for namespace in index.namespaces.values_mut() {
            let by_literals =
                |shapes: &mut Vec<Shape>| shapes.sort_by_key(|shape| std::cmp::Reverse((shape.literals(), shape.parts.len())));
            namespace.by_first.values_mut().for_each(by_literals);
            by_literals(&mut namespace.others);
        }
        for product in index.products.values_mut() {
            product.patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.text.len()));
        }
        index
    }

    fn add_names(&mut self, service: &'static Service) {
        for code in service.product_codes.iter().chain(service.price_list_codes) {
            self.by_product_code.entry(code.to_lowercase()).or_insert(service);
        }
        for name in service.focus_service_names.iter().chain(service.cost_explorer_names) {
            self.by_name.insert(name.to_lowercase(), service);
        }
        if matches!(service.entry, EntryKind::Service | EntryKind::Feature | EntryKind::BillingCode) {
            self.by_name.entry(service.name.to_lowercase()).or_insert(service);
        }
    }

    fn add_resources(&mut self, service: &'static Service) {
        if service.entry == EntryKind::Service {
            for &name in service.arn_namespaces {
                self.namespaces.entry(name).or_default().owner = Some(service);
            }
        }
        for kind in service.resources {
            for &prefix in kind.id_prefixes {
                self.id_prefixes.insert(prefix, (service, kind));
            }
            let Some((shape, name)) = Shape::of(service, kind).zip(kind.kind.split(':').next()) else { continue };
            let namespace = self.namespaces.entry(name).or_default();
            match shape.parts.first() {
                Some(Some(first)) => namespace.by_first.entry(first).or_default().push(shape),
                _ => namespace.others.push(shape),
            }
        }
    }
}

impl Catalog {
    /// What an ARN names; `None` where its namespace is not in the catalog.
    ///
    /// ```
    /// use finops_domain::catalog::{Arn, Catalog};
    /// let arn = Arn::parse("arn:aws:ec2:eu-west-1:111122223333:natgateway/nat-0a1b")?;
    /// let kind = Catalog::embedded().recognize_arn(&arn).and_then(|found| found.kind);
    /// assert_eq!(kind.map(|kind| kind.kind), Some("ec2:natgateway"));
    /// # Ok::<(), finops_domain::catalog::ArnError>(())
    /// ```
    pub fn recognize_arn(&self, arn: &Arn<'_>) -> Option<RecognizedResource> {
        // Some bills write `arn:aws:Route53:::…`.
        let in_lower_case = || self.index.namespaces.get(arn.namespace.to_lowercase().as_str());
        let namespace = self.index.namespaces.get(arn.namespace).or_else(in_lower_case)?;
        let first = arn.resource_parts().next();
        let shapes = first.and_then(|first| namespace.by_first.get(first));
        let found = shapes.into_iter().flatten().find(|shape| shape.matches(arn));
        let found = found.or_else(|| namespace.others.iter().find(|shape| shape.matches(arn)));
        match found {
            Some(shape) => Some(RecognizedResource { service: shape.service, kind: Some(shape.kind) }),
            None => namespace.owner.map(|service| RecognizedResource { service, kind: None }),
        }
    }

    /// What a bill's ResourceId names: an ARN, or an id such as `vol-0a1b` where ids of that kind begin so.
    pub fn recognize_resource_id(&self, id: &str) -> Option<RecognizedResource> {
        if let Ok(arn) = Arn::parse(id) {
            return self.recognize_arn(&arn);
        }
        let prefixes = id.match_indices('-').map(|(at, dash)| at + dash.len()).filter_map(|end| id.get(..end));
        let (service, kind) = prefixes.filter_map(|prefix| self.index.id_prefixes.get(prefix)).next_back()?;
        Some(RecognizedResource { service, kind: Some(kind) })
    }

    /// The service that Cost Explorer, a FOCUS bill or AWS itself calls so, in any case.
    pub fn service_of_name(&self, name: &str) -> Option<&'static Service> {
        let lower = name.trim().to_lowercase();
        let third_party_model = || lower.ends_with("(amazon bedrock edition)").then(|| self.service("bedrock")).flatten();
        self.index.by_name.get(&lower).copied().or_else(third_party_model)
    }

    /// The service of a product code, in any case.
    pub fn service_of_product_code(&self, code: &str) -> Option<&'static Service> {
        self.index.by_product_code.get(&code.trim().to_lowercase()).copied()
    }

    /// What a product code and usage type charge for.
    ///
    /// ```
    /// use finops_domain::catalog::Catalog;
    /// let found = Catalog::embedded().recognize_usage("AmazonEC2", "EU-BoxUsage:m5.large").ok_or("known")?;
    /// assert_eq!((found.service.id, found.region), ("ec2", Some("eu-west-1")));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn recognize_usage(&self, product_code: &str, usage_type: &str) -> Option<RecognizedUsage> {
        let parsed = usage_type::parse(usage_type);
        let region = parsed.region_prefix.and_then(region_of_billing_code);
        let product = self.index.products.get(&product_code.trim().to_lowercase());
        let dimension = product.and_then(|product| {
            let by_pattern = || product.patterns.iter().find(|pattern| pattern.matches(parsed.measure));
            product.exact.get(parsed.measure).copied().or_else(|| by_pattern().map(|pattern| (pattern.service, pattern.dimension)))
        });
        match dimension {
            Some((service, dimension)) => Some(RecognizedUsage { service, dimension: Some(dimension), region }),
            None => self.service_of_product_code(product_code).map(|service| RecognizedUsage { service, dimension: None, region }),
        }
    }

    /// What a row of a bill is for: by product code and usage type, else by the service's name.
    pub fn recognize_charge(
        &self,
        product_code: Option<&str>,
        service_name: Option<&str>,
        usage_type: Option<&str>,
    ) -> Option<RecognizedUsage> {
        let by_code = product_code.and_then(|code| self.recognize_usage(code, usage_type.unwrap_or_default()));
        let by_name = || {
            let service = service_name.and_then(|name| self.service_of_name(name))?;
            let code = service.product_codes.first();
            let by_code = usage_type.and_then(|usage_type| self.recognize_usage(code?, usage_type));
            Some(by_code.unwrap_or(RecognizedUsage { service, dimension: None, region: None }))
        };
        by_code.or_else(by_name)
    }
}
