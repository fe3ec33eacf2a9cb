package endpoint

import (
	"photofinish/runtimes/go/internal/contract"
	"photofinish/runtimes/go/internal/kernel"
)

// CPUJSON is GET /cpu/json?repeat=R: parses the payload and reduces it, R times (1 when absent), on the goroutine of the request.
func CPUJSON(payload []byte) contract.Endpoint {
	return contract.Endpoint{
		Path:       "/cpu/json",
		Parameters: []contract.Parameter{contract.WholeNumber("repeat", 1, 100).Or(1)},
		Handle: func(values contract.Values) contract.Answer {
			line, err := kernel.ReduceJSON(payload, values.Number("repeat"))
			if err != nil {
				panic(err)
			}
			return contract.Text(line)
		},
	}
}
