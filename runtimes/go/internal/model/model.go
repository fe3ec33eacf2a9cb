// Package model defines the concurrency models, one file each.
package model

import (
	"photofinish/runtimes/go/internal/contract"
	"photofinish/runtimes/go/internal/settings"
)

// Model makes the endpoints a target serves. Payload is the text of payload.json.
type Model func(given settings.Settings, payload []byte) []contract.Endpoint

// All are the models by their id.
var All = map[string]Model{
	"goroutines": Goroutines,
}
