// A Go loop over hashes: SHA-256 and FNV-1a of 4 KiB, counted in a map. Prints for each window when it began and ended (CLOCK_MONOTONIC)
// and its processor time.
package main

import (
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"
)

const (
	monotonic     = 1
	processorTime = 2
)

func read(clock uintptr) float64 {
	var at syscall.Timespec
	if _, _, number := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&at)), 0); number != 0 {
		panic(number)
	}
	return float64(at.Nano()) / 1e9
}

func main() {
	runtime.GOMAXPROCS(1)
	windows, _ := strconv.Atoi(os.Args[1])
	steps, _ := strconv.Atoi(os.Args[2])
	text := make([]byte, 4096)
	counts := map[uint64]int{}
	for window := 0; window < windows; window++ {
		begun, before := read(monotonic), read(processorTime)
		for step := 0; step < steps; step++ {
			sum := sha256.Sum256(text)
			copy(text[step*32%4064:], sum[:])
			short := fnv.New64a()
			short.Write(text[:1024])
			counts[short.Sum64()%5000]++
		}
		used := read(processorTime) - before
		fmt.Printf("%.9f %.9f %.9f\n", begun, read(monotonic), used)
	}
}
