// Command cost reckons what a deployment costs a month, from what an image was measured to use (usage.json) and AWS's list
// prices (prices.json). It prints the table of docs/deploy.md; a test holds the two together.
//
//	go run ./bench/cost
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

//go:embed prices.json
var priceFile []byte

//go:embed usage.json
var usageFile []byte

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench/cost:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	var p prices
	var u usage
	if err := read(priceFile, &p); err != nil {
		return fmt.Errorf("prices.json: %w", err)
	}
	if err := read(usageFile, &u); err != nil {
		return fmt.Errorf("usage.json: %w", err)
	}
	return table(w, p, u)
}

func read(file []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// table prints what a month costs, a line for each service and a column for each number of new images in it.
func table(w io.Writer, p prices, u usage) error {
	volumes := []float64{0, 1_000, 100_000, 1_000_000}
	var lines [][]line
	for _, images := range volumes {
		lines = append(lines, bill(p, u, images))
	}
	fmt.Fprintf(w, "| USD a month, %s, prices as of %s | idle | 1,000 images | 100,000 | 1,000,000 |\n|---|---|---|---|---|\n", p.Region, p.AsOf)
	totals := make([]float64, len(volumes))
	for n, l := range lines[0] {
		fmt.Fprintf(w, "| %s |", l.what)
		for v := range volumes {
			fmt.Fprintf(w, " %s |", amount(lines[v][n].cost))
			totals[v] += lines[v][n].cost
		}
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "| **all** |")
	for _, total := range totals {
		fmt.Fprintf(w, " **%s** |", amount(total))
	}
	_, err := fmt.Fprintln(w)
	return err
}

// amount writes dollars: to the cent below ten, and whole ones above.
func amount(usd float64) string {
	if usd < 9.995 {
		return fmt.Sprintf("%.2f", usd)
	}
	return fmt.Sprintf("%.0f", usd)
}
