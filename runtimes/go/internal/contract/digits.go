package contract

import (
	"strconv"
	"strings"
)

// ReadDigits is the value of a word of ASCII digits, or false when it is anything else or lies outside from..to. A number is what its digits
// say: leading zeros count for nothing and the length of the word is no limit, hence no conversion before the comparison of lengths.
func ReadDigits(word string, from, to int) (int, bool) {
	if word == "" {
		return 0, false
	}
	for i := range len(word) {
		if word[i] < '0' || word[i] > '9' {
			return 0, false
		}
	}
	significant := strings.TrimLeft(word, "0")
	if significant == "" {
		significant = "0"
	}
	if len(significant) > len(strconv.Itoa(to)) {
		return 0, false
	}
	value, err := strconv.Atoi(significant)
	return value, err == nil && value >= from && value <= to
}
