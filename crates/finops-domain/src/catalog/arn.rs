//! Amazon Resource Names in their parts.

use std::fmt;

use thiserror::Error;

/// An ARN, borrowed from the text.
///
/// ```
/// use finops_domain::catalog::Arn;
/// let arn: Arn = Arn::parse("arn:aws-cn:ec2:cn-north-1:111122223333:natgateway/nat-1")?;
/// assert_eq!((arn.partition, arn.namespace, arn.region, arn.account), ("aws-cn", "ec2", Some("cn-north-1"), Some("111122223333")));
/// assert_eq!(arn.resource, "natgateway/nat-1");
/// assert_eq!(Arn::parse("arn:aws:s3:::logs")?.region, None);
/// # Ok::<(), finops_domain::catalog::ArnError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, `aws-iso`, `aws-eusc`.
    pub partition: &'a str,
    /// What ARNs call the service: `ec2`, `elasticloadbalancing`.
    pub namespace: &'a str,
    /// None for global resources and S3 buckets.
    pub region: Option<&'a str>,
    /// None for S3 buckets and what AWS owns; `aws` for AWS-managed policies.
    pub account: Option<&'a str>,
    /// What is left; its form is the service's own.
    pub resource: &'a str,
}

/// Why a text is no ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ArnError {
    /// It does not begin with `arn:`.
    #[error("it does not begin with `arn:`")]
    NoArn,
    /// It has fewer than six parts.
    #[error("an ARN has six parts between colons: arn:partition:service:region:account:resource")]
    TooShort,
    /// The partition does not begin with `aws`.
    #[error("its partition is none of AWS's")]
    UnknownPartition,
    /// Service or resource is empty.
    #[error("its service or its resource is empty")]
    Empty,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart.
    ///
    /// # Errors
    /// Where the text is none.
    pub fn parse(text: &'a str) -> Result<Self, ArnError> {
        let rest = text.strip_prefix("arn:").ok_or(ArnError::NoArn)?;
        let mut parts = rest.splitn(5, ':');
        let mut next = || parts.next().ok_or(ArnError::TooShort);
        let (partition, namespace, region, account, resource) = (next()?, next()?, next()?, next()?, next()?);
        if partition != "aws" && !partition.starts_with("aws-") {
            return Err(ArnError::UnknownPartition);
        }
        if namespace.is_empty() || resource.is_empty() {
            return Err(ArnError::Empty);
        }
        let given = |part: &'a str| if part.is_empty() { None } else { Some(part) };
        Ok(Self { partition, namespace, region: given(region), account: given(account), resource })
    }

    /// The resource's parts between slashes and colons, without empty ones.
    pub fn resource_parts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.resource.split(['/', ':']).filter(|part| !part.is_empty())
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (region, account) = (self.region.unwrap_or_default(), self.account.unwrap_or_default());
        write!(f, "arn:{}:{}:{region}:{account}:{}", self.partition, self.namespace, self.resource)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_arn_says_why() {
        assert_eq!(Arn::parse("i-0123"), Err(ArnError::NoArn));
        assert_eq!(Arn::parse("arn:aws:ec2"), Err(ArnError::TooShort));
        assert_eq!(Arn::parse("arn:azure:ec2:::x"), Err(ArnError::UnknownPartition));
        assert_eq!(Arn::parse("arn:aws:ec2:::"), Err(ArnError::Empty));
    }

    proptest! {
        #[test]
        fn an_arn_prints_as_it_was_read(region in "[a-z0-9-]{0,12}", account in "[0-9]{0,12}", resource in "[a-zA-Z0-9:/*_.-]{1,40}") {
            let text = format!("arn:aws-us-gov:logs:{region}:{account}:{resource}");
            prop_assert_eq!(Arn::parse(&text).unwrap().to_string(), text);
        }

        #[test]
        fn never_panics(text in "\\PC{0,60}") {
            let _ = Arn::parse(&text);
            let _ = Arn::parse(&format!("arn:{text}"));
        }
    }
}
