package test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const (
	plain    = "text/plain; charset=utf-8"
	document = "application/json"
)

func failure(what string) string { return fmt.Sprintf(`{"error":%q}`, what) }

func TestEveryAnswerOnOneConnectionThatIsNeverClosed(t *testing.T) {
	const reduced = "20000:3057911568:9994569:4015531070:9930:428890"
	cases := []struct {
		line       string
		status     int
		kind, body string
	}{
		{"GET /health", 200, plain, "ok"},
		{"GET /health?anything=1&anything=2", 200, plain, "ok"},
		{"GET /timer?ms=0", 200, document, `{"ms":0}`},
		{"GET /timer?ms=007", 200, document, `{"ms":7}`},
		{"GET /timer?ms=" + strings.Repeat("0", 8000) + "5", 200, document, `{"ms":5}`},
		{"GET /timer?%6ds=1&ms=3&m%73=4", 200, document, `{"ms":3}`},
		{"GET /cpu/spin?n=1", 200, plain, "510c4619"},
		{"GET /cpu/spin?n=5000000", 200, plain, "6648fc4f"},
		{"GET /cpu/json", 200, plain, reduced},
		{"GET /cpu/json?repeat=2", 200, plain, reduced},
		{"GET /fail?at=sync", 500, document, failure("boom")},
		{"GET /fail?at=await", 500, document, failure("boom")},
		{"GET /fail?at=callback", 500, document, failure("boom")},
		{"GET /", 404, document, failure("not found")},
		{"GET /health/", 404, document, failure("not found")},
		{"GET //health", 404, document, failure("not found")},
		{"GET /cpu/../health", 404, document, failure("not found")},
		{"GET /%68ealth", 404, document, failure("not found")},
		{"GET /Health", 404, document, failure("not found")},
		{"POST /nowhere", 404, document, failure("not found")},
		{"OPTIONS *", 404, document, failure("not found")},
		{"HEAD /health", 405, document, ""},
		{"POST /timer", 405, document, failure("method not allowed")},
		{"DELETE /timer?ms=1", 405, document, failure("method not allowed")},
		{"OPTIONS /health", 405, document, failure("method not allowed")},
		{"GET /timer", 400, document, failure("bad ms")},
		{"GET /timer?", 400, document, failure("bad ms")},
		{"GET /timer?ms", 400, document, failure("bad ms")},
		{"GET /timer?ms=", 400, document, failure("bad ms")},
		{"GET /timer?ms=1&ms=1", 400, document, failure("bad ms")},
		{"GET /timer?ms=1&ms", 400, document, failure("bad ms")},
		{"GET /timer?ms=60001", 400, document, failure("bad ms")},
		{"GET /timer?ms=" + strings.Repeat("9", 8000), 400, document, failure("bad ms")},
		{"GET /timer?ms=4294967296", 400, document, failure("bad ms")},
		{"GET /timer?ms=18446744073709551617", 400, document, failure("bad ms")},
		{"GET /timer?ms=+1", 400, document, failure("bad ms")},
		{"GET /timer?ms=-0", 400, document, failure("bad ms")},
		{"GET /timer?ms=1.0", 400, document, failure("bad ms")},
		{"GET /timer?ms=1e1", 400, document, failure("bad ms")},
		{"GET /timer?ms=0x1", 400, document, failure("bad ms")},
		{"GET /timer?ms=%31", 400, document, failure("bad ms")},
		{"GET /timer?ms=%zz", 400, document, failure("bad ms")},
		{"GET /timer?ms=1;", 400, document, failure("bad ms")},
		{"GET /timer?MS=1", 400, document, failure("bad ms")},
		{"GET /cpu/spin?n=0", 400, document, failure("bad n")},
		{"GET /cpu/spin?n=1000000001", 400, document, failure("bad n")},
		{"GET /cpu/json?repeat=0", 400, document, failure("bad repeat")},
		{"GET /cpu/json?repeat=101", 400, document, failure("bad repeat")},
		{"GET /cpu/json?repeat=", 400, document, failure("bad repeat")},
		{"GET /fail", 400, document, failure("bad at")},
		{"GET /fail?at=sync&at=sync", 400, document, failure("bad at")},
		{"GET /fail?at=Sync", 400, document, failure("bad at")},
	}
	server := spawn(t, nil)
	connection := open(t, server.listening(t))
	for _, c := range cases {
		t.Run(fmt.Sprintf("%.40s", c.line), func(t *testing.T) {
			response, body := connection.ask(t, c.line)
			header := response.Header
			if response.StatusCode != c.status || header.Get("Content-Type") != c.kind || body != c.body {
				t.Errorf("answered %d %s %s, want %d %s %s", response.StatusCode, header.Get("Content-Type"), body, c.status, c.kind, c.body)
			}
			if response.Close || header.Get("Content-Length") == "" || header.Get("Server") != "" || (header.Get("Allow") == "GET") != (c.status == 405) {
				t.Errorf("headers %v", header)
			}
		})
	}
}

func TestInfoSaysWhatItReallyRunsWith(t *testing.T) {
	for _, cores := range []int{1, 2, 3} {
		server := spawn(t, map[string]string{"CORES": fmt.Sprint(cores)})
		_, body := open(t, server.listening(t)).ask(t, "GET /info")
		var info struct {
			Model, Nonce string
			Cores        int
			Threads      *int
			GC           string
		}
		if err := json.Unmarshal([]byte(body), &info); err != nil {
			t.Fatal(err)
		}
		if info.Model != "goroutines" || info.Nonce != `nonce "1"` || info.Cores != cores || info.Threads != nil {
			t.Errorf("with CORES=%d: %s", cores, body)
		}
	}
}
