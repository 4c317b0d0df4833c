package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/darkroom/darkroom/internal/client"
)

const maxCamera = 28 // columns

// writeTable lists images in aligned columns. The last holds the file name, whose width nobody knows.
func writeTable(w io.Writer, p palette, images []client.Image) {
	if len(images) == 0 {
		return
	}
	rows := [][]string{{"ID", "STATUS", "SIZE", "DIMENSIONS", "TAKEN", "CAMERA", "FILENAME"}}
	for _, i := range images {
		rows = append(rows, []string{
			printable(string(i.ID)), printable(string(i.Status)), size(i.Bytes),
			dimensions(i.Facts.Width, i.Facts.Height), clock(i.Facts.Capture.TakenAt),
			fit(camera(i.Facts.Capture), maxCamera), printable(i.Filename),
		})
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for n, cell := range row {
			widths[n] = max(widths[n], columns(cell))
		}
	}
	for n, row := range rows {
		cells := align(row, widths)
		if n == 0 {
			fmt.Fprintln(w, p.dim(strings.Join(cells, "  ")))
			continue
		}
		cells[0] = p.dim(cells[0])
		cells[1] = p.status(images[n-1].Status, cells[1])
		cells[6] = p.bold(cells[6])
		fmt.Fprintln(w, strings.Join(cells, "  "))
	}
}

// align pads the cells of a row: amounts to the right, the last not at all.
func align(row []string, widths []int) []string {
	cells := make([]string, len(row))
	for n, cell := range row {
		switch n {
		case 2, 3:
			cells[n] = padLeft(cell, widths[n])
		case len(row) - 1:
			cells[n] = cell
		default:
			cells[n] = pad(cell, widths[n])
		}
	}
	return cells
}
