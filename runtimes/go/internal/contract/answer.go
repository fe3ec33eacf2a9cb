package contract

import (
	"net/http"
	"strconv"
)

// Answer is what goes back to the client: a status and a body whose bytes the contract fixes.
type Answer struct {
	status int
	kind   []string
	body   []byte
}

// Header values are shared by all answers, so that none is allocated per request; net/http only reads them.
var (
	plainText = []string{"text/plain; charset=utf-8"}
	document  = []string{"application/json"}
	allowed   = []string{http.MethodGet}
)

// Text is 200 with plain text.
func Text(body string) Answer {
	return Answer{http.StatusOK, plainText, []byte(body)}
}

// JSON is 200 with a JSON document already written.
func JSON(body []byte) Answer {
	return Answer{http.StatusOK, document, body}
}

func failure(status int, what string) Answer {
	return Answer{status, document, []byte(`{"error":"` + what + `"}`)}
}

var (
	notFound         = failure(http.StatusNotFound, "not found")
	methodNotAllowed = failure(http.StatusMethodNotAllowed, "method not allowed")
	boom             = failure(http.StatusInternalServerError, "boom")
)

func badParameter(name string) Answer {
	return failure(http.StatusBadRequest, "bad "+name)
}

func (a Answer) write(w http.ResponseWriter) {
	header := w.Header()
	header["Content-Type"] = a.kind
	header["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	if a.status == http.StatusMethodNotAllowed {
		header["Allow"] = allowed
	}
	w.WriteHeader(a.status)
	// A client that went away is nobody's failure; net/http closes the connection.
	_, _ = w.Write(a.body)
}
