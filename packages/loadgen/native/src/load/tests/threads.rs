//! Several threads, and several source addresses, for one job.

use super::{check_sums, drive, drive_against, job, open};
use crate::fixture::{Behaviour, Fixture};
use crate::job::{Arrivals, Process};
use crate::result::LoadErrors;

#[cfg(target_os = "linux")]
#[test]
fn connections_come_from_the_addresses_of_the_job() {
    let result = drive_against(Behaviour::Null, |job| {
        job.sources = Some(vec!["127.0.0.5".parse().unwrap(), "127.0.0.6".parse().unwrap()]);
    });
    assert_eq!(result.generator.source_addresses, 2);
    assert!(result.classes[0].answered > 0);
    assert_eq!(result.classes[0].errors, LoadErrors::default());
}

#[cfg(target_os = "linux")]
#[test]
fn several_threads_share_one_schedule_and_one_pool() {
    let allowed = crate::affinity::allowed();
    if allowed.len() < 2 {
        println!("skipped: this machine grants one core only");
        return;
    }
    let fixture = Fixture::start(Behaviour::Null).unwrap();
    let port = fixture.port;
    let drive_on_cores = move |arrivals: Arrivals| {
        let mut job = job(port);
        job.cores = allowed[..2].to_vec();
        job.classes[0].arrivals = arrivals;
        // Preparing confines the thread that prepares.
        std::thread::spawn(|| drive(job)).join().unwrap()
    };
    let result = drive_on_cores(open(Process::Constant, 500.0, 5));
    assert_eq!(result.generator.threads, 2);
    assert_eq!((result.classes[0].intended, result.classes[0].connections_high_water), (100, 5));
    check_sums(&result.classes[0]);
    let result = drive_on_cores(Arrivals::Closed { connections: 7, ramp_seconds: 0.05, think: None });
    assert_eq!(result.classes[0].connections_high_water, 7);
    check_sums(&result.classes[0]);
    let result = drive_on_cores(Arrivals::Closed { connections: 1, ramp_seconds: 0.05, think: None });
    assert_eq!(result.generator.threads, 1, "a thread without connection is not started");
}
