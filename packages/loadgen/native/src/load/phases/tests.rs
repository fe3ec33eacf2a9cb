//! Who decides what, when: warm-up, handshake, extension.

use std::sync::mpsc::{Receiver, channel};

use super::*;
use crate::clock::SECOND;

fn phases(change: impl Fn(&mut LoadJob)) -> (Phases, Receiver<Message>) {
    let mut job = crate::load::tests::job(80);
    job.warmup = crate::job::Warmup { minimum_seconds: 1.0, minimum_responses: 10, maximum_seconds: 5.0 };
    job.window =
        crate::job::Window { seconds: 2.0, minimum_responses: 100, maximum_seconds: 7.0, period_seconds: None };
    change(&mut job);
    let (sender, receiver) = channel();
    let phases = Phases::new(&job, 2, sender, Bell::new().unwrap());
    phases.begin(0);
    phases.decide_ramp_gap(0, MILLISECOND);
    (phases, receiver)
}

#[test]
fn warm_up_needs_both_minima_or_the_maximum() {
    let (early, messages) = phases(|_| ());
    early.progress(0, 0).publish(3, 0);
    early.judge_warmup(SECOND * 3);
    early.progress(0, 0).publish(9, 0);
    early.progress(1, 0).publish(4, 0);
    early.judge_warmup(SECOND / 2);
    assert!(messages.try_recv().is_err());
    early.judge_warmup(SECOND);
    early.judge_warmup(SECOND);
    assert!(matches!(messages.try_recv(), Ok(Message::Warm)));
    assert!(messages.try_recv().is_err());
    assert_eq!(early.window(), Window { start: SECOND + LEAD, end: 3 * SECOND + LEAD, is_closed: false });

    let (late, messages) = phases(|_| ());
    late.judge_warmup(SECOND * 5);
    assert!(matches!(messages.try_recv(), Ok(Message::Warm)));
}

#[test]
fn warm_up_is_not_over_before_every_connection_has_entered() {
    let (sender, messages) = channel();
    let mut job = crate::load::tests::job(80);
    job.warmup = crate::job::Warmup { minimum_seconds: 0.1, minimum_responses: 1, maximum_seconds: 50.0 };
    let phases = Phases::new(&job, 1, sender, Bell::new().unwrap());
    phases.begin(0);
    phases.progress(0, 0).publish(5, 0);
    phases.judge_warmup(SECOND);
    assert!(messages.try_recv().is_err(), "the gap between entries is not known yet");
    phases.decide_ramp_gap(0, SECOND);
    phases.judge_warmup(7 * SECOND - 1);
    assert!(messages.try_recv().is_err(), "the eighth enters after seven gaps");
    phases.judge_warmup(7 * SECOND);
    assert!(messages.try_recv().is_err(), "the five responses before were to a lighter load");
    phases.progress(0, 0).publish(6, 0);
    phases.judge_warmup(8 * SECOND);
    assert!(matches!(messages.try_recv(), Ok(Message::Warm)));
}

#[test]
fn with_a_handshake_the_window_waits_for_measure_and_for_the_end_of_warm_up() {
    let (phases_, _messages) = phases(|job| job.handshake = true);
    phases_.judge_warmup(5 * SECOND);
    assert_eq!(phases_.window().start, NEVER);
    phases_.measure(6 * SECOND);
    assert_eq!(phases_.window().start, 6 * SECOND + LEAD);

    let (hasty, _messages) = phases(|job| job.handshake = true);
    hasty.measure(SECOND);
    assert_eq!(hasty.window().start, NEVER);
    hasty.judge_warmup(5 * SECOND);
    assert_eq!(hasty.window().start, 5 * SECOND + LEAD);
}

#[test]
fn the_window_grows_by_whole_steps_until_it_holds_enough_or_is_at_its_maximum() {
    let (phases, messages) = phases(|_| ());
    phases.judge_warmup(5 * SECOND);
    let start = phases.window().start;
    assert_eq!(phases.settle_end(start + SECOND).end, start + 2 * SECOND);
    assert_eq!(phases.settle_end(start + 2 * SECOND).end, start + 4 * SECOND);
    assert_eq!(phases.settle_end(start + 4 * SECOND).end, start + 6 * SECOND);
    let closed = phases.settle_end(start + 6 * SECOND);
    assert!(closed.is_closed);
    assert_eq!(closed.end, start + 6 * SECOND, "8 s would be above the maximum of 7 s");
    assert!(phases.settle_end(start + 9 * SECOND).is_closed);
    assert_eq!(messages.try_iter().filter(|message| matches!(message, Message::WindowEnd)).count(), 1);
}

#[test]
fn a_window_that_holds_enough_is_not_extended() {
    let (phases, _messages) = phases(|_| ());
    phases.judge_warmup(5 * SECOND);
    phases.progress(1, 0).publish(0, 100);
    let end = phases.window().end;
    assert!(phases.settle_end(end).is_closed);
}

#[test]
fn a_stopped_window_ends_soon_however_little_it_holds_and_its_drain_is_short() {
    let (phases, messages) = phases(|job| job.drain.maximum_seconds = 30.0);
    phases.judge_warmup(5 * SECOND);
    let Window { start, end, .. } = phases.window();
    assert_eq!(phases.drain_end(&phases.window()), end + 30 * SECOND);
    phases.stop(start + SECOND);
    let stopped = start + SECOND + STOP_LEAD;
    assert_eq!(phases.window().end, stopped);
    phases.stop(start + SECOND + SECOND / 2);
    let closed = phases.settle_end(stopped);
    assert_eq!(closed, Window { start, end: stopped, is_closed: true });
    assert_eq!(phases.drain_end(&closed), stopped + STOPPED_DRAIN);
    assert!(!messages.try_iter().any(|message| matches!(message, Message::Failed(_))));
}

#[test]
fn a_stop_never_makes_a_window_longer_and_in_the_drain_only_that_gets_shorter() {
    let (late, _messages) = phases(|_| ());
    late.judge_warmup(5 * SECOND);
    let end = late.window().end;
    late.stop(end - MILLISECOND);
    assert_eq!(late.window().end, end);

    let (drained, _messages) = phases(|job| job.drain.maximum_seconds = 30.0);
    drained.judge_warmup(5 * SECOND);
    drained.progress(0, 0).publish(0, 100);
    let closed = drained.settle_end(end);
    drained.stop(end + 4 * SECOND);
    assert_eq!((drained.window().end, drained.drain_end(&closed)), (end, end + 5 * SECOND));
}

#[test]
fn a_load_stopped_before_its_window_has_measured_nothing() {
    for change in [|_: &Phases| (), |phases: &Phases| phases.judge_warmup(5 * SECOND)] {
        let (early, messages) = phases(|job| job.handshake = true);
        change(&early);
        early.stop(6 * SECOND);
        assert!(early.is_aborted());
        assert!(
            messages
                .try_iter()
                .any(|message| matches!(message, Message::Failed(failure) if failure.code == "E_STOPPED"))
        );
    }
}
