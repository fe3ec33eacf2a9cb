package contract

import (
	"slices"
	"strings"
)

// Parameter says how one parameter of a query is read.
type Parameter struct {
	Name string
	// read gives the value of every spelling given, or false when that is bad.
	read func(given []string) (value, bool)
}

type value struct {
	number int
	word   string
}

// WholeNumber is a number between from and to, both included, given exactly once.
func WholeNumber(name string, from, to int) Parameter {
	return Parameter{name, func(given []string) (value, bool) {
		if len(given) != 1 {
			return value{}, false
		}
		number, ok := ReadDigits(given[0], from, to)
		return value{number: number}, ok
	}}
}

// Or lets a number be left out: it is then absent.
func (p Parameter) Or(absent int) Parameter {
	return Parameter{p.Name, func(given []string) (value, bool) {
		if len(given) == 0 {
			return value{number: absent}, true
		}
		return p.read(given)
	}}
}

// OneOf is one of the words, given exactly once.
func OneOf(name string, words ...string) Parameter {
	return Parameter{name, func(given []string) (value, bool) {
		if len(given) != 1 {
			return value{}, false
		}
		return value{word: given[0]}, slices.Contains(words, given[0])
	}}
}

// Values holds what a query says, by the name of the parameter.
type Values map[string]value

// Number is the value of a parameter declared with WholeNumber.
func (v Values) Number(name string) int { return v[name].number }

// Word is the value of a parameter declared with OneOf.
func (v Values) Word(name string) string { return v[name].word }

// readQuery reads the parameters in their order and names the first bad one; bad is empty when there is none. Nothing is decoded: an escaped
// name is another name, an escaped digit no digit. Parameters that are not asked for are passed over.
func readQuery(parameters []Parameter, query string) (values Values, bad string) {
	if len(parameters) == 0 {
		return nil, ""
	}
	values = make(Values, len(parameters))
	for _, parameter := range parameters {
		read, ok := parameter.read(spellings(query, parameter.Name))
		if !ok {
			return nil, parameter.Name
		}
		values[parameter.Name] = read
	}
	return values, ""
}

func spellings(query, name string) (given []string) {
	for pair := range strings.SplitSeq(query, "&") {
		if key, spelling, _ := strings.Cut(pair, "="); key == name {
			given = append(given, spelling)
		}
	}
	return given
}
