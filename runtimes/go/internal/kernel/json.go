package kernel

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

type item struct {
	ID     uint32   `json:"id"`
	User   string   `json:"user"`
	Qty    int      `json:"qty"`
	Price  int      `json:"price"`
	Active bool     `json:"active"`
	Tags   []string `json:"tags"`
	Note   string   `json:"note"`
}

// ReduceJSON parses the payload and reduces it to the contract's checksum line, repeat times over; at least once.
func ReduceJSON(payload []byte, repeat int) (line string, err error) {
	for range repeat {
		var items []item
		if err := json.Unmarshal(payload, &items); err != nil {
			return "", fmt.Errorf("payload.json: %w", err)
		}
		line = reduce(items)
	}
	return line, nil
}

func reduce(items []item) string {
	var rolling uint32
	var quantity, price, active, characters int
	for _, item := range items {
		rolling = rolling*31 + item.ID
		quantity += item.Qty
		price += item.Price
		if item.Active {
			active++
		}
		characters += utf8.RuneCountInString(item.Note) + len(item.Tags) + utf8.RuneCountInString(item.User)
	}
	return fmt.Sprintf("%d:%d:%d:%d:%d:%d", len(items), rolling, quantity, price, active, characters)
}
