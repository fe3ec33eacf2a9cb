package kernel

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"photofinish/runtimes/go/internal/fixture"
)

// spinIn64Bits is the xorshift kernel with every result cut to 32 bits by hand.
func spinIn64Bits(steps int) string {
	const word = 0xFFFF_FFFF
	state, sum := uint64(0x9E3779B9), uint64(0)
	for range steps {
		state ^= state << 13 & word
		state ^= state >> 17
		state ^= state << 5 & word
		sum = (sum + state) & word
	}
	return fmt.Sprintf("%08x", sum)
}

func TestSpinGivesTheGoldenValues(t *testing.T) {
	for steps, want := range map[int]string{1: "510c4619", 5_000_000: "6648fc4f", 50_000_000: "de142372"} {
		if got := Spin(steps); got != want {
			t.Errorf("Spin(%d) = %s, want %s", steps, got, want)
		}
	}
}

func TestSpinAgreesWithSixtyFourBitArithmetic(t *testing.T) {
	for _, steps := range []int{1, 2, 3, 10, 100, 12_345} {
		if got, want := Spin(steps), spinIn64Bits(steps); got != want {
			t.Errorf("Spin(%d) = %s, want %s", steps, got, want)
		}
	}
}

func TestTheFixtureIsThePayloadOfTheContract(t *testing.T) {
	payload := fixture.Payload()
	const digest = "31c5f20b5001d3eb05f4467ae3f106c97db3525d63ce427d3db6f4874e8811e7"
	if got := fmt.Sprintf("%x", sha256.Sum256(payload)); len(payload) != 2_434_165 || got != digest {
		t.Errorf("payload has %d bytes and SHA-256 %s", len(payload), got)
	}
}

func TestReduceJSONGivesTheChecksumLine(t *testing.T) {
	one := `[{"id":7,"user":"uab","qty":2,"price":3,"active":true,"tags":["t1"],"note":"caf\u00e9"}]`
	cases := []struct {
		payload []byte
		repeat  int
		want    string
	}{
		{fixture.Payload(), 1, "20000:3057911568:9994569:4015531070:9930:428890"},
		{[]byte(one), 3, "1:7:2:3:1:8"},
		{[]byte("[]"), 1, "0:0:0:0:0:0"},
	}
	for _, c := range cases {
		got, err := ReduceJSON(c.payload, c.repeat)
		if err != nil || got != c.want {
			t.Errorf("ReduceJSON of %d bytes = %s, %v; want %s", len(c.payload), got, err, c.want)
		}
	}
}

func TestReduceJSONNamesADamagedPayload(t *testing.T) {
	if _, err := ReduceJSON([]byte(`[{"id":`), 1); err == nil {
		t.Error("a damaged payload was reduced")
	}
}
