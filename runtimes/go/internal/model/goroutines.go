package model

import (
	"photofinish/runtimes/go/internal/contract"
	"photofinish/runtimes/go/internal/endpoint"
	"photofinish/runtimes/go/internal/settings"
)

// Goroutines is go/goroutines: one process in which net/http gives every connection a goroutine of its own, spread by the scheduler over as many
// threads as cores are granted (GOMAXPROCS). Handlers block; a wait parks the goroutine, and CPU work is computed on it, preempted by the
// scheduler so that the others get their turns.
func Goroutines(given settings.Settings, payload []byte) []contract.Endpoint {
	return []contract.Endpoint{
		endpoint.Health(),
		endpoint.Info(given, "goroutine"),
		endpoint.Timer(),
		endpoint.CPUSpin(),
		endpoint.CPUJSON(payload),
		endpoint.Fail(),
	}
}
