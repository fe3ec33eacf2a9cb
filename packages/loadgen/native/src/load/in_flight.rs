//! Connections that wait for something, the longest waiting first: a doubly linked list inside two vectors.
//!
//! All requests have the same timeout, so the order of beginning is the order of expiry and no clock is asked for each request.

use crate::clock::{NEVER, Nanos};

const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Link {
    before: u32,
    after: u32,
    since: Nanos,
}

/// The list. The last link is its head.
#[derive(Debug)]
pub struct InFlight {
    links: Vec<Link>,
}

impl InFlight {
    /// A list for connections 0 to `connections - 1`.
    pub fn new(connections: usize) -> Self {
        let free = Link { before: NONE, after: NONE, since: NEVER };
        let head = connections as u32;
        let mut links = vec![free; connections];
        links.push(Link { before: head, after: head, since: NEVER });
        Self { links }
    }

    fn head(&self) -> usize {
        self.links.len() - 1
    }

    /// Puts a connection at the end; one that is in the list moves there.
    #[inline]
    pub fn begin(&mut self, connection: usize, since: Nanos) {
        self.end(connection);
        let head = self.head();
        let last = self.links[head].before;
        self.links[connection] = Link { before: last, after: head as u32, since };
        self.links[last as usize].after = connection as u32;
        self.links[head].before = connection as u32;
    }

    /// Takes a connection out, if it is in.
    #[inline]
    pub fn end(&mut self, connection: usize) {
        let Link { before, after, .. } = self.links[connection];
        if before == NONE {
            return;
        }
        self.links[before as usize].after = after;
        self.links[after as usize].before = before;
        self.links[connection].before = NONE;
    }

    /// The connection that has waited longest, and since when.
    pub fn oldest(&self) -> Option<(usize, Nanos)> {
        let first = self.links[self.head()].after as usize;
        (first != self.head()).then(|| (first, self.links[first].since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_oldest_is_always_the_one_begun_first() {
        let mut list = InFlight::new(50);
        let mut model: Vec<usize> = Vec::new();
        let mut random = Random::new(4, &[]);
        for time in 0..20_000 {
            let connection = (random.bits() % 50) as usize;
            model.retain(|&other| other != connection);
            if random.unit() < 0.6 {
                list.begin(connection, time);
                model.push(connection);
            } else {
                list.end(connection);
            }
            assert_eq!(list.oldest().map(|(oldest, _)| oldest), model.first().copied());
        }
    }
}
