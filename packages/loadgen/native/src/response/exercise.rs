//! One input of the fuzzer: bytes of a server, and how they are cut into reads. The same entry point serves cargo-fuzz and the bounded test
//! of random mutations that runs with every `cargo test`.

use super::{Expectation, Flaw, KnownHead, Reading, ResponseReader};
use crate::random::Random;

/// Most bytes a reader may keep: a head that is not whole.
const MOST_KEPT: usize = super::head::LONGEST_HEAD;

/// What is known when a response is whole or hopeless, and after how many bytes it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The reading.
    pub reading: Reading,
    /// Bytes taken up to it.
    pub taken: usize,
}

/// Reads pieces that end at these positions, and at the end, up to the first reading that is not `Partial`.
pub fn read(bytes: &[u8], cuts: impl IntoIterator<Item = usize>, expected: &Expectation) -> Outcome {
    let (mut reader, mut known) = (ResponseReader::default(), KnownHead::default());
    let mut taken = 0;
    for cut in cuts.into_iter().chain([bytes.len()]) {
        let reading = reader.take(&bytes[taken..cut], expected, &mut known, true);
        taken = cut;
        assert!(reader.pending.len() <= MOST_KEPT, "{} bytes kept", reader.pending.len());
        if reading != Reading::Partial {
            return Outcome { reading, taken };
        }
    }
    Outcome { reading: Reading::Partial, taken }
}

/// What a read of pieces must give when byte by byte gave `alone`: the same; but a piece that goes on behind the end of a response has bytes
/// that nobody asked for.
///
/// # Panics
///
/// When the cut changed the judgement.
pub fn check(bytes: &[u8], alone: Outcome, cut: Outcome) {
    let expected = match alone.reading {
        Reading::Whole(_) if cut.taken > alone.taken => Reading::Malformed(Flaw::Trailing),
        reading => reading,
    };
    assert!(cut.taken >= alone.taken, "judged after {} of {} bytes", cut.taken, alone.taken);
    assert_eq!(cut.reading, expected, "{:?}", String::from_utf8_lossy(bytes));
}

/// Takes one input: eight bytes that decide the cuts, then the bytes of the server.
///
/// # Panics
///
/// When a cut changes the judgement, or more is kept than a head.
pub fn exercise(input: &[u8]) {
    let Some((seed, bytes)) = input.split_first_chunk::<8>() else { return };
    let expected = Expectation {
        status: 200,
        content_type: b"application/json".to_vec(),
        body: b"{\"ms\":5}".to_vec(),
        is_status_only: false,
    };
    let alone = read(bytes, 1..bytes.len(), &expected);
    check(bytes, alone, read(bytes, [], &expected));
    let mut random = Random::new(u64::from_le_bytes(*seed), &[]);
    for share in [0.01, 0.1, 0.5] {
        let cuts: Vec<usize> = (1..bytes.len()).filter(|_| random.unit() < share).collect();
        check(bytes, alone, read(bytes, cuts, &expected));
    }
}
