//! The list of checks. One line a check; its module is declared with it.

use super::Check;

/// Declares the modules and lists every check, in the order of their ids' services.
macro_rules! registry {
    ($($service:ident { $($module:ident :: $check:ident),* $(,)? })*) => {
        $(
            mod $service {
                $(pub(super) mod $module;)*
            }
        )*

        /// Every check there is.
        pub static ALL: &[&dyn Check] = &[$($(&$service::$module::$check,)*)*];
    };
}

registry! {}

/// The check of an id.
pub fn find(id: &str) -> Option<&'static dyn Check> {
    ALL.iter().copied().find(|check| check.meta().id == id)
}
