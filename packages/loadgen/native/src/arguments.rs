//! Values of command-line options.

use lexopt::Arg::{Long, Short};
use lexopt::ValueExt;

use crate::failure::Failure;

/// What every command is told that does something on some cores for some time.
#[derive(Debug, Default, PartialEq)]
pub struct OnCores {
    /// Numbers of the cores; never none.
    pub cores: Vec<usize>,
    /// How long, seconds; none: not told.
    pub seconds: Option<f64>,
}

impl OnCores {
    /// Reads `--cores`, `--seconds` and `--help`; `own` takes a further option of the command, or tells that it has none of this name. None when the
    /// help was asked for: it is printed.
    pub fn read(
        mut arguments: lexopt::Parser,
        help: &str,
        mut own: impl FnMut(&str, &mut lexopt::Parser) -> Result<bool, Failure>,
    ) -> Result<Option<Self>, Failure> {
        let mut read = Self::default();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("cores") => read.cores = core_list("--cores", &mut arguments)?,
                Long("seconds") => read.seconds = Some(span("--seconds", &mut arguments)?),
                Long("help") | Short('h') => {
                    print!("{help}");
                    return Ok(None);
                }
                Long(name) => {
                    let name = name.to_owned();
                    if !own(&name, &mut arguments)? {
                        return Err(Long(&name).unexpected().into());
                    }
                }
                other => return Err(other.unexpected().into()),
            }
        }
        if read.cores.is_empty() {
            return Err(Failure::usage("--cores is missing".into(), "give core numbers such as --cores 0,1"));
        }
        Ok(Some(read))
    }
}

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

/// A span of time, at most an hour, in milliseconds.
pub fn milliseconds(option: &str, arguments: &mut lexopt::Parser) -> Result<f64, Failure> {
    let value: f64 = arguments.value()?.parse()?;
    if (0.0..=3_600_000.0).contains(&value) {
        return Ok(value);
    }
    Err(Failure::usage(format!("{option} {value}: not 0 to 3600000"), "give milliseconds in that range"))
}

/// A number above zero.
pub fn positive(option: &str, arguments: &mut lexopt::Parser) -> Result<f64, Failure> {
    let value: f64 = arguments.value()?.parse()?;
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    Err(Failure::usage(format!("{option} {value}: not above 0"), "give a number above 0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Option<OnCores>, Failure> {
        OnCores::read(lexopt::Parser::from_args(words), "", |name, arguments| {
            Ok(name == "calm" && arguments.value().is_ok())
        })
    }

    #[test]
    fn cores_are_needed_and_further_options_are_those_of_the_command() {
        let told = OnCores { cores: vec![0, 3], seconds: Some(0.5) };
        assert_eq!(read(&["--cores", "0,3", "--calm", "1", "--seconds", "0.5"]).unwrap(), Some(told));
        assert_eq!(read(&["--help"]).unwrap(), None);
        for words in [["--seconds", "1"].as_slice(), &["--cores", "0", "--warm", "1"], &["--cores", "x"], &["cores"]] {
            assert_eq!(read(words).unwrap_err().exit, 2, "{words:?}");
        }
    }
}
