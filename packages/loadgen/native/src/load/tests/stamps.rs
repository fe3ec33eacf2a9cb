//! Completions by the kernel's stamps, and answers that lie until the next arrival.

use super::{drive_against, open};
use crate::fixture::{Behaviour, Fault};
use crate::job::{Arrivals, Process};
use crate::result::{LoadErrors, LoadResult};

/// Every request of an open loop was answered, and stamped where the kernel stamps.
fn check_all_stamped(result: &LoadResult) {
    let class = &result.classes[0];
    assert_eq!(class.errors, LoadErrors::default());
    assert_eq!((class.answered, class.censored), (class.intended, 0));
    // Nearly: answers that come while somebody sets the clock are timed by their reading.
    let least = if cfg!(target_os = "linux") { class.answered * 9 / 10 } else { 0 };
    assert!(class.stamped >= least && class.stamped <= class.answered, "{} of {}", class.stamped, class.answered);
    assert!(class.service_time.minimum_seconds > 0.0);
    assert!(class.response_time.minimum_seconds >= class.service_time.minimum_seconds);
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_lies_until_the_next_arrival_is_timed_when_it_came() {
    // Below the longest sleep: answers are taken at the next arrival, one gap later.
    let gap = 0.000_9;
    let result = drive_against(Behaviour::Null, |job| {
        job.classes[0].arrivals = Arrivals::Replay { starts_seconds: vec![0.0], repeat_seconds: gap, connections: 16 };
        job.window.seconds = 0.5;
        job.window.maximum_seconds = 0.5;
    });
    check_all_stamped(&result);
    let class = &result.classes[0];
    assert!(class.service_time.minimum_seconds < gap / 2.0, "{}", class.service_time.minimum_seconds);
    assert!(class.pool_high_water > 0 && class.pool_high_water <= 16);
    assert!(class.mean_in_flight > 0.0);
}

#[test]
fn no_stamped_answer_is_earlier_than_the_server_gave_it() {
    for milliseconds in [0.5, 3.0, 20.0] {
        let result = drive_against(Behaviour::Delay(Behaviour::delay(milliseconds)), |job| {
            job.classes[0].arrivals = open(Process::Poisson, 2_000.0, 200);
        });
        check_all_stamped(&result);
        let class = &result.classes[0];
        // The two clocks are read one after the other.
        let least = milliseconds / 1_000.0 - 0.000_005;
        assert!(class.service_time.minimum_seconds >= least, "{milliseconds} ms: {:?}", class.service_time);
    }
}

#[test]
fn the_stamp_of_an_answer_in_pieces_is_that_of_its_last_bytes() {
    let (bytes, gap_seconds) = (5, 0.002);
    let result = drive_against(Behaviour::Drip { bytes, gap: 2 * crate::clock::MILLISECOND }, |job| {
        job.classes[0].expected.body = "dripd".into();
        job.classes[0].arrivals = open(Process::Constant, 2_000.0, 200);
    });
    check_all_stamped(&result);
    let whole = f64::from(bytes - 1) * gap_seconds;
    assert!(result.classes[0].service_time.minimum_seconds >= whole - 0.000_005);
}

#[test]
fn users_of_a_closed_loop_have_their_answers_when_they_have_read_them() {
    let result = drive_against(Behaviour::Null, |_| ());
    assert!(result.classes[0].answered > 0);
    assert_eq!(result.classes[0].stamped, 0);
}

#[test]
fn what_is_never_answered_times_out_in_a_loop_that_lets_answers_lie() {
    // Every tenth request is answered too late, and the others at once.
    let fault = Behaviour::Faulty { fault: Fault::named("slow").unwrap(), every: 10, delay: 60 * crate::clock::SECOND };
    let result = drive_against(fault, |job| {
        job.timeout_seconds = 0.1;
        job.classes[0].arrivals = open(Process::Constant, 2_000.0, 400);
    });
    let class = &result.classes[0];
    assert!(class.errors.timeout > 0);
    assert_eq!(class.answered + class.errors.total(), class.intended);
    assert!(class.error_time.minimum_seconds >= 0.1);
}

#[test]
fn what_a_fixture_says_it_held_is_taken_off_request_by_request() {
    let beyond = |behaviour: Behaviour| {
        drive_against(behaviour, |job| job.classes[0].arrivals = open(Process::Constant, 200.0, 20)).classes.remove(0)
    };
    let class = beyond(Behaviour::Delay(Behaviour::delay(5.0)));
    let told = class.beyond_held.unwrap();
    assert_eq!(told.count, class.answered);
    assert!(told.maximum_seconds < class.service_time.maximum_seconds);
    assert!(told.minimum_seconds < 0.005, "{told:?}");
    assert_eq!(beyond(Behaviour::Null).beyond_held, None);
}
