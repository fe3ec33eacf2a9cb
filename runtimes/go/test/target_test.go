// Package test judges the built program from outside: a child process and raw sockets.
package test

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"photofinish/runtimes/go/internal/fixture"
)

var program, dataFolder string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "photofinish-go-")
	if err == nil {
		program, dataFolder = filepath.Join(folder, "server"), folder
		err = fixture.WritePayload(folder)
	}
	if err == nil {
		build := exec.Command("go", "build", "-o", program, "../cmd/server")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		err = build.Run()
	}
	status := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		status = m.Run()
	}
	os.RemoveAll(folder)
	os.Exit(status)
}

// environment is one in which the model starts on a free port with two cores granted.
func environment() map[string]string {
	return map[string]string{
		"HOST": "127.0.0.1", "PORT": "0", "MODEL": "goroutines", "TRIAL_NONCE": `nonce "1"`,
		"CORES": "2", "THREADS": "8", "CPU_POOL": "2", "DATA_DIR": dataFolder,
	}
}

// target is a server that was started as the harness would.
type target struct {
	command *exec.Cmd
	output  *bufio.Reader
	errors  *bytes.Buffer
}

func spawn(t *testing.T, changes map[string]string) *target {
	t.Helper()
	variables := environment()
	maps.Copy(variables, changes)
	command := exec.Command(program)
	command.Env = []string{}
	for name, value := range variables {
		command.Env = append(command.Env, name+"="+value)
	}
	errors := &bytes.Buffer{}
	command.Stderr = errors
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	return &target{command, bufio.NewReader(output), errors}
}

// listening waits for the first line and returns the port.
func (s *target) listening(t *testing.T) (port int) {
	t.Helper()
	line, _ := s.output.ReadString('\n')
	if n, _ := fmt.Sscanf(line, "listening %d\n", &port); n != 1 {
		t.Fatalf("first line %q, errors %s", line, s.errors)
	}
	return port
}

// status waits for the end.
func (s *target) status() int {
	_ = s.command.Wait()
	return s.command.ProcessState.ExitCode()
}

// connection is one on which requests are asked one after another, byte for byte.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

func open(t *testing.T, port int) *connection {
	t.Helper()
	conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &connection{conn, bufio.NewReader(conn)}
}

func (c *connection) send(t *testing.T, line string) {
	t.Helper()
	if _, err := fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", line); err != nil {
		t.Fatal(err)
	}
}

// receive reads one answer; the error is the connection's.
func (c *connection) receive(method string) (*http.Response, string, error) {
	response, err := http.ReadResponse(c.reader, &http.Request{Method: method})
	if err != nil {
		return nil, "", err
	}
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	return response, body.String(), err
}

func (c *connection) ask(t *testing.T, line string) (*http.Response, string) {
	t.Helper()
	c.send(t, line)
	method, _, _ := strings.Cut(line, " ")
	response, body, err := c.receive(method)
	if err != nil {
		t.Fatalf("%.60s: %v", line, err)
	}
	return response, body
}
