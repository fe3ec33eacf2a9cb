//! The fixed spin kernel of the wire contract: 32-bit xorshift.

/// One step of `xs32`.
#[inline]
fn step(state: u32) -> u32 {
    let s = state ^ (state << 13);
    let s = s ^ (s >> 17);
    s ^ (s << 5)
}

/// Sum of the states after each of `steps` steps from the contract's seed, modulo 2^32.
pub fn checksum(steps: u64) -> u32 {
    let mut state = 0x9E37_79B9_u32;
    let mut sum = 0_u32;
    for _ in 0..steps {
        state = step(state);
        sum = sum.wrapping_add(state);
    }
    std::hint::black_box(sum)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_kernel_gives_the_golden_value_of_the_contract() {
        assert_eq!(format!("{:08x}", super::checksum(5_000_000)), "6648fc4f");
    }
}
