package dynamodb

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/darkroom/darkroom/gallery"
)

// renditions are one string in an item, a line for each: its name, width, height, bytes, content type and digest, with a
// space between. As a list of maps they were two thirds of all that a page of images reads, in bytes that are paid for as
// in time to decode.
type renditions []gallery.Rendition

// IsZero tells that there is nothing to store.
func (r renditions) IsZero() bool { return len(r) == 0 }

// MarshalText writes the lines.
func (r renditions) MarshalText() ([]byte, error) {
	var lines bytes.Buffer
	for n, x := range r {
		if n > 0 {
			lines.WriteByte('\n')
		}
		fmt.Fprintf(&lines, "%s %d %d %d %s %s", x.Name, x.Width, x.Height, x.Bytes, x.ContentType, x.Digest)
	}
	return lines.Bytes(), nil
}

// UnmarshalDynamo reads the lines; the error tells which one is none. Lists of maps are from before there were lines.
func (r *renditions) UnmarshalDynamo(av types.AttributeValue) error {
	text, ok := av.(*types.AttributeValueMemberS)
	if !ok {
		return attributevalue.Unmarshal(av, (*[]gallery.Rendition)(r))
	}
	all := make(renditions, 0, strings.Count(text.Value, "\n")+1)
	for line := range strings.SplitSeq(text.Value, "\n") {
		x, err := readRendition(line)
		if err != nil {
			return err
		}
		all = append(all, x)
	}
	*r = all
	return nil
}

func readRendition(line string) (gallery.Rendition, error) {
	words := strings.Split(line, " ")
	if len(words) != 6 {
		return gallery.Rendition{}, fmt.Errorf("%.100q is not a rendition", line)
	}
	var numbers [3]int64
	for n := range numbers {
		var err error
		if numbers[n], err = strconv.ParseInt(words[n+1], 10, 64); err != nil {
			return gallery.Rendition{}, fmt.Errorf("%.100q is not a rendition: %w", line, err)
		}
	}
	return gallery.Rendition{
		Name: words[0], Width: int(numbers[0]), Height: int(numbers[1]), Bytes: numbers[2], ContentType: words[4], Digest: words[5],
	}, nil
}
