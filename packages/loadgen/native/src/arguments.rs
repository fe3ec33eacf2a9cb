//! Values of command-line options.

use lexopt::ValueExt;

use crate::failure::Failure;

/// A list of core numbers such as `0,1,4`.
pub fn core_list(option: &str, arguments: &mut lexopt::Parser) -> Result<Vec<usize>, Failure> {
    let text = arguments.value()?.string()?;
    text.split(',')
        .map(|word| word.trim().parse())
        .collect::<Result<Vec<usize>, _>>()
        .map_err(|_| Failure::usage(format!("{option} {text}: not a list of cores"), "give core numbers such as 0,1"))
}

/// A span of time above zero, at most an hour, in seconds.
pub fn span(option: &str, arguments: &mut lexopt::Parser) -> Result<f64, Failure> {
    let value: f64 = arguments.value()?.parse()?;
    if value > 0.0 && value <= 3600.0 {
        return Ok(value);
    }
    Err(Failure::usage(format!("{option} {value}: not above 0 and at most 3600"), "give seconds such as 0.3"))
}
