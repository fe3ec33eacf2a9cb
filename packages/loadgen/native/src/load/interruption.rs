//! SIGINT and SIGTERM: whoever interrupts a load still wants to see what it measured.

use std::mem;
use std::process::exit;
use std::sync::{Arc, Mutex};
use std::thread;

use super::Remote;

#[derive(Default)]
struct State {
    load: Option<Remote>,
    first: Option<libc::c_int>,
}

/// SIGINT and SIGTERM, held back in every thread but for one that takes them.
pub struct Signals(Arc<Mutex<State>>);

impl Signals {
    /// Takes the signals over: the first stops the load, or the process where there is none yet; the second always the process. Threads inherit
    /// that a signal is held back: called before any is started.
    pub fn take_over() -> Self {
        // SAFETY: a set is plain data that sigemptyset initialises; the calls read and write this set and nothing else.
        let set = unsafe {
            let mut set: libc::sigset_t = mem::zeroed();
            libc::sigemptyset(&mut set);
            libc::sigaddset(&mut set, libc::SIGINT);
            libc::sigaddset(&mut set, libc::SIGTERM);
            libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
            set
        };
        let state = Arc::<Mutex<State>>::default();
        let seen = Arc::clone(&state);
        thread::spawn(move || {
            let first = next(&set);
            {
                let mut state = seen.lock().expect("no thread panics while it holds the state");
                state.first = Some(first);
                let Some(load) = &state.load else { exit(code(first)) };
                load.stop();
            }
            exit(code(next(&set)));
        });
        Self(state)
    }

    /// From now on there is a load to stop.
    pub fn stop(&self, load: Remote) {
        self.0.lock().expect("no thread panics while it holds the state").load = Some(load);
    }

    /// The exit code of a load that a signal stopped.
    pub fn seen(&self) -> Option<i32> {
        self.0.lock().expect("no thread panics while it holds the state").first.map(code)
    }
}

/// 128 and the number of the signal, as shells have it.
fn code(signal: libc::c_int) -> i32 {
    128 + signal
}

fn next(set: &libc::sigset_t) -> libc::c_int {
    let mut signal = 0;
    // SAFETY: sigwait reads the set and writes the number; it fails only for a set with a number that is none.
    unsafe { libc::sigwait(set, &mut signal) };
    signal
}
