//! Compute Optimizer. No quota is published; it looks at a resource once a day.

crate::operations! {
    "Compute Optimizer", "compute-optimizer";
    /// Whether it is switched on.
    GET_ENROLLMENT_STATUS = "GetEnrollmentStatus";
    /// Instances.
    GET_EC2_INSTANCE_RECOMMENDATIONS = "GetEC2InstanceRecommendations", |operation| operation.ttl(3_600);
    /// Auto Scaling groups.
    GET_AUTO_SCALING_GROUP_RECOMMENDATIONS = "GetAutoScalingGroupRecommendations", |operation| operation.ttl(3_600);
    /// Volumes.
    GET_EBS_VOLUME_RECOMMENDATIONS = "GetEBSVolumeRecommendations", |operation| operation.ttl(3_600);
    /// Lambda functions.
    GET_LAMBDA_FUNCTION_RECOMMENDATIONS = "GetLambdaFunctionRecommendations", |operation| operation.ttl(3_600);
    /// ECS services on Fargate.
    GET_ECS_SERVICE_RECOMMENDATIONS = "GetECSServiceRecommendations", |operation| operation.ttl(3_600);
    /// Database instances and their storage.
    GET_RDS_DATABASE_RECOMMENDATIONS = "GetRDSDatabaseRecommendations", |operation| operation.ttl(3_600);
    /// Licenses.
    GET_LICENSE_RECOMMENDATIONS = "GetLicenseRecommendations", |operation| operation.ttl(3_600);
    /// What nothing uses.
    GET_IDLE_RECOMMENDATIONS = "GetIdleRecommendations", |operation| operation.ttl(3_600);
}
