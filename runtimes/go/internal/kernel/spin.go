// Package kernel holds the CPU work of the contract.
package kernel

import "fmt"

// Spin is the xorshift kernel: seed 0x9E3779B9, the sum of the states after each step modulo 2^32, as 8 hexadecimal digits.
func Spin(steps int) string {
	state, sum := uint32(0x9E3779B9), uint32(0)
	for range steps {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		sum += state
	}
	return fmt.Sprintf("%08x", sum)
}
