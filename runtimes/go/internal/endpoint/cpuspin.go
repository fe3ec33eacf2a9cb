package endpoint

import (
	"photofinish/runtimes/go/internal/contract"
	"photofinish/runtimes/go/internal/kernel"
)

// CPUSpin is GET /cpu/spin?n=N: N steps of the xorshift kernel, on the goroutine of the request.
func CPUSpin() contract.Endpoint {
	return contract.Endpoint{
		Path:       "/cpu/spin",
		Parameters: []contract.Parameter{contract.WholeNumber("n", 1, 1_000_000_000)},
		Handle: func(values contract.Values) contract.Answer {
			return contract.Text(kernel.Spin(values.Number("n")))
		},
	}
}
