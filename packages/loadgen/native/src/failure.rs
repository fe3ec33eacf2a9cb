//! What went wrong, in the parts the harness shows: a stable code, one sentence, what to do about it, and the exit code.

use std::fmt;

/// Exit code of a job, option or value that is not valid.
pub const EXIT_USAGE: i32 = 2;
/// Exit code of a machine that lacks something.
pub const EXIT_ENVIRONMENT: i32 = 3;

/// A failure that ends the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `E_` and a word that never changes.
    pub code: &'static str,
    /// What went wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    /// `EXIT_USAGE` or `EXIT_ENVIRONMENT`.
    pub exit: i32,
}

impl Failure {
    /// An option or argument that cannot be.
    pub fn usage(what: String, remedy: &str) -> Self {
        Self { code: "E_USAGE", what, remedy: remedy.into(), exit: EXIT_USAGE }
    }

    /// A job that cannot be; `field` is its path in the JSON.
    pub fn job(field: &str, what: impl fmt::Display) -> Self {
        Self {
            code: "E_JOB",
            what: format!("{field}: {what}"),
            remedy: format!("correct the field `{field}` of the job"),
            exit: EXIT_USAGE,
        }
    }

    /// The machine lacks something.
    pub fn environment(code: &'static str, what: impl fmt::Display, remedy: &str) -> Self {
        Self { code, what: what.to_string(), remedy: remedy.into(), exit: EXIT_ENVIRONMENT }
    }

    /// A load that was stopped before it measured anything.
    pub fn stopped() -> Self {
        Self::environment("E_STOPPED", "the load was stopped before its window began", "let it run for longer")
    }

    /// The kernel refused a call that every supported system allows.
    pub fn system(call: &str, error: &std::io::Error) -> Self {
        Self::environment(
            "E_SYSTEM",
            format!("the kernel refused {call}: {error}"),
            "allow this call (container security profile, limits) or use another machine",
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}\n  remedy: {}", self.code, self.what, self.remedy)
    }
}

impl std::error::Error for Failure {}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::usage(error.to_string(), "--help shows the options of a command")
    }
}
