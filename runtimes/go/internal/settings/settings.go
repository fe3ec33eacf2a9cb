// Package settings reads everything a target may vary from the environment.
package settings

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"photofinish/runtimes/go/internal/contract"
)

// Settings is what the environment says.
type Settings struct {
	Host string
	// Port is 0 to ask for a free one.
	Port  int
	Model string
	Nonce string
	// Cores is what the plan grants; never detected.
	Cores int
	// Threads is the size of the request thread pool, where the model has one.
	Threads int
	// CPUPool is the size of the pool for off-loaded CPU work, where the model has one.
	CPUPool     int
	PayloadFile string
}

// Read reads the settings. The error lists, in one line, every variable that is missing or out of range.
func Read(lookup func(string) string, models []string) (Settings, error) {
	var problems []string
	word := func(name, permitted string, isPermitted func(string) bool) string {
		value := lookup(name)
		if value == "" {
			problems = append(problems, name+" is missing")
		} else if !isPermitted(value) {
			problems = append(problems, fmt.Sprintf("%s must be %s, not %q", name, permitted, value))
		}
		return value
	}
	wholeNumber := func(name string, from, to int) (number int) {
		word(name, fmt.Sprintf("a whole number from %d to %d", from, to), func(value string) (ok bool) {
			number, ok = contract.ReadDigits(value, from, to)
			return ok
		})
		return number
	}

	settings := Settings{
		Host:        word("HOST", "an IPv4 address", isIPv4),
		Port:        wholeNumber("PORT", 0, 65_535),
		Model:       word("MODEL", "one of "+strings.Join(models, ", "), func(id string) bool { return slices.Contains(models, id) }),
		Nonce:       word("TRIAL_NONCE", "at most 200 characters long", func(nonce string) bool { return utf8.RuneCountInString(nonce) <= 200 }),
		Cores:       wholeNumber("CORES", 1, 1024),
		Threads:     wholeNumber("THREADS", 1, 100_000),
		CPUPool:     wholeNumber("CPU_POOL", 1, 1024),
		PayloadFile: payloadFile(word("DATA_DIR", "a folder with payload.json", hasPayload)),
	}
	if len(problems) > 0 {
		return Settings{}, errors.New(strings.Join(problems, "; "))
	}
	return settings, nil
}

func isIPv4(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && address.Is4()
}

func payloadFile(folder string) string {
	return filepath.Join(folder, "payload.json")
}

func hasPayload(folder string) bool {
	file, err := os.Open(payloadFile(folder))
	if err != nil {
		return false
	}
	return file.Close() == nil
}
