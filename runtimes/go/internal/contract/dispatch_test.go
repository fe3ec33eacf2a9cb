package contract

import (
	"bytes"
	"log"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestAnUnexpectedPanicIsAnsweredAndLogged(t *testing.T) {
	var words bytes.Buffer
	log.SetOutput(&words)
	defer log.SetOutput(os.Stderr)
	endpoints := []Endpoint{
		{Path: "/bug", Handle: func(Values) Answer { panic("a bug") }},
		{Path: "/asked", Handle: func(Values) Answer { panic(ErrDeliberate) }},
	}
	for _, c := range []struct{ path, logged string }{{"/asked", ""}, {"/bug", "/bug failed: a bug"}} {
		words.Reset()
		recorder := httptest.NewRecorder()
		Dispatch(endpoints).ServeHTTP(recorder, httptest.NewRequest("GET", c.path, nil))
		if recorder.Code != 500 || recorder.Body.String() != `{"error":"boom"}` {
			t.Errorf("%s answered %d %s", c.path, recorder.Code, recorder.Body)
		}
		if got := words.String(); (got == "") != (c.logged == "") || !strings.Contains(got, c.logged) {
			t.Errorf("%s logged %q", c.path, got)
		}
	}
}
