//! `version`: what this binary is.

use lexopt::Arg::{Long, Short};

use crate::failure::Failure;

/// Version of the native core, written into every result.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Prints the version as one JSON line.
pub fn main(mut arguments: lexopt::Parser) -> Result<(), Failure> {
    match arguments.next()? {
        None => println!("{{\"version\":\"{VERSION}\"}}"),
        Some(Long("help") | Short('h')) => {
            print!("Example: photofinish-native version\n\nPrints {{\"version\":\"...\"}}.\n");
        }
        Some(other) => return Err(other.unexpected().into()),
    }
    Ok(())
}
