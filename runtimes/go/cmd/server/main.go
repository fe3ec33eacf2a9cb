// Command server is the target of all Go models; MODEL says which.
package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"syscall"

	"photofinish/runtimes/go/internal/contract"
	"photofinish/runtimes/go/internal/listener"
	"photofinish/runtimes/go/internal/model"
	"photofinish/runtimes/go/internal/settings"
)

// Exit statuses of a target that does not start or does not end as asked.
const (
	badEnvironment = 2
	cannotListen   = 3
	broken         = 1
)

func main() {
	given, err := settings.Read(os.Getenv, slices.Sorted(maps.Keys(model.All)))
	exitOn(err, badEnvironment)
	payload, err := os.ReadFile(given.PayloadFile)
	exitOn(err, badEnvironment)
	exitOn(grant(given.Cores), broken)

	handler := contract.Dispatch(model.All[given.Model](given, payload))
	accepting, err := listener.Open(given.Host, given.Port)
	exitOn(err, cannotListen)
	untilSigterm, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	fmt.Printf("listening %d\n", accepting.Addr().(*net.TCPAddr).Port)
	exitOn(listener.Serve(untilSigterm, accepting, handler), broken)
}

// grant lets goroutines run on as many threads at a time as cores are granted. The default would follow the machine or its cgroup.
func grant(cores int) error {
	runtime.GOMAXPROCS(cores)
	if applied := runtime.GOMAXPROCS(0); applied != cores {
		return fmt.Errorf("GOMAXPROCS is %d, not %d", applied, cores)
	}
	return nil
}

func exitOn(err error, status int) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(status)
	}
}
