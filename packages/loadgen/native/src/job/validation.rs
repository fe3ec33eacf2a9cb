//! The limits of the schema that types cannot say.

use super::{Arrivals, LoadJob, RequestClass};
use crate::failure::Failure;

/// Largest whole number that JSON carries exactly.
const MAXIMUM_SAFE_INTEGER: u64 = (1 << 53) - 1;
/// Longest phase: a schedule is made up front and must fit into memory.
const LONGEST_PHASE: f64 = 86_400.0;
/// Most arrivals a schedule may hold.
const LARGEST_SCHEDULE: f64 = 100_000_000.0;

fn require(holds: bool, field: &str, what: impl std::fmt::Display) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(Failure::job(field, what)) }
}

impl LoadJob {
    pub(super) fn validate(&self) -> Result<(), Failure> {
        require(self.schema_version == 1, "schemaVersion", "this core reads version 1")?;
        require(self.seed <= MAXIMUM_SAFE_INTEGER, "seed", "above 2^53 - 1")?;
        require(self.address.port > 0, "address.port", "a port is 1 to 65535")?;
        require(self.cores.len() <= 1024, "cores", "more than 1024 cores")?;
        for (index, core) in self.cores.iter().enumerate() {
            require(!self.cores[..index].contains(core), "cores", format!("core {core} is given twice"))?;
        }
        require(!self.classes.is_empty(), "classes", "no request class")?;
        for (index, class) in self.classes.iter().enumerate() {
            self.validate_class(class, &format!("classes[{index}]"))?;
        }
        self.validate_phases()
    }

    fn validate_phases(&self) -> Result<(), Failure> {
        let phase = |seconds: f64, field: &str| {
            require(
                (0.0..=LONGEST_PHASE).contains(&seconds),
                field,
                format!("{seconds} is not 0 to {LONGEST_PHASE} seconds"),
            )
        };
        phase(self.warmup.minimum_seconds, "warmup.minimumSeconds")?;
        phase(self.warmup.maximum_seconds, "warmup.maximumSeconds")?;
        let is_ordered = self.warmup.minimum_seconds <= self.warmup.maximum_seconds;
        require(is_ordered, "warmup.maximumSeconds", "below warmup.minimumSeconds")?;
        phase(self.window.seconds, "window.seconds")?;
        phase(self.window.maximum_seconds, "window.maximumSeconds")?;
        require(self.window.seconds > 0.0, "window.seconds", "a window is longer than 0 seconds")?;
        let is_ordered = self.window.seconds <= self.window.maximum_seconds;
        require(is_ordered, "window.maximumSeconds", "below window.seconds")?;
        phase(self.drain.maximum_seconds, "drain.maximumSeconds")?;
        phase(self.timeout_seconds, "timeoutSeconds")?;
        require(self.timeout_seconds > 0.0, "timeoutSeconds", "a request needs more than 0 seconds")
    }

    fn validate_class(&self, class: &RequestClass, at: &str) -> Result<(), Failure> {
        let is_word = class.id.starts_with(|first: char| first.is_ascii_lowercase())
            && class.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        require(is_word, &format!("{at}.id"), "an id is lower-case words joined by hyphens")?;
        let is_path = class.path.starts_with('/') && class.path.bytes().all(|byte| byte.is_ascii_graphic());
        require(is_path, &format!("{at}.path"), "a path starts with / and holds printable ASCII without spaces")?;
        let status = class.expected.status;
        let is_final = (200..=599).contains(&status);
        require(is_final, &format!("{at}.expected.status"), format!("{status} is not a final status, 200 to 599"))?;
        require((0.0..=1.0).contains(&class.body_sample), &format!("{at}.bodySample"), "a share is 0 to 1")?;
        let connections = class.arrivals.connections();
        let is_pool = (1..=50_000).contains(&connections);
        require(is_pool, &format!("{at}.arrivals.connections"), format!("{connections} is not 1 to 50000"))?;
        match class.arrivals {
            Arrivals::Closed { ramp_seconds, .. } => {
                let is_span = (0.0..=LONGEST_PHASE).contains(&ramp_seconds);
                require(is_span, &format!("{at}.arrivals.rampSeconds"), "not 0 to 86400 seconds")
            }
            Arrivals::Open { rate, .. } => {
                require(rate > 0.0 && rate.is_finite(), &format!("{at}.arrivals.rate"), "a rate is above zero")?;
                let longest = self.window.maximum_seconds.max(self.warmup.maximum_seconds);
                let fits = rate * longest <= LARGEST_SCHEDULE;
                require(fits, &format!("{at}.arrivals.rate"), "more than 100,000,000 arrivals in the longest phase")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::LoadJob;

    fn job() -> Value {
        json!({
            "schemaVersion": 1, "seed": 7, "address": {"host": "127.0.0.1", "port": 8080}, "cores": [0], "pacing": "sleep",
            "classes": [{
                "id": "main", "path": "/timer?ms=5",
                "expected": {"status": 200, "contentType": "application/json", "body": "{\"ms\":5}"},
                "arrivals": {"loop": "closed", "connections": 8, "rampSeconds": 1}, "bodySample": 0.1
            }],
            "warmup": {"minimumSeconds": 1, "minimumResponses": 10, "maximumSeconds": 5},
            "window": {"seconds": 2, "minimumResponses": 10, "maximumSeconds": 4},
            "drain": {"maximumSeconds": 5}, "timeoutSeconds": 10, "handshake": false
        })
    }

    #[test]
    fn a_job_of_the_schema_is_read() {
        let parsed = LoadJob::parse(&job().to_string()).unwrap();
        assert_eq!(serde_json::to_value(&parsed).unwrap()["classes"][0]["arrivals"]["loop"], "closed");
    }

    #[test]
    fn a_bad_job_is_refused_by_the_name_of_its_field() {
        let open = |rate: f64| json!({"loop": "open", "process": "poisson", "rate": rate, "connections": 5});
        let cases = [
            ("/seed", json!(-1), "seed"),
            ("/address/host", json!("localhost"), "address.host"),
            ("/address/port", json!(0), "address.port"),
            ("/cores", json!([0, 0]), "cores"),
            ("/pacing", json!("nap"), "pacing"),
            ("/classes", json!([]), "classes"),
            ("/classes/0/id", json!("Main"), "classes[0].id"),
            ("/classes/0/path", json!("/a b"), "classes[0].path"),
            ("/classes/0/path", json!("/a\r\nX: y"), "classes[0].path"),
            ("/classes/0/expected/status", json!(100), "classes[0].expected.status"),
            ("/classes/0/bodySample", json!(1.5), "classes[0].bodySample"),
            ("/classes/0/arrivals/connections", json!(0), "classes[0].arrivals.connections"),
            ("/classes/0/arrivals", open(0.0), "classes[0].arrivals.rate"),
            ("/classes/0/arrivals", open(1e12), "classes[0].arrivals.rate"),
            ("/warmup/maximumSeconds", json!(0.5), "warmup.maximumSeconds"),
            ("/window/seconds", json!(0), "window.seconds"),
            ("/window/maximumSeconds", json!(1), "window.maximumSeconds"),
            ("/timeoutSeconds", json!("x"), "timeoutSeconds"),
            ("/handshake", json!(1), "handshake"),
        ];
        for (pointer, value, field) in cases {
            let mut bad = job();
            *bad.pointer_mut(pointer).unwrap() = value;
            let failure = LoadJob::parse(&bad.to_string()).unwrap_err();
            assert_eq!(failure.exit, 2);
            assert!(failure.what.starts_with(&format!("{field}: ")), "{pointer}: {}", failure.what);
        }
    }

    #[test]
    fn unknown_and_missing_fields_are_refused_by_name() {
        let mut unknown = job();
        unknown["classes"][0]["arrivals"]["thinkSeconds"] = json!(1);
        assert!(LoadJob::parse(&unknown.to_string()).unwrap_err().what.contains("thinkSeconds"));
        let mut missing = job();
        missing.as_object_mut().unwrap().remove("drain");
        assert!(LoadJob::parse(&missing.to_string()).unwrap_err().what.contains("drain"));
        assert!(LoadJob::parse("{").unwrap_err().what.contains("EOF"));
    }
}
