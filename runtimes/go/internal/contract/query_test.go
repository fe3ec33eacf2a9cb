package contract

import (
	"strings"
	"testing"
)

func TestReadDigitsJudgesByValue(t *testing.T) {
	const bad = -1
	cases := map[string]int{
		"1":                               1,
		"1000000000":                      1_000_000_000,
		"0001000000000":                   1_000_000_000,
		strings.Repeat("0", 10_000) + "9": 9,
		"1000000001":                      bad,
		"18446744073709551617":            bad,
		strings.Repeat("9", 10_000):       bad,
		"0":                               bad,
		"000":                             bad,
		"":                                bad,
		"-1":                              bad,
		"+1":                              bad,
		"1_0":                             bad,
		"1\n":                             bad,
		"\u0661":                          bad,
		"\uff11":                          bad,
	}
	for word, want := range cases {
		got, ok := ReadDigits(word, 1, 1_000_000_000)
		if ok != (want != bad) || ok && got != want {
			t.Errorf("ReadDigits(%.30q) = %d, %t; want %d", word, got, ok, want)
		}
	}
}

func TestReadQueryNamesTheFirstBadParameterOfTheTable(t *testing.T) {
	parameters := []Parameter{WholeNumber("ms", 0, 100), WholeNumber("times", 1, 10).Or(1), OneOf("at", "here", "there")}
	cases := []struct {
		query, bad string
		ms, times  int
		at         string
	}{
		{query: "ms=5&times=2&at=here", ms: 5, times: 2, at: "here"},
		{query: "at=there&ms=5", ms: 5, times: 1, at: "there"},
		{query: "&ms=5&&at=here&", ms: 5, times: 1, at: "here"},
		{query: "msx=1&xms=1&ms=5&at=here&x=1&x=2", ms: 5, times: 1, at: "here"},
		{query: "times=0&at=nowhere", bad: "ms"},
		{query: "at=nowhere&times=0&ms=1", bad: "times"},
		{query: "ms=1&times=2&times=2&at=here", bad: "times"},
		{query: "ms=1", bad: "at"},
		{query: "ms=1&at=here=", bad: "at"},
	}
	for _, c := range cases {
		values, bad := readQuery(parameters, c.query)
		if bad != c.bad || values.Number("ms") != c.ms || values.Number("times") != c.times || values.Word("at") != c.at {
			t.Errorf("%s gives %v, bad %q", c.query, values, bad)
		}
	}
}
