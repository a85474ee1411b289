//! Unit prices, by the words that bills use.
//!
//! - [`PriceListCatalog`]: the AWS Price List, asked when the run needs a price.
//! - [`EmbeddedPrices`]: a snapshot that the program carries, for when the Price List cannot be asked; see `docs/prices.md`.
//! - [`LayeredPrices`]: the first, and the second for what it does not know.
//!
//! A price that none of them has is missing; none is taken from another region or made up.
#![warn(missing_docs)]

mod embedded;
mod layered;
mod price_list;
mod product;
mod spelling;

pub use embedded::EmbeddedPrices;
pub use layered::LayeredPrices;
pub use price_list::PriceListCatalog;
