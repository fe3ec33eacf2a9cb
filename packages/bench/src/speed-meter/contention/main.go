// Makes neighbours, in phases of 0.7 to 2.7 s of random kind. On the measured core: wakes every 50 to 400 us, writes 16 to 64 KiB and takes
// unpredictable branches, so that the caches and the predictions of whoever is measured are lost; its own time is booked to it, what it
// spoils is not. On the other core: multiplications, copies of 64 MiB, or walks through them, from which the shared cache and the memory
// suffer. One phase in five is calm on the one and two in five on the other.
package main

import (
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"time"
)

var sink uint64

func main() {
	seconds, _ := strconv.ParseFloat(os.Args[1], 64)
	seed, _ := strconv.ParseUint(os.Args[2], 10, 64)
	end := time.Now().Add(time.Duration(seconds * 1e9))
	if os.Args[3] == "beside" {
		beside(end, rand.New(rand.NewPCG(seed, 1)))
	} else {
		around(end, rand.New(rand.NewPCG(seed, 2)))
	}
}

func phase(random *rand.Rand) time.Time {
	return time.Now().Add(time.Duration((0.7 + 2*random.Float64()) * 1e9))
}

// On the measured core.
func beside(end time.Time, random *rand.Rand) {
	memory, at, noise := make([]byte, 4<<20), 0, uint64(1)
	for time.Now().Before(end) {
		until, kind := phase(random), random.IntN(5)
		period := [...]int64{0, 400_000, 200_000, 100_000, 50_000}[kind]
		bytes := 16 << 10 << random.IntN(3)
		if period == 0 {
			time.Sleep(time.Until(until))
			continue
		}
		for time.Now().Before(until) {
			for step := 0; step < bytes; step += 64 {
				memory[(at+step)%len(memory)]++
				noise ^= noise << 13
				noise ^= noise >> 7
				noise ^= noise << 17
				if noise&1 == 1 {
					sink += noise
				} else {
					sink ^= noise
				}
			}
			at = (at + bytes) % len(memory)
			nap := syscall.Timespec{Nsec: period}
			_ = syscall.Nanosleep(&nap, nil)
		}
	}
}

// On the other core.
func around(end time.Time, random *rand.Rand) {
	from, to := make([]byte, 64<<20), make([]byte, 64<<20)
	for time.Now().Before(end) {
		until, kind := phase(random), random.IntN(5)
		if kind > 2 {
			time.Sleep(time.Until(until))
		}
		for time.Now().Before(until) {
			switch kind {
			case 0:
				for step := uint64(0); step < 1_000_000; step++ {
					sink = sink*0x9E3779B97F4A7C15 + step
				}
			case 1:
				copy(to, from)
			case 2:
				for step := 0; step < 100_000; step++ {
					sink = sink*6364136223846793005 + uint64(from[(sink>>20)%(64<<20)]) + 1
				}
			}
		}
	}
}
