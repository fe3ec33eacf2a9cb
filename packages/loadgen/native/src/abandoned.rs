//! Whether whoever started this process is still there.

use std::io::Read;
use std::thread;

/// Calls this on a thread of its own when standard input ends: whoever held the other end has let go, or was killed.
pub fn at_end_of_input(then: impl FnOnce() + Send + 'static) {
    thread::spawn(move || {
        let mut piece = [0; 256];
        while matches!(std::io::stdin().read(&mut piece), Ok(count) if count > 0) {}
        then();
    });
}
