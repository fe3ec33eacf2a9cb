// Package contract is what all models share of the wire contract: paths, parameters, errors and the bytes of answers.
package contract

import (
	"errors"
	"log"
	"net/http"
	"runtime/debug"
)

// ErrDeliberate is what /fail panics with: asked for, hence answered without a word in the log.
var ErrDeliberate = errors.New("deliberate failure")

// Endpoint is one row of the contract's table: a path, its parameters and what is done.
type Endpoint struct {
	Path       string
	Parameters []Parameter
	// Handle is called on the connection's goroutine and may block. A panic is answered with the contract's 500.
	Handle func(Values) Answer
}

// Dispatch judges a request in the order of the contract (path, method, parameters) and hands it to its endpoint. It takes the place of
// http.ServeMux, which cleans paths by redirection and answers in bodies of its own.
func Dispatch(endpoints []Endpoint) http.Handler {
	byPath := make(map[string]Endpoint, len(endpoints))
	for _, endpoint := range endpoints {
		byPath[endpoint.Path] = endpoint
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		endpoint, known := byPath[r.URL.EscapedPath()]
		if !known {
			notFound.write(w)
			return
		}
		if r.Method != http.MethodGet {
			methodNotAllowed.write(w)
			return
		}
		values, bad := readQuery(endpoint.Parameters, r.URL.RawQuery)
		if bad != "" {
			badParameter(bad).write(w)
			return
		}
		recovered(endpoint, values).write(w)
	})
}

// recovered turns a panic of the handler into an answer; net/http by itself would drop the connection without one.
func recovered(endpoint Endpoint, values Values) (answer Answer) {
	defer func() {
		if failure := recover(); failure != nil {
			if failure != ErrDeliberate {
				log.Printf("%s failed: %v\n%s", endpoint.Path, failure, debug.Stack())
			}
			answer = boom
		}
	}()
	return endpoint.Handle(values)
}
