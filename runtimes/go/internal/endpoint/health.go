// Package endpoint holds the rows of the contract's table, one file each.
package endpoint

import "photofinish/runtimes/go/internal/contract"

// Health is GET /health: it does nothing.
func Health() contract.Endpoint {
	ok := contract.Text("ok")
	return contract.Endpoint{
		Path:   "/health",
		Handle: func(contract.Values) contract.Answer { return ok },
	}
}
