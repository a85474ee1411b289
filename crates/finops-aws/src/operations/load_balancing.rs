//! Elastic Load Balancing, of both generations.

/// Application, Network and Gateway load balancers.
pub mod v2 {
    crate::operations! {
        "Elastic Load Balancing v2", "elasticloadbalancing";
        /// Load balancers.
        DESCRIBE_LOAD_BALANCERS = "DescribeLoadBalancers";
        /// Target groups.
        DESCRIBE_TARGET_GROUPS = "DescribeTargetGroups";
        /// How the targets of a group are.
        DESCRIBE_TARGET_HEALTH = "DescribeTargetHealth";
    }
}

/// Classic load balancers.
pub mod classic {
    crate::operations! {
        "Elastic Load Balancing", "elasticloadbalancing";
        /// Load balancers.
        DESCRIBE_LOAD_BALANCERS = "DescribeLoadBalancers";
    }
}
