package test

import (
	"fmt"
	"strings"
	"testing"
)

func TestAMissingVariableIsExitStatus2AndOneLine(t *testing.T) {
	for name := range environment() {
		server := spawn(t, map[string]string{name: ""})
		if status, words := server.status(), server.errors.String(); status != 2 || words != name+" is missing\n" {
			t.Errorf("without %s: status %d, %q", name, status, words)
		}
	}
}

func TestATakenPortIsExitStatus3AndOneLine(t *testing.T) {
	port := spawn(t, nil).listening(t)
	server := spawn(t, map[string]string{"PORT": fmt.Sprint(port)})
	status, words := server.status(), server.errors.String()
	if status != 3 || !strings.HasPrefix(words, fmt.Sprintf("cannot listen on 127.0.0.1:%d: ", port)) || strings.Count(words, "\n") != 1 {
		t.Errorf("status %d, %q", status, words)
	}
}
