package endpoint

import (
	"strconv"
	"time"

	"photofinish/runtimes/go/internal/contract"
)

// Timer is GET /timer?ms=M: it parks the goroutine on the runtime's own timer.
func Timer() contract.Endpoint {
	return contract.Endpoint{
		Path:       "/timer",
		Parameters: []contract.Parameter{contract.WholeNumber("ms", 0, 60_000)},
		Handle: func(values contract.Values) contract.Answer {
			ms := values.Number("ms")
			time.Sleep(time.Duration(ms) * time.Millisecond)
			return contract.JSON([]byte(`{"ms":` + strconv.Itoa(ms) + `}`))
		},
	}
}
