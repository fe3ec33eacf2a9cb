package settings

import (
	"strings"
	"testing"

	"photofinish/runtimes/go/internal/fixture"
)

func environment(t *testing.T) map[string]string {
	folder := t.TempDir()
	if err := fixture.WritePayload(folder); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"HOST": "127.0.0.1", "PORT": "0", "MODEL": "goroutines", "TRIAL_NONCE": "n", "CORES": "2", "THREADS": "8", "CPU_POOL": "2", "DATA_DIR": folder,
	}
}

func TestSettingsRefuseWhatIsOutOfRange(t *testing.T) {
	cases := []struct{ name, value, want string }{
		{"HOST", "localhost", `HOST must be an IPv4 address, not "localhost"`},
		{"HOST", "::1", `HOST must be an IPv4 address, not "::1"`},
		{"PORT", "65536", `PORT must be a whole number from 0 to 65535, not "65536"`},
		{"PORT", "80a", `PORT must be a whole number from 0 to 65535, not "80a"`},
		{"MODEL", "threads", `MODEL must be one of goroutines, not "threads"`},
		{"TRIAL_NONCE", strings.Repeat("x", 201), `TRIAL_NONCE must be at most 200 characters long, not "` + strings.Repeat("x", 201) + `"`},
		{"CORES", "0", `CORES must be a whole number from 1 to 1024, not "0"`},
		{"CORES", "1.5", `CORES must be a whole number from 1 to 1024, not "1.5"`},
		{"THREADS", "-1", `THREADS must be a whole number from 1 to 100000, not "-1"`},
		{"CPU_POOL", "", `CPU_POOL is missing`},
		{"DATA_DIR", "/nowhere", `DATA_DIR must be a folder with payload.json, not "/nowhere"`},
	}
	for _, c := range cases {
		variables := environment(t)
		variables[c.name] = c.value
		_, err := Read(func(name string) string { return variables[name] }, []string{"goroutines"})
		if err == nil || err.Error() != c.want {
			t.Errorf("%s=%.12s gives %v, want %s", c.name, c.value, err, c.want)
		}
	}
}

func TestSettingsNameEveryProblemInOneLine(t *testing.T) {
	_, err := Read(func(string) string { return "" }, []string{"goroutines"})
	want := "HOST is missing; PORT is missing; MODEL is missing; TRIAL_NONCE is missing; CORES is missing; THREADS is missing; CPU_POOL is missing; DATA_DIR is missing"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestSettingsHoldWhatTheEnvironmentSays(t *testing.T) {
	variables := environment(t)
	got, err := Read(func(name string) string { return variables[name] }, []string{"goroutines"})
	want := Settings{"127.0.0.1", 0, "goroutines", "n", 2, 8, 2, variables["DATA_DIR"] + "/payload.json"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}
