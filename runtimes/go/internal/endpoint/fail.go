package endpoint

import (
	"time"

	"photofinish/runtimes/go/internal/contract"
)

// Fail is GET /fail?at=sync|await|callback: it panics at once, after the goroutine was parked, or on the goroutine of a callback.
func Fail() contract.Endpoint {
	return contract.Endpoint{
		Path:       "/fail",
		Parameters: []contract.Parameter{contract.OneOf("at", "sync", "await", "callback")},
		Handle: func(values contract.Values) contract.Answer {
			switch values.Word("at") {
			case "await":
				time.Sleep(time.Millisecond)
			case "callback":
				insideCallback(func() { panic(contract.ErrDeliberate) })
			}
			panic(contract.ErrDeliberate)
		},
	}
}

// insideCallback has the runtime call work on a goroutine of its own and waits for it. A panic there would end the process, whatever the
// handler recovers from: a fair callback recovers itself and hands the failure to the one who waits.
func insideCallback(work func()) {
	failed := make(chan any, 1)
	time.AfterFunc(0, func() {
		defer func() { failed <- recover() }()
		work()
	})
	if failure := <-failed; failure != nil {
		panic(failure)
	}
}
