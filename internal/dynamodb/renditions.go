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

// renditions are one string in an item, with a comma between: of each its name, width, height, bytes, content type and
// digest, with a space between. As a list of maps they were two thirds of all that a page of images reads, in bytes that are
// paid for as in time to decode; as lines, JSON had to escape where each ends.
type renditions []gallery.Rendition

// IsZero tells that there is nothing to store.
func (r renditions) IsZero() bool { return len(r) == 0 }

// MarshalText writes them one after another.
func (r renditions) MarshalText() ([]byte, error) {
	var all bytes.Buffer
	for n, x := range r {
		if n > 0 {
			all.WriteByte(',')
		}
		fmt.Fprintf(&all, "%s %d %d %d %s %s", x.Name, x.Width, x.Height, x.Bytes, x.ContentType, x.Digest)
	}
	return all.Bytes(), nil
}

// UnmarshalDynamo reads them; the error tells which one is none. Lines are from before there were commas, and lists of maps
// from before that.
func (r *renditions) UnmarshalDynamo(av types.AttributeValue) error {
	text, ok := av.(*types.AttributeValueMemberS)
	if !ok {
		return attributevalue.Unmarshal(av, (*[]gallery.Rendition)(r))
	}
	stored := strings.ReplaceAll(text.Value, "\n", ",")
	all := make(renditions, 0, strings.Count(stored, ",")+1)
	for one := range strings.SplitSeq(stored, ",") {
		x, err := readRendition(one)
		if err != nil {
			return err
		}
		all = append(all, x)
	}
	*r = all
	return nil
}

func readRendition(stored string) (gallery.Rendition, error) {
	words, ok := sixWords(stored)
	if !ok {
		return gallery.Rendition{}, fmt.Errorf("%.100q is not a rendition", stored)
	}
	var numbers [3]int64
	for n := range numbers {
		var err error
		if numbers[n], err = strconv.ParseInt(words[n+1], 10, 64); err != nil {
			return gallery.Rendition{}, fmt.Errorf("%.100q is not a rendition: %w", stored, err)
		}
	}
	return gallery.Rendition{
		Name: words[0], Width: int(numbers[0]), Height: int(numbers[1]), Bytes: numbers[2], ContentType: words[4], Digest: words[5],
	}, nil
}

// sixWords are those of a text, with a space between, if it has so many.
func sixWords(text string) (words [6]string, ok bool) {
	more := true
	for n := range words {
		if !more {
			return words, false
		}
		words[n], text, more = strings.Cut(text, " ")
	}
	return words, !more
}
