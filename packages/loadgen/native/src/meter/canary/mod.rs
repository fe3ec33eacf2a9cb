//! Canaries: fixed pieces of work whose time tells how fast a core is.

mod interpreter;
mod kernels;

use interpreter::Interpreter;
use kernels::{Chase, chain, multiply};

/// Untimed operations before the timed ones of a burst, as a share of them. Whoever had the core before has its caches and has made the branch
/// predictor forget; winning that back is not the core's speed. About 30 us of the interpreter: timed from the first operation on, its first
/// 30 us took half as long again beside a Go program as beside a small loop.
const PRELUDE: f64 = 0.4;

/// Which canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A bytecode interpreter over a program that repeats: the one that is used.
    Interpreter,
    /// The same interpreter, with a dispatch that depends on data and cannot be predicted.
    Varying,
    /// A chain of dependent shifts.
    Chain,
    /// Eight independent chains of multiplications.
    Multiply,
    /// A walk through 128 KiB in which each address comes from the one before.
    Chase,
}

impl Kind {
    /// Every canary by its name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("interpreter", Self::Interpreter),
        ("varying", Self::Varying),
        ("chain", Self::Chain),
        ("multiply", Self::Multiply),
        ("chase", Self::Chase),
    ];

    /// The canary of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Timed operations of a burst: about 75 us of a fast core of 2026 for the interpreter, 150 us for the others.
    pub fn operations(self) -> u32 {
        match self {
            Self::Interpreter => 32_000,
            Self::Varying => 16_000,
            Self::Chain => 110_000,
            Self::Multiply => 90_000,
            Self::Chase => 40_000,
        }
    }
}

/// A canary with its program and data.
pub struct Canary {
    work: Work,
    operations: u32,
}

enum Work {
    Interpreter(Box<Interpreter>),
    Varying(Box<Interpreter>),
    Chain(u64),
    Multiply([u64; 8]),
    Chase(Chase),
}

impl Canary {
    /// A canary with so many timed operations a burst. Its work never changes, so that calm levels of different versions are of the same work.
    pub fn new(kind: Kind, operations: u32) -> Self {
        let work = match kind {
            Kind::Interpreter => Work::Interpreter(Box::default()),
            Kind::Varying => Work::Varying(Box::default()),
            Kind::Chain => Work::Chain(1),
            Kind::Multiply => Work::Multiply([1, 2, 3, 4, 5, 6, 7, 8]),
            Kind::Chase => Work::Chase(Chase::default()),
        };
        Self { work, operations }
    }

    /// What comes before the timed operations of a burst.
    pub fn prelude(&mut self) {
        if let Work::Interpreter(one) | Work::Varying(one) = &self.work {
            one.touch();
        }
        self.perform((f64::from(self.operations) * PRELUDE) as u32);
    }

    /// The timed operations of a burst.
    pub fn burst(&mut self) {
        self.perform(self.operations);
    }

    fn perform(&mut self, operations: u32) {
        match &mut self.work {
            Work::Interpreter(one) => one.interpret::<false>(operations),
            Work::Varying(one) => one.interpret::<true>(operations),
            Work::Chain(state) => chain(state, operations),
            Work::Multiply(states) => multiply(states, operations),
            Work::Chase(one) => one.walk(operations),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_canary_has_a_name_by_which_it_is_found() {
        for (name, kind) in Kind::ALL {
            assert_eq!((Kind::of(name), kind.name()), (Some(kind), name));
        }
        assert_eq!(Kind::of("parrot"), None);
    }

    #[test]
    fn each_canary_performs_its_prelude_and_its_burst() {
        for (_, kind) in Kind::ALL {
            let mut canary = Canary::new(kind, 100);
            canary.prelude();
            canary.burst();
        }
    }
}
