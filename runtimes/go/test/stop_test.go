package test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"
	"time"
)

// untilAccepted is long enough for a request written to the loopback interface to have reached its handler.
const untilAccepted = 300 * time.Millisecond

func terminate(t *testing.T, server *target) {
	t.Helper()
	if err := server.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

func TestSigtermFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	server := spawn(t, nil)
	port := server.listening(t)
	busy, idle := open(t, port), open(t, port)
	idle.ask(t, "GET /health")
	busy.ask(t, "GET /health")
	busy.send(t, "GET /timer?ms=1000")
	time.Sleep(untilAccepted)

	terminate(t, server)
	terminate(t, server)
	if _, _, err := idle.receive("GET"); !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the idle connection: %v", err)
	}
	if conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
		_ = conn.Close()
		t.Error("a new connection was accepted")
	}
	response, body, err := busy.receive("GET")
	if err != nil || body != `{"ms":1000}` || !response.Close {
		t.Errorf("in flight: %s, %v", body, err)
	}
	if status := server.status(); status != 0 || server.errors.Len() > 0 {
		t.Errorf("status %d, %s", status, server.errors)
	}
}

func TestSigtermCutsOffWhatIsStillInFlightAtTheDeadline(t *testing.T) {
	t.Parallel()
	server := spawn(t, nil)
	busy := open(t, server.listening(t))
	busy.send(t, "GET /timer?ms=60000")
	time.Sleep(untilAccepted)
	terminate(t, server)
	if _, body, err := busy.receive("GET"); err == nil {
		t.Errorf("answered %s", body)
	}
	if status := server.status(); status != 0 {
		t.Errorf("status %d, %s", status, server.errors)
	}
}
