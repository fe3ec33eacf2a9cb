//! The limits of the schema that types cannot say.

use super::{Arrivals, LoadJob, RequestClass};
use crate::clock::nanos;
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
        if let Some(period) = self.window.period_seconds {
            require(
                period > 0.0 && period <= LONGEST_PHASE,
                "window.periodSeconds",
                "not above 0 and up to 86400 seconds",
            )?;
            let has_room = self.window.step() <= nanos(self.window.maximum_seconds);
            require(has_room, "window.maximumSeconds", "below window.seconds rounded up to whole periods")?;
        }
        for (index, source) in self.sources.iter().flatten().enumerate() {
            let is_there = source.is_loopback() == self.address.host.is_loopback()
                && source.is_ipv4() == self.address.host.is_ipv4()
                && !source.is_unspecified();
            require(is_there, &format!("sources[{index}]"), "cannot reach the address of the job")?;
        }
        require(self.sources.as_ref().is_none_or(|sources| !sources.is_empty()), "sources", "no address")?;
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
        for (index, header) in class.headers.iter().enumerate() {
            let field = format!("{at}.headers[{index}]");
            let is_token = !header.name.is_empty()
                && header.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
            require(is_token, &format!("{field}.name"), "a header's name is a token (RFC 9110, section 5.6.2)")?;
            let frames = ["content-length", "transfer-encoding", "connection", "expect"];
            let is_free = !frames.iter().any(|name| header.name.eq_ignore_ascii_case(name));
            require(is_free, &format!("{field}.name"), "the framing of requests is the core's own")?;
            let is_value = header.value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
            require(is_value, &format!("{field}.value"), "a header's value is printable ASCII")?;
        }
        let status = class.expected.status;
        let is_final = (200..=599).contains(&status);
        require(is_final, &format!("{at}.expected.status"), format!("{status} is not a final status, 200 to 599"))?;
        require((0.0..=1.0).contains(&class.body_sample), &format!("{at}.bodySample"), "a share is 0 to 1")?;
        if let Some(reader) = class.reader {
            let is_size = (1024..=1 << 30).contains(&reader.receive_buffer_bytes);
            require(is_size, &format!("{at}.reader.receiveBufferBytes"), "not 1024 to 2^30")?;
            let is_rate = (1..=1 << 40).contains(&reader.bytes_per_second);
            require(is_rate, &format!("{at}.reader.bytesPerSecond"), "not 1 to 2^40")?;
        }
        let connections = class.arrivals.connections();
        let is_pool = (1..=50_000).contains(&connections);
        require(is_pool, &format!("{at}.arrivals.connections"), format!("{connections} is not 1 to 50000"))?;
        match class.arrivals {
            Arrivals::Closed { ramp_seconds, think, .. } => {
                let is_span = (0.0..=LONGEST_PHASE).contains(&ramp_seconds);
                require(is_span, &format!("{at}.arrivals.rampSeconds"), "not 0 to 86400 seconds")?;
                let is_span = think.is_none_or(|think| think.mean_seconds > 0.0 && think.mean_seconds <= LONGEST_PHASE);
                require(is_span, &format!("{at}.arrivals.think.meanSeconds"), "not above 0 and up to 86400 seconds")
            }
            Arrivals::Replay { ref starts_seconds, repeat_seconds, .. } => {
                let field = format!("{at}.arrivals.startsSeconds");
                require(!starts_seconds.is_empty(), &field, "no start")?;
                require(starts_seconds.is_sorted(), &field, "not ascending")?;
                let is_span = repeat_seconds > 0.0 && repeat_seconds <= LONGEST_PHASE;
                require(is_span, &format!("{at}.arrivals.repeatSeconds"), "not above 0 and up to 86400 seconds")?;
                let is_inside = starts_seconds.iter().all(|start| (0.0..repeat_seconds).contains(start));
                require(is_inside, &field, "not 0 to arrivals.repeatSeconds")
            }
            Arrivals::Open { rate, burst, .. } => {
                require((1..=50_000).contains(&burst), &format!("{at}.arrivals.burst"), "not 1 to 50000")?;
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
    use super::nanos;

    fn job() -> Value {
        json!({
            "schemaVersion": 1, "seed": 7, "address": {"host": "127.0.0.1", "port": 8080}, "cores": [0], "pacing": "sleep",
            "classes": [{
                "id": "main", "path": "/timer?ms=5", "headers": [], "comparison": "answer",
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
        let replay = |starts: Value, repeat: f64| json!({"loop": "replay", "startsSeconds": starts, "repeatSeconds": repeat, "connections": 5});
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
            ("/classes/0/headers", json!([{"name": "a b", "value": ""}]), "classes[0].headers[0].name"),
            ("/classes/0/headers", json!([{"name": "Connection", "value": "close"}]), "classes[0].headers[0].name"),
            ("/classes/0/headers", json!([{"name": "a", "value": "b\r\nc: d"}]), "classes[0].headers[0].value"),
            ("/classes/0/comparison", json!("nothing"), "classes[0].comparison"),
            ("/classes/0/expected/status", json!(100), "classes[0].expected.status"),
            ("/classes/0/bodySample", json!(1.5), "classes[0].bodySample"),
            ("/classes/0/arrivals/connections", json!(0), "classes[0].arrivals.connections"),
            ("/classes/0/arrivals", open(0.0), "classes[0].arrivals.rate"),
            ("/classes/0/arrivals", open(1e12), "classes[0].arrivals.rate"),
            (
                "/classes/0/arrivals",
                json!({"loop": "closed", "connections": 5, "rampSeconds": 1,
                "think": {"law": "constant", "meanSeconds": 0}}),
                "classes[0].arrivals.think.meanSeconds",
            ),
            ("/classes/0/arrivals", replay(json!([]), 1.0), "classes[0].arrivals.startsSeconds"),
            ("/classes/0/arrivals", replay(json!([0.2, 0.1]), 1.0), "classes[0].arrivals.startsSeconds"),
            ("/classes/0/arrivals", replay(json!([0.2, 1]), 1.0), "classes[0].arrivals.startsSeconds"),
            ("/classes/0/arrivals", replay(json!([0]), 0.0), "classes[0].arrivals.repeatSeconds"),
            (
                "/window",
                json!({"seconds": 2, "minimumResponses": 0, "maximumSeconds": 2.5, "periodSeconds": 1.5}),
                "window.maximumSeconds",
            ),
            (
                "/window",
                json!({"seconds": 2, "minimumResponses": 0, "maximumSeconds": 4, "periodSeconds": 0}),
                "window.periodSeconds",
            ),
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
    fn a_slow_reader_has_a_buffer_and_a_rate() {
        let cases = [(100, 1, "receiveBufferBytes"), (4096, 0, "bytesPerSecond")];
        for (buffer, rate, field) in cases {
            let mut bad = job();
            bad["classes"][0]["reader"] = json!({"receiveBufferBytes": buffer, "bytesPerSecond": rate});
            let failure = LoadJob::parse(&bad.to_string()).unwrap_err();
            assert!(failure.what.starts_with(&format!("classes[0].reader.{field}: ")), "{}", failure.what);
        }
    }

    #[test]
    fn a_source_must_reach_the_address() {
        let mut given = job();
        given["sources"] = json!(["127.0.0.2", "10.0.0.1"]);
        assert!(LoadJob::parse(&given.to_string()).unwrap_err().what.starts_with("sources[1]: "));
        given["sources"] = json!(["127.0.0.2", "127.9.0.1"]);
        assert!(LoadJob::parse(&given.to_string()).is_ok());
    }

    #[test]
    fn a_window_is_a_whole_number_of_periods() {
        let step = |seconds: f64, period: f64| {
            let mut given = job();
            given["window"] =
                json!({"seconds": seconds, "minimumResponses": 0, "maximumSeconds": 100, "periodSeconds": period});
            LoadJob::parse(&given.to_string()).unwrap().window.step()
        };
        assert_eq!(step(20.0, 10.0), nanos(20.0));
        assert_eq!(step(20.0, 7.0), nanos(21.0));
        assert_eq!(step(0.3, 0.1), nanos(0.3));
        assert_eq!(step(1.0, 10.0), nanos(10.0));
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
